package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.MetricKind;
import java.math.BigDecimal;
import java.util.Map;

/** What each metric's role and kind need. */
final class MetricChecks {

  private final JsonNode root;
  private final Findings findings;

  private MetricChecks(JsonNode root, Findings findings) {
    this.root = root;
    this.findings = findings;
  }

  static void check(JsonNode root, Findings findings) {
    MetricChecks checks = new MetricChecks(root, findings);
    JsonNode metrics = root.path("metrics");
    for (int i = 0; i < metrics.size(); i++) {
      String path = Findings.child("metrics", i);
      checks.role(path, metrics.get(i));
      checks.segmentMargins(path, metrics.get(i));
      checks.kind(path, metrics.get(i));
    }
  }

  private void role(String path, JsonNode metric) {
    String role = metric.path("role").asText();
    if (role.equals("guardrail") && !metric.has("margin")) {
      findings.add(path + ".margin", "", "the loss tolerated at full exposure, for a guardrail");
    }
    if (role.equals("long_term")) {
      for (String field : new String[] {"rollback", "segment_margins"}) {
        if (metric.has(field)) {
          String expected = "no " + field + ": a long_term metric is reported, never gated";
          findings.add(Findings.child(path, field), metric.path(field), expected);
        }
      }
    }
  }

  private void segmentMargins(String path, JsonNode metric) {
    JsonNode margins = metric.path("segment_margins");
    if (margins.isObject() && metric.path("role").asText().equals("success")) {
      findings.add(path + ".segment_margins", margins, "segment margins on guardrails only");
    }
    margins
        .fieldNames()
        .forEachRemaining(
            segment -> {
              String at = Findings.child(path + ".segment_margins", segment);
              CrossChecks.segmentExists(at, segment, root, findings);
            });
  }

  private void kind(String path, JsonNode metric) {
    switch (metric.path("kind").asText()) {
      case "retention" -> retention(path, metric);
      case "depth" -> {
        if (metric.path("days").isObject()) {
          findings.add(path + ".days", metric.path("days"), "a whole number of days, 1 or more");
        }
      }
      case "count" -> {
        JsonNode cap = metric.path("cap");
        if (cap.isNumber() && !cap.isIntegralNumber()) {
          findings.add(path + ".cap", cap, "a whole number, 1 or more");
        }
      }
      case "sum" -> {
        JsonNode cap = metric.path("cap");
        if (cap.isNumber() && BigDecimal.valueOf(cap.asDouble()).stripTrailingZeros().scale() > 6) {
          findings.add(path + ".cap", cap, "at most six decimal places");
        }
        rates(path, metric);
      }
      default -> {}
    }
  }

  private void rates(String path, JsonNode metric) {
    String currency = metric.path("currency").asText();
    if (metric.has("rates") && currency.isEmpty()) {
      findings.add(path + ".currency", "", "the currency that rates convert to");
    }
    for (Map.Entry<String, JsonNode> rate : metric.path("rates").properties()) {
      String at = Findings.child(path + ".rates", rate.getKey());
      BigDecimal value =
          rate.getValue().isNumber() ? BigDecimal.valueOf(rate.getValue().asDouble()) : null;
      if (rate.getKey().equals(currency)) {
        findings.add(at, rate.getValue(), "a currency other than the metric's own");
      } else if (value != null && value.stripTrailingZeros().scale() > MetricKind.Sum.RATE_DIGITS) {
        findings.add(at, rate.getValue(), "at most nine decimal places");
      }
    }
  }

  private void retention(String path, JsonNode metric) {
    JsonNode days = metric.path("days");
    if (metric.has("day") == metric.has("days")) {
      findings.add(path, metric.has("day") ? "day and days" : "", "either day or days");
    } else if (days.isNumber()) {
      findings.add(path + ".days", days, "a mapping with from and to");
    } else if (days.path("from").isIntegralNumber()
        && days.path("to").isIntegralNumber()
        && days.path("to").asInt() <= days.path("from").asInt()) {
      findings.add(path + ".days.to", days.path("to"), "more than from, " + days.path("from"));
    }
  }
}
