package io.tidegate.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rollout specs: from YAML files and from the JSON of DEFINED events, checked as a whole, and back
 * to one canonical text. Every way in throws a {@link UserError} that holds every problem.
 */
public final class RolloutSpecs {

  static final Duration RESPOND_WITHIN = Duration.ofMinutes(30);
  static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  static final Duration EVIDENCE_EVERY = Duration.ofHours(1);
  static final Duration MIN_DURATION = Duration.ofHours(24);
  static final Duration SHOCK_PATIENCE = Duration.ofHours(6);
  static final long MIN_UNITS = 100;
  static final long MIN_SEGMENT_UNITS = 50;
  static final double ALPHA_ROLLBACK = 0.01;
  static final double ALPHA = 0.05;
  static final double POWER = 0.8;
  static final String SALT = "v1";

  /** The bound by which events may arrive disordered where none is configured. */
  public static final Duration OUT_OF_ORDER = Duration.ofSeconds(10);

  /** What differs between two specs without bearing on a decision. */
  private static final List<String> UNFROZEN =
      List.of("owner", "contact", "respond_within", "cost");

  private RolloutSpecs() {}

  /** Reads a YAML file. */
  public static RolloutSpec read(Path file) {
    return read(file, OUT_OF_ORDER);
  }

  /** Reads a YAML file; {@code outOfOrder} bounds the settle time of {@code ramped} stages. */
  public static RolloutSpec read(Path file, Duration outOfOrder) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file.toString(), "", "", "a rollout spec, but there is no such file");
    }
    try {
      if (Files.size(file) > SpecTree.MAX_BYTES) {
        String expected = "at most " + SpecTree.MAX_BYTES + " bytes";
        throw new UserError(file.toString(), "", Files.size(file) + " bytes", expected);
      }
      return parse(file.toString(), Files.readAllBytes(file), outOfOrder);
    } catch (IOException e) {
      throw new UserError(file.toString(), "", e.toString(), "a readable file");
    }
  }

  /** Reads YAML that was read from {@code file}. */
  public static RolloutSpec parse(String file, byte[] yaml, Duration outOfOrder) {
    Findings findings = new Findings(file);
    return checked(SpecTree.yaml(yaml, findings), outOfOrder, findings);
  }

  /** Reads the JSON of a DEFINED event; {@code source} names it in problems. */
  public static RolloutSpec fromJson(String source, String json) {
    Findings findings = new Findings(source);
    return checked(SpecTree.json(json, findings), OUT_OF_ORDER, findings);
  }

  /** The canonical JSON of a spec: defaults written out, keys sorted; equal specs, equal text. */
  public static String toJson(RolloutSpec spec) {
    return CanonicalJson.write(SpecWriter.tree(spec));
  }

  /** SHA-256 of the canonical JSON, in hexadecimal: the {@code spec_hash}. */
  public static String hash(RolloutSpec spec) {
    return CanonicalJson.hash(toJson(spec));
  }

  /**
   * SHA-256 of what bears on a decision: all but owner, contact, response time, cost and the
   * wording of the hypothesis. A rollout whose first stage was entered keeps this hash.
   */
  public static String frozenHash(RolloutSpec spec) {
    ObjectNode tree = SpecWriter.tree(spec);
    tree.remove(UNFROZEN);
    tree.withObject("/hypothesis").remove("statement");
    return CanonicalJson.hash(CanonicalJson.write(tree));
  }

  /** SHA-256 of how a metric kind turns outcomes into a number. */
  public static String definitionHash(MetricKind kind) {
    return CanonicalJson.hash(CanonicalJson.write(MetricWriter.definition(kind)));
  }

  /** The same of a metric in a rollout, whose trigger decides which units it is about. */
  public static String definitionHash(RolloutSpec spec, Metric metric) {
    OutcomeFilter trigger = spec.trigger();
    if (trigger == null) {
      return definitionHash(metric.kind());
    }
    ObjectNode node = MetricWriter.definition(metric.kind());
    MetricWriter.filter(node.putObject("trigger"), trigger);
    return CanonicalJson.hash(CanonicalJson.write(node));
  }

  /**
   * The key of a metric's baseline: the same hash, which holds the flag too where units enter at
   * its exposures.
   *
   * @param byExposure whether units enter at an exposure where the spec has no trigger
   */
  public static String baselineKey(RolloutSpec spec, Metric metric, boolean byExposure) {
    if (spec.trigger() != null || !byExposure) {
      return definitionHash(spec, metric);
    }
    ObjectNode node = MetricWriter.definition(metric.kind());
    node.put("exposure", spec.flag().key());
    return CanonicalJson.hash(CanonicalJson.write(node));
  }

  private static RolloutSpec checked(
      @Nullable ObjectNode tree, Duration outOfOrder, Findings findings) {
    if (tree != null) {
      SchemaCheck.check(tree, findings);
      CrossChecks.check(tree, outOfOrder, findings);
    }
    findings.throwIfAny();
    if (tree == null) {
      throw new IllegalStateException("a tree is missing only with a problem found");
    }
    return SpecReader.spec(tree);
  }
}
