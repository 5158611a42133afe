package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Margin;
import io.tidegate.model.Problem;
import io.tidegate.model.Resolved;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.Resolved.StagePlan;
import io.tidegate.model.Seasonal;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The frozen quantities of a DEFINED event as canonical JSON, and back. */
public final class ResolvedJson {

  private ResolvedJson() {}

  /** Canonical JSON; equal quantities, equal text. */
  public static String write(Resolved resolved) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("baselines_snapshot_id", Long.toString(resolved.baselinesSnapshotId()));
    ObjectNode segments = root.putObject("segment_values");
    resolved.segmentValues().forEach((name, values) -> SpecWriter.texts(segments, name, values));
    ObjectNode metrics = root.putObject("metrics");
    resolved.metrics().forEach((name, base) -> write(metrics.putObject(name), base));
    for (StagePlan plan : resolved.stages()) {
      ObjectNode stage = root.withArray("/stages").addObject();
      stage.put("stage", plan.stage()).put("units_per_variant", plan.unitsPerVariant());
      stage.put("control_units", plan.controlUnits());
      ObjectNode margins = stage.putObject("margins");
      plan.margins().forEach((name, margin) -> SpecWriter.margin(margins, name, margin));
    }
    if (!resolved.seasonal().equals(Seasonal.NONE)) {
      write(root.putObject("seasonal"), resolved.seasonal());
    }
    return CanonicalJson.write(root);
  }

  private static void write(ObjectNode node, Seasonal seasonal) {
    node.put("zone", seasonal.zone()).put("weeks", seasonal.weeks());
    numbers(node.putArray("units_per_hour"), seasonal.unitsPerHour());
    ObjectNode mix = node.putObject("mix");
    seasonal.mix().forEach((dimension, shares) -> shares.forEach(mix.putObject(dimension)::put));
    ObjectNode metrics = node.putObject("metrics");
    seasonal
        .metrics()
        .forEach(
            (name, profile) -> {
              ObjectNode metric = metrics.putObject(name);
              metric.put("level", profile.level()).put("dispersion", profile.dispersion());
              numbers(metric.putArray("expected"), profile.expected());
              profile.segments().forEach(metric.putObject("segments")::put);
              if (!profile.entry().isEmpty()) {
                metric.put("entry", profile.entry());
              }
            });
    if (!seasonal.holidays().isEmpty()) {
      seasonal.holidays().forEach(node.putArray("holidays")::add);
    }
    ObjectNode volumes = node.putObject("volumes");
    seasonal
        .volumes()
        .forEach(
            (name, volume) -> {
              ObjectNode outcome = volumes.putObject(name).put("dispersion", volume.dispersion());
              numbers(outcome.putArray("per_hour"), volume.perHour());
            });
  }

  private static void numbers(ArrayNode node, List<Double> numbers) {
    numbers.forEach(node::add);
  }

  private static Seasonal seasonal(JsonNode node) {
    if (node.isMissingNode()) {
      return Seasonal.NONE;
    }
    return new Seasonal(
        node.path("zone").asText(),
        required(node, "weeks"),
        SpecReader.list(node.path("units_per_hour"), JsonNode::asDouble),
        map(node.path("mix"), shares -> map(shares, JsonNode::asDouble)),
        map(node.path("metrics"), ResolvedJson::profile),
        map(
            node.path("volumes"),
            volume ->
                new Seasonal.Volume(
                    SpecReader.list(volume.path("per_hour"), JsonNode::asDouble),
                    required(volume, "dispersion"))),
        SpecReader.list(node.path("holidays"), JsonNode::asLong));
  }

  private static Seasonal.Profile profile(JsonNode node) {
    return new Seasonal.Profile(
        SpecReader.list(node.path("expected"), JsonNode::asDouble),
        required(node, "level"),
        required(node, "dispersion"),
        map(node.path("segments"), JsonNode::asDouble),
        node.path("entry").asText(""));
  }

  /** Reads what {@link #write} wrote. Throws a UserError where the JSON is something else. */
  public static Resolved read(String source, String json) {
    Findings findings = new Findings(source);
    ObjectNode root = SpecTree.json(json, findings);
    findings.throwIfAny();
    try {
      if (root == null) {
        throw new IllegalArgumentException("an object");
      }
      return new Resolved(
          Long.parseLong(root.path("baselines_snapshot_id").asText("0")),
          map(root.path("segment_values"), SpecReader::texts),
          map(root.path("metrics"), ResolvedJson::base),
          SpecReader.list(root.path("stages"), ResolvedJson::plan),
          seasonal(root.path("seasonal")));
    } catch (IllegalArgumentException e) {
      String expected = "the frozen quantities that tidegate rollout define writes";
      throw new UserError(List.of(new Problem(source, "resolved", e.getMessage() + "", expected)));
    }
  }

  private static void write(ObjectNode node, MetricBase base) {
    node.put("mean", base.mean()).put("variance", base.variance());
    node.put("binary_rate", base.binaryRate());
    ObjectNode thresholds = node.putObject("thresholds");
    base.thresholds().forEach(thresholds::put);
  }

  private static MetricBase base(JsonNode node) {
    return new MetricBase(
        required(node, "mean"),
        required(node, "variance"),
        required(node, "binary_rate"),
        map(node.path("thresholds"), JsonNode::asDouble));
  }

  private static StagePlan plan(JsonNode node) {
    Map<String, Margin> margins = map(node.path("margins"), SpecReader::margin);
    return new StagePlan(
        node.path("stage").asText(),
        required(node, "units_per_variant"),
        required(node, "control_units"),
        margins);
  }

  private static double required(JsonNode node, String field) {
    if (!node.path(field).isNumber()) {
      throw new IllegalArgumentException("no number " + field);
    }
    return node.path(field).asDouble();
  }

  private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> each) {
    Map<String, T> map = new TreeMap<>();
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    names.forEach(name -> map.put(name, each.apply(node.path(name))));
    return map;
  }
}
