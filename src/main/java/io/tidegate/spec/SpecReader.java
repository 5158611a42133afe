package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Assignment;
import io.tidegate.model.Margin;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RolloutSpec.Cost;
import io.tidegate.model.RolloutSpec.Decision;
import io.tidegate.model.RolloutSpec.Flag;
import io.tidegate.model.RolloutSpec.Holdout;
import io.tidegate.model.RolloutSpec.Hypothesis;
import io.tidegate.model.RolloutSpec.Quality;
import io.tidegate.model.RolloutSpec.SignOff;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns a tree that passed all checks into records, with the defaults filled in. */
final class SpecReader {

  private SpecReader() {}

  static RolloutSpec spec(JsonNode root) {
    String owner = text(root, "owner", "");
    Assignment assignment = choice(root, "assignment", Assignment.class);
    String source = text(root, "source", "");
    return new RolloutSpec(
        text(root, "id", ""),
        owner,
        text(root, "contact", owner),
        duration(root, "respond_within", RolloutSpecs.RESPOND_WITHIN),
        hypothesis(root.path("hypothesis")),
        flag(root.path("flag"), assignment),
        assignment,
        duration(root.path("looks"), "every", RolloutSpecs.LOOK_EVERY),
        duration(root.path("looks"), "evidence", RolloutSpecs.EVIDENCE_EVERY),
        list(root.path("stages"), SpecReader::stage),
        root.has("holdout") ? holdout(root.path("holdout")) : null,
        segments(root.path("segments")),
        list(root.path("metrics"), metric -> MetricReader.metric(metric, source)),
        decision(root.path("decision")),
        new Quality(texts(root.path("quality").path("invariants"))),
        list(
            root.path("governance").path("sign_offs"),
            s -> new SignOff(text(s, "name", ""), s.path("before_percent").asDouble())),
        root.has("cost") ? cost(root.path("cost")) : null,
        root.path("privacy").path("min_segment_units").asLong(RolloutSpecs.MIN_SEGMENT_UNITS),
        root.has("trigger") ? MetricReader.filter(root.path("trigger")) : null);
  }

  private static Hypothesis hypothesis(JsonNode node) {
    return new Hypothesis(
        text(node, "statement", ""),
        text(node, "metric", ""),
        text(node, "segment", ""),
        margin(node, "expect"),
        duration(node, "within"));
  }

  private static Flag flag(JsonNode node, Assignment assignment) {
    String control = text(node, "control", "");
    List<String> treatments = texts(node.path("treatments"));
    Map<String, Double> split = new LinkedHashMap<>();
    if (assignment == Assignment.MATCHED) {
      split.put(control, weight(node, control));
    }
    treatments.forEach(treatment -> split.put(treatment, weight(node, treatment)));
    String salt = text(node, "salt", RolloutSpecs.SALT);
    return new Flag(
        text(node, "key", ""), control, treatments, split, salt, text(node, "not_enrolled", ""));
  }

  private static double weight(JsonNode flag, String variant) {
    return flag.path("split").path(variant).asDouble(1);
  }

  private static Stage stage(JsonNode node) {
    return new Stage(
        text(node, "name", ""),
        node.path("percent").asDouble(),
        duration(node, "min_duration", RolloutSpecs.MIN_DURATION),
        duration(node, "max_duration"),
        node.path("min_units").asLong(RolloutSpecs.MIN_UNITS),
        node.has("require") ? texts(node.path("require")) : null,
        node.has("success"),
        node.has("review"),
        text(node, "flag_version", ""),
        duration(node, "settle", Stage.DEFAULT_SETTLE),
        duration(node, "prove_within"));
  }

  private static Holdout holdout(JsonNode node) {
    String until = text(node, "until", "");
    return new Holdout(node.path("percent").asDouble(), until.isEmpty() ? null : instant(until));
  }

  /** A date's first instant in UTC, or an instant with its zone. */
  static Instant instant(String text) {
    return text.contains("T")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static List<SegmentDimension> segments(JsonNode node) {
    List<SegmentDimension> dimensions = new ArrayList<>();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode values = node.path(name);
              List<String> listed = values.isArray() ? texts(values) : List.of();
              dimensions.add(new SegmentDimension(name, listed, values.path("top").asInt()));
            });
    dimensions.sort(Comparator.comparing(SegmentDimension::name));
    return dimensions;
  }

  private static Decision decision(JsonNode node) {
    return new Decision(
        node.path("alpha_rollback").asDouble(RolloutSpecs.ALPHA_ROLLBACK),
        node.path("alpha").asDouble(RolloutSpecs.ALPHA),
        node.path("power").asDouble(RolloutSpecs.POWER),
        duration(node, "shock_patience", RolloutSpecs.SHOCK_PATIENCE));
  }

  private static Cost cost(JsonNode node) {
    Map<String, Double> perDay = new LinkedHashMap<>();
    JsonNode amounts = node.path("per_day");
    amounts.fieldNames().forEachRemaining(name -> perDay.put(name, amounts.path(name).asDouble()));
    return new Cost(text(node, "currency", ""), perDay);
  }

  static String text(JsonNode node, String field, String otherwise) {
    return node.path(field).asText(otherwise);
  }

  static List<String> texts(JsonNode list) {
    return list(list, JsonNode::asText);
  }

  static <T> List<T> list(JsonNode list, Function<JsonNode, T> each) {
    List<T> items = new ArrayList<>();
    list.forEach(item -> items.add(each.apply(item)));
    return items;
  }

  static @Nullable Duration duration(JsonNode node, String field) {
    return node.has(field) ? Duration.parse(node.path(field).asText()) : null;
  }

  static Duration duration(JsonNode node, String field, Duration otherwise) {
    Duration stated = duration(node, field);
    return stated == null ? otherwise : stated;
  }

  static @Nullable Margin margin(JsonNode node, String field) {
    return node.has(field) ? margin(node.path(field)) : null;
  }

  static Margin margin(JsonNode node) {
    return new Margin(number(node, "relative"), number(node, "absolute"));
  }

  static @Nullable Double number(JsonNode node, String field) {
    return node.has(field) ? Double.valueOf(node.path(field).asDouble()) : null;
  }

  static <E extends Enum<E>> E choice(JsonNode node, String field, Class<E> type) {
    return Enum.valueOf(type, node.path(field).asText().toUpperCase(Locale.ROOT));
  }
}
