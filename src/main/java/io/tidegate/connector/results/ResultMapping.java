package io.tidegate.connector.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.Censoring;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Maturity;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RunStamp;
import io.tidegate.model.StageComparison;
import io.tidegate.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the result tables as records of the model. */
final class ResultMapping {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> JSON_COLUMNS =
      List.of("action_items", "spec", "resolved", "decision", "environment");

  private ResultMapping() {}

  /** An event, through the codec of its topic; empty where a column holds no sound JSON. */
  static Optional<RolloutEvent> event(ResultRow row) {
    ObjectNode json = JSON.createObjectNode();
    json.put("event_id", row.text("event_id"));
    json.put("event_time", row.timeMs("event_time"));
    json.put("kind", row.text("kind"));
    for (String column : List.of("rollout_id", "stage", "actor", "note")) {
      if (!row.text(column).isEmpty()) {
        json.put(column, row.text(column));
      }
    }
    if (row.integer("attempt") > 0) {
      json.put("attempt", row.integer("attempt"));
    }
    row.texts("links").forEach(link -> json.withArray("/links").add(link));
    try {
      for (String column : JSON_COLUMNS) {
        if (!row.text(column).isEmpty()) {
          json.set(column, JSON.readTree(row.text(column)));
        }
      }
      byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
      return RolloutEventCodec.decode(bytes) instanceof Decoded.Event<RolloutEvent> decoded
          ? Optional.of(decoded.event())
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** A signal without its evidence, which {@code stage_estimates} holds. */
  static GateSignal signal(ResultRow row) {
    return new GateSignal(
        row.text("signal_id"),
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.real("stage_percent"),
        row.timeMs("boundary"),
        row.integer("revision"),
        row.text("supersedes"),
        row.text("data_hash"),
        Verdict.valueOf(row.text("verdict")),
        row.flag("overridden"),
        row.rows("reasons").stream().map(ResultMapping::reason).toList(),
        List.of(),
        row.maybeReal("next_percent"),
        row.timeMs("next_look"),
        environment(row.text("restore")),
        row.text("restore_stage"),
        row.text("owner"),
        row.text("contact"),
        row.maybeTimeMs("respond_by"),
        row.texts("missing"),
        row.text("spec_hash"),
        row.timeMs("watermark"),
        row.number("baselines_snapshot_id"),
        new GateSignal.Arrivals(
            row.number("used_events"),
            row.number("duplicate_events"),
            row.number("late_events"),
            row.number("mixed_units")),
        false,
        false);
  }

  private static Reason reason(ResultRow row) {
    return new Reason(
        row.text("code"), row.text("sentence"), row.text("observed"), row.text("threshold"));
  }

  private static RolloutEvent.@Nullable Environment environment(String json) {
    if (json.isEmpty()) {
      return null;
    }
    ObjectNode tick = JSON.createObjectNode();
    tick.put("event_id", "restore").put("event_time", 0).put("kind", "TICK");
    try {
      tick.set("environment", JSON.readTree(json));
    } catch (JsonProcessingException e) {
      return null;
    }
    byte[] bytes = tick.toString().getBytes(StandardCharsets.UTF_8);
    return RolloutEventCodec.decode(bytes) instanceof Decoded.Event<RolloutEvent> decoded
        ? decoded.event().environment()
        : null;
  }

  static Estimate estimate(ResultRow row) {
    return new Estimate(
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.timeMs("boundary"),
        row.integer("revision"),
        row.text("control_variant_id"),
        row.text("treatment_variant_id"),
        row.text("metric"),
        row.text("dimension"),
        row.text("segment"),
        Purpose.valueOf(row.text("purpose").toUpperCase(Locale.ROOT)),
        row.text("basis"),
        row.text("normalisation"),
        row.text("estimator"),
        row.real("alpha"),
        row.maybeReal("bound"),
        row.maybeReal("control"),
        row.maybeReal("treatment"),
        row.maybeReal("effect_size"),
        row.maybeReal("effect_size_lower"),
        row.maybeReal("effect_size_upper"),
        row.maybeReal("rel_effect_size"),
        row.maybeReal("rel_effect_size_lower"),
        row.maybeReal("rel_effect_size_upper"),
        row.maybeReal("e_value_log"),
        row.maybeReal("p_value"),
        row.number("units_control"),
        row.number("units_treatment"),
        row.text("cannot_say"));
  }

  static RetentionPoint retention(ResultRow row) {
    return new RetentionPoint(
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.text("variant_id"),
        row.text("dimension"),
        row.text("segment"),
        row.text("metric"),
        row.text("cohort").isEmpty() ? RetentionPoint.EVERYONE : row.text("cohort"),
        row.text("definition"),
        row.text("period_unit"),
        row.integer("age"),
        maturity(row),
        censoring(row),
        row.timeMs("censored_at"),
        row.number("units"),
        row.number("eligible"),
        row.number("retained"),
        row.maybeReal("rate"),
        row.maybeReal("rate_lower"),
        row.maybeReal("rate_upper"),
        row.maybeReal("effect_size"),
        row.maybeReal("effect_size_lower"),
        row.maybeReal("effect_size_upper"),
        row.maybeReal("effect_size_lower_together"),
        row.maybeReal("effect_size_upper_together"),
        row.text("cannot_say"));
  }

  static RevenuePoint revenue(ResultRow row) {
    return new RevenuePoint(
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.text("variant_id"),
        row.text("dimension"),
        row.text("segment"),
        row.text("metric"),
        row.text("currency"),
        row.integer("age_days"),
        maturity(row),
        censoring(row),
        row.timeMs("censored_at"),
        row.number("units"),
        row.number("units_mature"),
        row.maybeReal("total_value"),
        row.maybeReal("mean_value"),
        row.maybeReal("mean_value_lower"),
        row.maybeReal("mean_value_upper"),
        row.maybeReal("uncapped_total_value"),
        row.maybeReal("uncapped_mean_value"),
        row.maybeReal("refund_total"),
        row.maybeReal("effect_size"),
        row.maybeReal("effect_size_lower"),
        row.maybeReal("effect_size_upper"),
        row.maybeReal("effect_size_lower_together"),
        row.maybeReal("effect_size_upper_together"),
        row.maybeReal("uncapped_effect_size"),
        row.maybeReal("uncapped_effect_size_lower"),
        row.maybeReal("uncapped_effect_size_upper"),
        row.text("cannot_say"));
  }

  static ImpactEstimate impact(ResultRow row) {
    return new ImpactEstimate(
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.text("control_variant_id"),
        row.text("treatment_variant_id"),
        row.text("metric"),
        row.text("metric_role"),
        row.text("metric_kind"),
        row.text("dimension"),
        row.text("segment"),
        aspect(row),
        row.integer("age_days"),
        maturity(row),
        censoring(row),
        row.timeMs("censored_at"),
        row.text("estimator"),
        row.real("alpha"),
        row.maybeReal("control"),
        row.maybeReal("treatment"),
        row.maybeReal("effect_size"),
        row.maybeReal("effect_size_lower"),
        row.maybeReal("effect_size_upper"),
        row.maybeReal("effect_size_lower_together"),
        row.maybeReal("effect_size_upper_together"),
        row.maybeReal("rel_effect_size"),
        row.maybeReal("rel_effect_size_lower"),
        row.maybeReal("rel_effect_size_upper"),
        row.maybeReal("p_value"),
        row.number("units_control"),
        row.number("units_treatment"),
        row.text("cannot_say"));
  }

  private static ImpactEstimate.Aspect aspect(ResultRow row) {
    String label = row.text("aspect");
    return label.isEmpty()
        ? ImpactEstimate.Aspect.OBSERVED
        : ImpactEstimate.Aspect.valueOf(label.toUpperCase(Locale.ROOT));
  }

  static StageComparison comparison(ResultRow row) {
    return new StageComparison(
        row.text("rollout_id"),
        row.integer("attempt"),
        row.integer("epoch"),
        row.text("stage"),
        row.text("variant_id"),
        row.text("basis"),
        row.text("basis_stage"),
        row.text("basis_variant_id"),
        row.text("metric"),
        row.text("dimension"),
        row.text("segment"),
        row.text("normalisation"),
        row.real("follow_hours"),
        row.real("alpha"),
        row.maybeReal("control"),
        row.maybeReal("treatment"),
        row.maybeReal("rel_effect_size"),
        row.maybeReal("rel_effect_size_lower"),
        row.maybeReal("rel_effect_size_upper"),
        row.maybeReal("mix_part"),
        row.maybeReal("mix_part_lower"),
        row.maybeReal("mix_part_upper"),
        row.flag("reversal"),
        row.text("reference_mix"),
        row.number("baselines_snapshot_id"),
        row.number("units_control"),
        row.number("units_treatment"),
        row.text("cannot_say"));
  }

  static RunStamp stamp(ResultRow row) {
    return new RunStamp(
        row.text("run_id"),
        row.integer("revision"),
        row.timeMs("data_end"),
        row.number("exposures_snapshot_id"),
        row.number("outcomes_snapshot_id"),
        row.number("rollout_events_snapshot_id"));
  }

  private static Maturity maturity(ResultRow row) {
    return Maturity.valueOf(row.text("maturity").toUpperCase(Locale.ROOT));
  }

  private static Censoring censoring(ResultRow row) {
    return Censoring.valueOf(row.text("censoring").toUpperCase(Locale.ROOT));
  }
}
