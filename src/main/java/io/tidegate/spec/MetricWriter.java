package io.tidegate.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.TreeSet;

/** Turns a metric into a tree of the spec's own shape. */
final class MetricWriter {

  private MetricWriter() {}

  static void metric(ObjectNode node, Metric metric) {
    node.put("name", metric.name());
    node.put("role", metric.role().name().toLowerCase(Locale.ROOT));
    node.put("kind", metric.kind().kindName());
    node.put("better", metric.better().name().toLowerCase(Locale.ROOT));
    SpecWriter.margin(node, "margin", metric.margin());
    SpecWriter.margin(node, "rollback", metric.rollback());
    SpecWriter.margin(node, "minimum_effect", metric.minimumEffect());
    if (!metric.segmentMargins().isEmpty()) {
      ObjectNode margins = node.putObject("segment_margins");
      metric.segmentMargins().forEach((name, margin) -> SpecWriter.margin(margins, name, margin));
    }
    SpecWriter.text(node, "owner", metric.owner());
    SpecWriter.text(node, "source", metric.source());
    kind(node, metric.kind());
  }

  /** The fields of a kind alone: what {@code kind}'s hash is made of. */
  static void kind(ObjectNode node, MetricKind kind) {
    if (kind instanceof MetricKind.Proportion k) {
      outcome(node, k.outcome());
      SpecWriter.duration(node, "window", k.window());
    } else if (kind instanceof MetricKind.Count k) {
      outcome(node, k.outcome());
      SpecWriter.duration(node, "window", k.window());
      if (k.cap() != null) {
        node.put("cap", k.cap());
      }
    } else if (kind instanceof MetricKind.Sum k) {
      outcome(node, k.outcome());
      SpecWriter.duration(node, "window", k.window());
      if (k.capMicros() != null) {
        node.put("cap", BigDecimal.valueOf(k.capMicros(), 6).doubleValue());
      }
      SpecWriter.text(node, "currency", k.currency() == null ? "" : k.currency());
      if (!k.rateNanos().isEmpty()) {
        ObjectNode rates = node.putObject("rates");
        k.rateNanos()
            .forEach(
                (currency, nanos) ->
                    rates.put(
                        currency,
                        BigDecimal.valueOf(nanos, MetricKind.Sum.RATE_DIGITS).doubleValue()));
      }
    } else if (kind instanceof MetricKind.Mean k) {
      outcome(node, k.outcome());
      SpecWriter.duration(node, "window", k.window());
    } else if (kind instanceof MetricKind.Ratio k) {
      term(node.putObject("numerator"), k.numerator());
      term(node.putObject("denominator"), k.denominator());
      SpecWriter.duration(node, "window", k.window());
    } else if (kind instanceof MetricKind.Quantile k) {
      outcome(node, k.outcome());
      SpecWriter.text(node, "measure", k.measure() == null ? "" : k.measure());
      node.put("quantile", k.quantile());
      SpecWriter.duration(node, "window", k.window());
    } else {
      later(node, kind);
    }
  }

  /** Kinds that look at the order or the days of outcomes. */
  private static void later(ObjectNode node, MetricKind kind) {
    if (kind instanceof MetricKind.Funnel k) {
      ArrayNode steps = node.putArray("steps");
      k.steps().forEach(step -> filter(steps.addObject(), step));
      SpecWriter.duration(node, "within", k.within());
    } else if (kind instanceof MetricKind.Elapsed k) {
      filter(node.putObject("from"), k.from());
      filter(node.putObject("to"), k.to());
      SpecWriter.duration(node, "within", k.within());
    } else if (kind instanceof MetricKind.Retention k) {
      outcome(node, k.outcome());
      node.putObject("days").put("from", k.fromDay()).put("to", k.toDay());
    } else if (kind instanceof MetricKind.Depth k) {
      outcome(node, k.outcome());
      node.put("days", k.days());
    } else {
      throw new IllegalArgumentException("no fields are known for kind " + kind.kindName());
    }
  }

  private static void outcome(ObjectNode node, OutcomeFilter filter) {
    filter(node.putObject("outcome"), filter);
  }

  private static void term(ObjectNode node, MetricKind.Term term) {
    filter(node, term.outcome());
    node.put("sum", term.sumOfValues());
  }

  static ObjectNode filter(ObjectNode node, OutcomeFilter filter) {
    node.put("outcome", filter.outcome());
    if (!filter.where().isEmpty()) {
      ObjectNode where = node.putObject("where");
      filter
          .where()
          .forEach((name, values) -> SpecWriter.texts(where, name, new TreeSet<>(values)));
    }
    return node;
  }

  /** A kind by itself, for the key of its baseline. */
  static ObjectNode definition(MetricKind kind) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", kind.kindName());
    kind(node, kind);
    return node;
  }
}
