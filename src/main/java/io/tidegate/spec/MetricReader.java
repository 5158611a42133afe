package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a metric's tree that passed all checks into records. */
final class MetricReader {

  private MetricReader() {}

  /** {@code source} is the rollout's, for a metric that names none. */
  static Metric metric(JsonNode node, String source) {
    Map<String, Margin> segmentMargins = new TreeMap<>();
    JsonNode margins = node.path("segment_margins");
    margins
        .fieldNames()
        .forEachRemaining(name -> segmentMargins.put(name, SpecReader.margin(margins.path(name))));
    return new Metric(
        SpecReader.text(node, "name", ""),
        SpecReader.choice(node, "role", Role.class),
        kind(node),
        SpecReader.choice(node, "better", Better.class),
        SpecReader.margin(node, "margin"),
        SpecReader.margin(node, "rollback"),
        SpecReader.margin(node, "minimum_effect"),
        segmentMargins,
        SpecReader.text(node, "owner", ""),
        SpecReader.text(node, "source", source));
  }

  private static MetricKind kind(JsonNode node) {
    Duration window = SpecReader.duration(node, "window");
    String kind = node.path("kind").asText();
    return switch (kind) {
      case "proportion" -> new MetricKind.Proportion(outcome(node), window);
      case "count" -> new MetricKind.Count(outcome(node), window, cap(node));
      case "sum" ->
          new MetricKind.Sum(
              outcome(node),
              window,
              capMicros(node),
              optional(node, "currency"),
              rateNanos(node.path("rates")));
      case "mean" -> new MetricKind.Mean(outcome(node), window);
      case "ratio" ->
          new MetricKind.Ratio(
              term(node.path("numerator")), term(node.path("denominator")), window);
      case "quantile" ->
          new MetricKind.Quantile(
              outcome(node), optional(node, "measure"), node.path("quantile").asDouble(), window);
      case "funnel" ->
          new MetricKind.Funnel(
              SpecReader.list(node.path("steps"), MetricReader::filter), within(node));
      case "duration" ->
          new MetricKind.Elapsed(filter(node.path("from")), filter(node.path("to")), within(node));
      case "retention" -> retention(node);
      case "depth" -> new MetricKind.Depth(outcome(node), node.path("days").asInt());
      default -> throw new IllegalStateException("the schema admits no kind " + kind);
    };
  }

  private static MetricKind retention(JsonNode node) {
    int day = node.path("day").asInt();
    return node.has("day")
        ? new MetricKind.Retention(outcome(node), day, day + 1)
        : new MetricKind.Retention(
            outcome(node), node.at("/days/from").asInt(), node.at("/days/to").asInt());
  }

  private static OutcomeFilter outcome(JsonNode metric) {
    return filter(metric.path("outcome"));
  }

  private static MetricKind.Term term(JsonNode node) {
    return new MetricKind.Term(filter(node), node.path("sum").asBoolean());
  }

  static OutcomeFilter filter(JsonNode node) {
    if (node.isTextual()) {
      return OutcomeFilter.of(node.textValue());
    }
    Map<String, Set<String>> where = new TreeMap<>();
    JsonNode conditions = node.path("where");
    conditions
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode values = conditions.path(name);
              where.put(
                  name,
                  values.isTextual()
                      ? Set.of(values.textValue())
                      : new TreeSet<>(SpecReader.texts(values)));
            });
    return new OutcomeFilter(node.path("outcome").asText(), where);
  }

  private static Duration within(JsonNode node) {
    return Duration.parse(node.path("within").asText());
  }

  private static @Nullable String optional(JsonNode node, String field) {
    return node.has(field) ? node.path(field).asText() : null;
  }

  private static @Nullable Long cap(JsonNode node) {
    return node.has("cap") ? Long.valueOf(node.path("cap").asLong()) : null;
  }

  private static Map<String, Long> rateNanos(JsonNode rates) {
    Map<String, Long> nanos = new TreeMap<>();
    for (Map.Entry<String, JsonNode> rate : rates.properties()) {
      nanos.put(
          rate.getKey(),
          new BigDecimal(CanonicalJson.shortest(rate.getValue().asDouble()))
              .movePointRight(MetricKind.Sum.RATE_DIGITS)
              .longValueExact());
    }
    return nanos;
  }

  private static @Nullable Long capMicros(JsonNode node) {
    return node.has("cap")
        ? Long.valueOf(
            new BigDecimal(CanonicalJson.shortest(node.path("cap").asDouble()))
                .movePointRight(6)
                .longValueExact())
        : null;
  }
}
