package io.tidegate.connector.results;

import io.tidegate.codec.Tables;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RunStamp;
import io.tidegate.model.StageComparison;
import io.tidegate.report.SampleRollout;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@link SampleRollout} into the real tables. */
public final class SampleTables {

  static final long HISTORY_FROM = SampleRollout.START - 7 * 24 * SampleRollout.HOUR;

  private SampleTables() {}

  /** For trying the notebooks and SQL by hand: the folder to fill. */
  public static void main(String[] args) throws Exception {
    try (TableFixture tables = TableFixture.create(Path.of(args[0]).toAbsolutePath())) {
      write(tables, SampleRollout.rolledBack());
      tables.configFile();
    }
  }

  public static void write(TableFixture tables, ReportData data) {
    tables.append(Tables.ROLLOUT_EVENTS, data.events().stream().map(SampleTables::event).toList());
    tables.append(Tables.GATE_SIGNALS, data.signals().stream().map(SampleTables::signal).toList());
    tables.append(
        Tables.STAGE_ESTIMATES, data.estimates().stream().map(SampleTables::estimate).toList());
    tables.append(Tables.DECISION_LOG, decisions(data.signals()));
    RunStamp stamp = data.runStamp();
    tables.append(
        Tables.RETENTION_CURVES,
        data.retention().stream().map(p -> stamped(retention(p), stamp)).toList());
    tables.append(
        Tables.REVENUE_CURVES,
        data.revenue().stream().map(p -> stamped(revenue(p), stamp)).toList());
    tables.append(
        Tables.IMPACT_REPORTS,
        data.impacts().stream().map(p -> stamped(impact(p), stamp)).toList());
    tables.append(
        Tables.STAGE_COMPARISONS,
        data.comparisons().stream().map(c -> stamped(comparison(c), stamp)).toList());
    tables.append(Tables.EXPOSURES, exposures());
    tables.append(Tables.OUTCOMES, outcomes());
    tables.append(Tables.LATE_EVENTS, late());
    tables.append(Tables.INCIDENTS, incidents());
    writeHours(tables, data, "UTC", 0);
  }

  /** Hours as the baseline expects them, whose hours of the week are those of a zone. */
  public static void writeHours(TableFixture tables, ReportData data, String zone, int ahead) {
    tables.append(Tables.METRIC_HOURLY, hourly(data));
    tables.append(Tables.BASELINES, baselines(zone, ahead));
  }

