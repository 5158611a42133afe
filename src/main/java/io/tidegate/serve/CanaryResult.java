package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Purpose;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An answer as Kayenta reports an execution. */
final class CanaryResult {

  static final String JUDGE = "tidegate";

  private CanaryResult() {}

  static ObjectNode of(
      CanaryExecution execution, Answer answer, @Nullable RolloutState state, long nowMs) {
    Double score = score(answer, execution);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    String config =
        execution.stage().isEmpty()
            ? execution.rollout()
            : execution.rollout() + ":" + execution.stage();
    json.put("application", execution.rollout());
    json.put("pipelineId", execution.id());
    json.put("canaryExecutionId", execution.id());
    json.put("canaryConfigId", config);
    ObjectNode thresholds = json.putObject("canaryExecutionRequest").putObject("thresholds");
    thresholds.put("pass", execution.pass()).put("marginal", execution.marginal());
    String status = score == null ? "running" : "succeeded";
    json.putObject("stageStatus").put("judge", status);
    json.put("complete", score != null);
    json.put("status", status);
    time(json, "buildTime", execution.startMs());
    time(json, "startTime", execution.startMs());
    if (score == null) {
      // For a person who looks: what it is waiting for.
      json.put("message", answer.sentence());
      return json;
    }
    time(json, "endTime", nowMs);
    ObjectNode result = json.putObject("result");
    result.put("canaryDuration", Duration.ofMillis(nowMs - execution.startMs()).toString());
    judgement(result.putObject("judgeResult"), answer, score, state);
    return json;
  }

  /** 100 passes, 0 fails, the middle of the caller's own margin asks a person; null: not yet. */
  static @Nullable Double score(Answer answer, CanaryExecution execution) {
    return switch (answer.outcome()) {
      case PASS -> Double.valueOf(100);
      case FAIL -> Double.valueOf(0);
      case INCONCLUSIVE ->
          answer.code().equals("REVIEW")
              ? Double.valueOf((execution.marginal() + execution.pass()) / 2)
              : null;
    };
  }

  private static void judgement(
      ObjectNode json, Answer answer, double score, @Nullable RolloutState state) {
    json.put("judgeName", JUDGE);
    ArrayNode results = json.putArray("results");
    GateSignal signal = state == null ? null : state.currentSignal();
    if (signal != null) {
      signal.evidence().forEach(estimate -> results.add(metric(estimate)));
    }
    json.putArray("groupScores");
    ObjectNode total = json.putObject("score");
    total.put("score", score);
    total.put(
        "classification",
        switch (answer.outcome()) {
          case PASS -> "Pass";
          case FAIL -> "Fail";
          case INCONCLUSIVE -> "Marginal";
        });
    total.put("classificationReason", answer.sentence());
  }

  /** One row of the evidence; what is not tested against control is no data, never a pass. */
  static ObjectNode metric(Estimate estimate) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    String segment = estimate.dimension() + "=" + estimate.segment();
    String purpose = estimate.purpose().name().toLowerCase(Locale.ROOT);
    json.put("name", estimate.metric());
    json.put("id", estimate.metric() + "/" + segment + "/" + purpose);
    ObjectNode tags = json.putObject("tags");
    tags.put("segment", segment).put("purpose", purpose);
    tags.put("treatment", estimate.treatmentVariant());
    Double evidence = estimate.eValueLog();
    boolean shown = evidence != null && evidence >= Math.log(1 / estimate.alpha());
    json.put("classification", classification(estimate, shown));
    json.put("classificationReason", reason(estimate, shown, purpose));
    json.putArray("groups");
    side(json.putObject("controlMetadata"), estimate.control(), estimate.unitsControl());
    side(json.putObject("experimentMetadata"), estimate.treatment(), estimate.unitsTreatment());
    ObjectNode result = json.putObject("resultMetadata");
    result.put("rel_effect_size", estimate.relEffectSize());
    result.put("rel_effect_size_lower", estimate.relEffectSizeLower());
    result.put("rel_effect_size_upper", estimate.relEffectSizeUpper());
    json.put("critical", true);
    json.put("muted", false);
    return json;
  }

  private static String classification(Estimate estimate, boolean shown) {
    if (estimate.eValueLog() == null) {
      return "Nodata";
    }
    boolean worse =
        estimate.purpose() == Purpose.HARM || estimate.purpose() == Purpose.DETERIORATION;
    if (worse && shown) {
      Double effect = estimate.effectSize();
      return effect != null && effect < 0 ? "Low" : "High";
    }
    return worse || shown ? "Pass" : "Nodata";
  }

  private static String reason(Estimate estimate, boolean shown, String purpose) {
    if (!estimate.reason().isEmpty()) {
      return estimate.reason();
    }
    if (estimate.eValueLog() == null) {
      return "no test against control: relative effect %s, from %s to %s, against %s"
          .formatted(
              estimate.relEffectSize(),
              estimate.relEffectSizeLower(),
              estimate.relEffectSizeUpper(),
              estimate.basis().equals(Estimate.BASELINE) ? "history" : "control");
    }
    return purpose + (shown ? " is shown" : " is not shown") + ", log e " + estimate.eValueLog();
  }

  private static void side(ObjectNode json, @Nullable Double value, long units) {
    json.putObject("stats").put("mean", value).put("count", units);
  }

  private static void time(ObjectNode json, String name, long ms) {
    json.put(name + "Millis", ms);
    json.put(name + "Iso", RolloutJson.time(ms));
  }
}
