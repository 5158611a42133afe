package io.tidegate.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Margin;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns records into a tree of the spec's own shape, with the defaults written out. */
final class SpecWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private SpecWriter() {}

  static ObjectNode tree(RolloutSpec spec) {
    ObjectNode root = NODES.objectNode();
    root.put("apiVersion", "tidegate.io/v1").put("kind", "Rollout").put("id", spec.id());
    root.put("owner", spec.owner()).put("contact", spec.contact());
    root.put("respond_within", spec.respondWithin().toString());
    root.put("assignment", spec.assignment().name().toLowerCase(Locale.ROOT));
    hypothesis(root.putObject("hypothesis"), spec.hypothesis());
    flag(root.putObject("flag"), spec.flag());
    if (spec.trigger() != null) {
      MetricWriter.filter(root.putObject("trigger"), spec.trigger());
    }
    ObjectNode looks = root.putObject("looks");
    looks.put("every", spec.lookEvery().toString());
    looks.put("evidence", spec.evidenceEvery().toString());
    ArrayNode stages = root.putArray("stages");
    spec.stages().forEach(stage -> stage(stages.addObject(), stage, spec));
    if (spec.holdout() != null) {
      ObjectNode holdout = root.putObject("holdout").put("percent", spec.holdout().percent());
      Instant until = spec.holdout().until();
      text(holdout, "until", until == null ? "" : until.toString());
    }
    segments(root, spec);
    ArrayNode metrics = root.putArray("metrics");
    spec.metrics().forEach(metric -> MetricWriter.metric(metrics.addObject(), metric));
    decision(root.putObject("decision"), spec.decision());
    texts(root.putObject("quality"), "invariants", spec.quality().invariants());
    ArrayNode signOffs = root.putObject("governance").putArray("sign_offs");
    spec.signOffs()
        .forEach(
            s ->
                signOffs
                    .addObject()
                    .put("name", s.name())
                    .put("before_percent", s.beforePercent()));
    if (spec.cost() != null) {
      ObjectNode cost = root.putObject("cost").put("currency", spec.cost().currency());
      numbers(cost.putObject("per_day"), spec.cost().perDay());
    }
    root.putObject("privacy").put("min_segment_units", spec.minSegmentUnits());
    return root;
  }

  private static void hypothesis(ObjectNode node, RolloutSpec.Hypothesis hypothesis) {
    node.put("statement", hypothesis.statement());
    text(node, "metric", hypothesis.metric());
    text(node, "segment", hypothesis.segment());
    margin(node, "expect", hypothesis.expect());
    duration(node, "within", hypothesis.within());
  }

  private static void flag(ObjectNode node, RolloutSpec.Flag flag) {
    node.put("key", flag.key()).put("control", flag.control()).put("salt", flag.salt());
    texts(node, "treatments", flag.treatments());
    numbers(node.putObject("split"), flag.split());
    text(node, "not_enrolled", flag.notEnrolled());
  }

  private static void stage(ObjectNode node, Stage stage, RolloutSpec spec) {
    node.put("name", stage.name()).put("percent", stage.percent());
    duration(node, "min_duration", stage.minDuration());
    duration(node, "max_duration", stage.maxDuration());
    node.put("min_units", stage.minUnits());
    if (stage.require() != null) {
      texts(node, "require", stage.require());
    }
    text(node, "success", stage.successRequired() ? "any" : "");
    text(node, "review", stage.manualReview() ? "manual" : "");
    text(node, "flag_version", stage.flagVersion());
    if (spec.assignment() == io.tidegate.model.Assignment.RAMPED) {
      duration(node, "settle", stage.settle());
    }
    duration(node, "prove_within", stage.proveWithin());
  }

  private static void segments(ObjectNode root, RolloutSpec spec) {
    ObjectNode segments = root.putObject("segments");
    for (SegmentDimension dimension : spec.segments()) {
      if (dimension.top() > 0) {
        segments.putObject(dimension.name()).put("top", dimension.top());
      } else {
        texts(segments, dimension.name(), dimension.values());
      }
    }
  }

  private static void decision(ObjectNode node, RolloutSpec.Decision decision) {
    node.put("alpha_rollback", decision.alphaRollback()).put("alpha", decision.alpha());
    node.put("power", decision.power());
    node.put("shock_patience", decision.shockPatience().toString());
  }

  static void text(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  static void texts(ObjectNode node, String field, Collection<String> values) {
    ArrayNode list = node.putArray(field);
    values.forEach(list::add);
  }

  static void duration(ObjectNode node, String field, @Nullable Duration value) {
    if (value != null) {
      node.put(field, value.toString());
    }
  }

  static void margin(ObjectNode node, String field, @Nullable Margin margin) {
    if (margin != null) {
      ObjectNode parts = node.putObject(field);
      if (margin.relative() != null) {
        parts.put("relative", margin.relative());
      }
      if (margin.absolute() != null) {
        parts.put("absolute", margin.absolute());
      }
    }
  }

  private static void numbers(ObjectNode node, Map<String, Double> values) {
    values.forEach(node::put);
  }
}