  /** Names and values in turn; null values are left out. */
  static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        row.put((String) namesAndValues[i], namesAndValues[i + 1]);
      }
    }
    return row;
  }

  /** One that opened and is over. */
  private static List<Map<String, Object>> incidents() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long hours : new long[] {3, 9}) {
      rows.add(
          row(
              "incident_id",
              "dip",
              "event_time",
              SampleRollout.START + hours * SampleRollout.HOUR,
              "opened_at",
              SampleRollout.START + 2 * SampleRollout.HOUR,
              "closed_at",
              hours == 9 ? SampleRollout.START + 9 * SampleRollout.HOUR : null,
              "rollout_id",
              "",
              "kind",
              "DIP",
              "severity",
              "warning",
              "sentence",
              "purchase of device=mobile is -20.0 % off after " + hours + " h",
              "metrics",
              List.of("purchase", "session_start"),
              "common_cause",
              Map.of("device", "mobile"),
              "blames_rollout",
              false,
              "owner",
              "team-shop",
              "payload",
              "{}"));
    }
    return rows;
  }

  private static Map<String, Object> event(RolloutEvent e) {
    boolean defined = e.kind() == RolloutEvent.Kind.DEFINED;
    return row(
        "event_id", e.eventId(),
        "event_time", e.eventTimeMs(),
        "rollout_id", e.rolloutId(),
        "kind", e.kind().name(),
        "stage", e.stage(),
        "actor", "ci",
        "spec", defined ? RolloutSpecs.toJson(SampleRollout.spec()) : null,
        "record_time", e.eventTimeMs(),
        "_topic", "rollouts");
  }

  private static Map<String, Object> comparison(StageComparison c) {
    return row(
        "rollout_id", c.rolloutId(),
        "attempt", c.attempt(),
        "epoch", c.epoch(),
        "stage", c.stage(),
        "variant_id", c.variant(),
        "basis", c.basis(),
        "basis_stage", c.basisStage(),
        "basis_variant_id", c.basisVariant(),
        "metric", c.metric(),
        "dimension", c.dimension(),
        "segment", c.segment(),
        "normalisation", c.normalisation(),
        "follow_hours", c.followHours(),
        "alpha", c.alpha(),
        "control", c.control(),
        "treatment", c.treatment(),
        "rel_effect_size", c.relEffectSize(),
        "rel_effect_size_lower", c.relEffectSizeLower(),
        "rel_effect_size_upper", c.relEffectSizeUpper(),
        "mix_part", c.mixPart(),
        "mix_part_lower", c.mixPartLower(),
        "mix_part_upper", c.mixPartUpper(),
        "reversal", c.reversal(),
        "reference_mix", c.reference(),
        "baselines_snapshot_id", c.baselinesSnapshotId(),
        "units_control", c.unitsControl(),
        "units_treatment", c.unitsTreatment(),
        "cannot_say", c.reason());
  }

  private static Map<String, Object> signal(GateSignal s) {
    return row(
        "signal_id", s.signalId(),
        "rollout_id", s.rolloutId(),
        "attempt", s.attempt(),
        "epoch", s.epoch(),
        "stage", s.stage(),
        "boundary", s.boundaryMs(),
        "revision", s.revision(),
        "data_hash", s.dataHash(),
        "verdict", s.verdict().name(),
        "overridden", s.overridden(),
        "score", s.verdict().score(),
        "stage_percent", s.percent(),
        "reasons",
            s.reasons().stream()
                .map(
                    r ->
                        row(
                            "code", r.code(),
                            "sentence", r.sentence(),
                            "observed", r.observed(),
                            "threshold", r.threshold()))
                .toList(),
        "evidence", "[]",
        "next_percent", s.nextPercent(),
        "next_look", s.nextLookMs(),
        "restore_stage", s.restoreStage(),
        "owner", s.owner(),
        "contact", s.contact(),
        "respond_by", s.respondByMs(),
        "missing", s.missing(),
        "spec_hash", s.specHash(),
        "watermark", s.watermarkMs(),
        "used_events", s.arrivals().used(),
        "duplicate_events", s.arrivals().duplicate(),
        "late_events", s.arrivals().late(),
        "mixed_units", s.arrivals().mixed(),
        "payload", "{}");
  }

  private static List<Map<String, Object>> decisions(List<GateSignal> signals) {
    List<Map<String, Object>> rows = new ArrayList<>();
    GateSignal before = null;
    for (GateSignal s : signals) {
      if (before == null || before.verdict() != s.verdict() || before.epoch() != s.epoch()) {
        rows.add(
            row(
                "decision_id", "d-" + s.signalId(),
                "rollout_id", s.rolloutId(),
                "attempt", s.attempt(),
                "epoch", s.epoch(),
                "stage", s.stage(),
                "boundary", s.boundaryMs(),
                "event_time", s.boundaryMs(),
                "action", "verdict",
                "actor", "gate",
                "verdict", s.verdict().name(),
                "previous_verdict", before == null ? "" : before.verdict().name(),
                "codes", s.reasons().stream().map(r -> r.code()).toList(),
                "sentence", s.reasons().get(0).sentence(),
                "signal_id", s.signalId(),
                "data_hash", s.dataHash()));
      }
      before = s;
    }
    return rows;
  }

  private static Map<String, Object> estimate(Estimate e) {
    return row(
        "rollout_id", e.rolloutId(),
        "attempt", e.attempt(),
        "epoch", e.epoch(),
        "stage", e.stage(),
        "boundary", e.boundaryMs(),
        "revision", e.revision(),
        "control_variant_id", e.controlVariant(),
        "treatment_variant_id", e.treatmentVariant(),
        "metric", e.metric(),
        "dimension", e.dimension(),
        "segment", e.segment(),
        "purpose", e.purpose().label(),
        "basis", e.basis(),
        "normalisation", e.normalisation(),
        "estimator", e.method(),
        "alpha", e.alpha(),
        "control", e.control(),
        "treatment", e.treatment(),
        "effect_size", e.effectSize(),
        "effect_size_lower", e.effectSizeLower(),
        "effect_size_upper", e.effectSizeUpper(),
        "rel_effect_size", e.relEffectSize(),
        "rel_effect_size_lower", e.relEffectSizeLower(),
        "rel_effect_size_upper", e.relEffectSizeUpper(),
        "e_value_log", e.eValueLog(),
        "p_value", e.pValue(),
        "units_control", e.unitsControl(),
        "units_treatment", e.unitsTreatment(),
        "signal_id", "s-" + e.boundaryMs());
  }

  private static Map<String, Object> retention(RetentionPoint p) {
    return row(
        "rollout_id", p.rolloutId(),
        "attempt", p.attempt(),
        "epoch", p.epoch(),
        "stage", p.stage(),
        "variant_id", p.variant(),
        "dimension", p.dimension(),
        "segment", p.segment(),
        "metric", p.metric(),
        "definition", p.definition(),
        "period_unit", p.period(),
        "age", p.age(),
        "maturity", p.maturity().label(),
        "censoring", p.censoring().label(),
        "censored_at", p.censoredAtMs(),
        "units", p.units(),
        "eligible", p.eligible(),
        "retained", p.retained(),
        "rate", p.rate(),
        "rate_lower", p.rateLower(),
        "rate_upper", p.rateUpper(),
        "effect_size", p.effectSize(),
        "effect_size_lower", p.effectSizeLower(),
        "effect_size_upper", p.effectSizeUpper(),
        "effect_size_lower_together", p.effectSizeLowerTogether(),
        "effect_size_upper_together", p.effectSizeUpperTogether(),
        "cannot_say", p.reason());
  }

  private static Map<String, Object> revenue(RevenuePoint p) {
    return row(
        "rollout_id", p.rolloutId(),
        "attempt", p.attempt(),
        "epoch", p.epoch(),
        "stage", p.stage(),
        "variant_id", p.variant(),
        "dimension", p.dimension(),
        "segment", p.segment(),
        "metric", p.metric(),
        "currency", p.currency(),
        "age_days", p.ageDays(),
        "maturity", p.maturity().label(),
        "censoring", p.censoring().label(),
        "censored_at", p.censoredAtMs(),
        "units", p.units(),
        "units_mature", p.unitsMature(),
        "total_value", p.sum(),
        "mean_value", p.mean(),
        "mean_value_lower", p.meanLower(),
        "mean_value_upper", p.meanUpper(),
        "uncapped_total_value", p.uncappedSum(),
        "uncapped_mean_value", p.uncappedMean(),
        "refund_total", p.refundSum(),
        "effect_size", p.effectSize(),
        "effect_size_lower", p.effectSizeLower(),
        "effect_size_upper", p.effectSizeUpper(),
        "effect_size_lower_together", p.effectSizeLowerTogether(),
        "effect_size_upper_together", p.effectSizeUpperTogether(),
        "cannot_say", p.reason());
  }

  private static Map<String, Object> impact(ImpactEstimate i) {
    return row(
        "rollout_id", i.rolloutId(),
        "attempt", i.attempt(),
        "epoch", i.epoch(),
        "stage", i.stage(),
        "control_variant_id", i.controlVariant(),
        "treatment_variant_id", i.treatmentVariant(),
        "metric", i.metric(),
        "metric_role", i.role(),
        "metric_kind", i.kind(),
        "dimension", i.dimension(),
        "segment", i.segment(),
        "aspect", i.aspect().label(),
        "age_days", i.ageDays(),
        "maturity", i.maturity().label(),
        "censoring", i.censoring().label(),
        "censored_at", i.censoredAtMs(),
        "estimator", i.method(),
        "alpha", i.alpha(),
        "control", i.control(),
        "treatment", i.treatment(),
        "effect_size", i.effectSize(),
        "effect_size_lower", i.effectSizeLower(),
        "effect_size_upper", i.effectSizeUpper(),
        "effect_size_lower_together", i.effectSizeLowerTogether(),
        "effect_size_upper_together", i.effectSizeUpperTogether(),
        "rel_effect_size", i.relEffectSize(),
        "rel_effect_size_lower", i.relEffectSizeLower(),
        "rel_effect_size_upper", i.relEffectSizeUpper(),
        "p_value", i.pValue(),
        "units_control", i.unitsControl(),
        "units_treatment", i.unitsTreatment(),
        "cannot_say", i.reason());
  }

  private static Map<String, Object> stamped(Map<String, Object> row, RunStamp stamp) {
    row.put("run_id", stamp.runId());
    row.put("revision", stamp.revision());
    row.put("data_end", stamp.dataEndMs());
    row.put("exposures_snapshot_id", stamp.exposuresSnapshotId());
    row.put("outcomes_snapshot_id", stamp.outcomesSnapshotId());
    row.put("rollout_events_snapshot_id", stamp.rolloutEventsSnapshotId());
    return row;
  }

  /** 100 units, the even ones treated; each exposure is there twice. */
  private static List<Map<String, Object>> exposures() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      for (int unit = 0; unit < 100; unit++) {
        rows.add(
            row(
                "event_id",
                "x" + unit,
                "event_time",
                SampleRollout.START + unit * 60_000L,
                "unit_id",
                "u" + unit,
                "flag_key",
                SampleRollout.ID,
                "variant_id",
                unit % 2 == 0 ? "on" : "off",
                "record_time",
                SampleRollout.START + unit * 60_000L,
                "_topic",
                "exposures",
                "_topic_partition",
                unit % 4 < 2 ? 0 : 1,
                "_offset",
                (long) (copy * 50 + unit / 4 * 2 + unit % 2)));
      }
    }
    return rows;
  }

  /** 60 purchases in one partition of which three offsets are missing. */
  private static List<Map<String, Object>> outcomes() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          row(
              "event_id", "o" + i,
              "event_time", SampleRollout.START + i * 90_000L,
              "unit_id", "u" + i,
              "outcome_name", "purchase",
              "outcome_value", 10.0 + i,
              "outcome_value_micros", (10L + i) * 1_000_000,
              "record_time", SampleRollout.START + i * 90_000L,
              "_topic", "outcomes",
              "_offset", (long) (i < 20 ? i : i + 3)));
    }
    return rows;
  }

  private static List<Map<String, Object>> late() {
    return Collections.nCopies(
        7,
        row(
            "event_id",
            "l",
            "event_time",
            SampleRollout.START,
            "unit_id",
            "u1",
            "stream_name",
            "outcomes",
            "event_name",
            "purchase",
            "frontier",
            SampleRollout.START + 7_200_000,
            "lateness_ms",
            7_200_000L));
  }

  /**
   * A week of history with 10 × (hour of the day + 1) purchases an hour in two parts, then the
   * rollout.
   */
  private static List<Map<String, Object>> hourly(ReportData data) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long at = HISTORY_FROM; at < data.asOfMs(); at += SampleRollout.HOUR) {
      long hourOfDay = at / SampleRollout.HOUR % 24;
      for (int part = 0; part < 2; part++) {
        rows.add(
            row(
                "hour_start",
                at,
                "outcome_name",
                "purchase",
                "dimension",
                "all",
                "segment",
                "*",
                "outcome_count",
                5 * (hourOfDay + 1),
                "value_count",
                5 * (hourOfDay + 1),
                "value_sum_micros",
                java.math.BigDecimal.valueOf(hourOfDay * 1_000_000)));
      }
    }
    return rows;
  }

  /** Expected 10 × (hour of the day in UTC + 1), ± 20. */
  private static List<Map<String, Object>> baselines(String zone, int ahead) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int hour = 0; hour < 168; hour++) {
      double expected = 10.0 * (Math.floorMod(hour - ahead, 24) + 1);
      rows.add(
          row(
              "run_id",
              "b1",
              "valid_from",
              SampleRollout.START,
              "history_start",
              HISTORY_FROM,
              "metric_key",
              "outcome:purchase".toLowerCase(Locale.ROOT),
              "metric",
              "purchase",
              "dimension",
              "all",
              "segment",
              "*",
              "hour_of_week",
              hour,
              "expected",
              expected,
              "expected_lower",
              expected - 20,
              "expected_upper",
              expected + 20,
              "details",
              "{\"time_zone\": \"" + zone + "\"}",
              "observations",
              8L,
              "estimator",
              "hour_of_week"));
    }
    return rows;
  }
}
