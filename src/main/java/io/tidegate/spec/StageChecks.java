package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Nearest;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The order of the stages, their times and what they ask for. */
final class StageChecks {

  private final JsonNode root;
  private final Durations durations;
  private final Findings findings;

  private StageChecks(JsonNode root, Durations durations, Findings findings) {
    this.root = root;
    this.durations = durations;
    this.findings = findings;
  }

  static void check(JsonNode root, Durations durations, Duration outOfOrder, Findings findings) {
    StageChecks checks = new StageChecks(root, durations, findings);
    JsonNode stages = root.path("stages");
    checks.rising(stages);
    for (int i = 0; i < stages.size(); i++) {
      String path = Findings.child("stages", i);
      checks.times(path, stages.get(i), outOfOrder);
      checks.require(path, stages.get(i));
      checks.success(path, stages.get(i));
    }
  }

  private void rising(JsonNode stages) {
    double before = 0;
    for (int i = 0; i < stages.size(); i++) {
      JsonNode percent = stages.get(i).path("percent");
      if (percent.isNumber()) {
        if (percent.asDouble() <= before) {
          String expected = "more than the stage before, " + CanonicalJson.shortest(before);
          findings.add(Findings.child("stages", i) + ".percent", percent, expected);
        }
        before = Math.max(before, percent.asDouble());
      }
    }
  }

  private void times(String path, JsonNode stage, Duration outOfOrder) {
    Duration least = durations.at(path + ".min_duration", RolloutSpecs.MIN_DURATION);
    Duration most = durations.at(path + ".max_duration");
    if (most != null && most.compareTo(least) < 0) {
      String expected = "at least min_duration, " + least;
      findings.add(path + ".max_duration", stage.path("max_duration"), expected);
    }
    if (stage.has("settle") && root.path("assignment").asText().equals("matched")) {
      String expected = "no settle: in a matched ramp the shares never change";
      findings.add(path + ".settle", stage.path("settle"), expected);
    }
    Duration settle = durations.at(path + ".settle", Stage.DEFAULT_SETTLE);
    if (settle.compareTo(outOfOrder) < 0) {
      String expected = "at least the bound by which events arrive disordered, " + outOfOrder;
      findings.add(path + ".settle", settle.toString(), expected);
    }
  }

  private void require(String path, JsonNode stage) {
    JsonNode require = stage.path("require");
    Set<String> guardrails = CrossChecks.names(root, "metrics", "guardrail");
    Set<String> all = CrossChecks.names(root, "metrics", "");
    for (int i = 0; i < require.size(); i++) {
      String name = require.get(i).asText();
      String at = Findings.child(path + ".require", i);
      if (!guardrails.contains(name)) {
        String expected = "one of the guardrails " + String.join(", ", guardrails);
        findings.add(
            at,
            name,
            all.contains(name)
                ? expected + "; " + name + " is no guardrail"
                : Nearest.suggest(expected, name, guardrails));
      }
    }
    neverMeansAlone(path, require, guardrails);
  }

  /** A mean among respondents moves with who responds, so it proves nothing by itself. */
  private void neverMeansAlone(String path, JsonNode require, Set<String> guardrails) {
    List<String> required = new ArrayList<>();
    if (require.isArray()) {
      require.forEach(name -> required.add(name.asText()));
    } else {
      required.addAll(guardrails);
    }
    List<String> means = new ArrayList<>();
    for (JsonNode metric : root.path("metrics")) {
      if (metric.path("kind").asText().equals("mean")) {
        means.add(metric.path("name").asText());
      }
    }
    if (!required.isEmpty() && means.containsAll(required)) {
      findings.add(
          path + ".require",
          String.join(", ", required),
          "a guardrail of another kind too: a mean among respondents is never a gate alone");
    }
  }

  private void success(String path, JsonNode stage) {
    if (stage.path("success").asText().equals("any")
        && CrossChecks.names(root, "metrics", "success").isEmpty()) {
      findings.add(path + ".success", "any", "a metric with role success");
    }
  }
}
