package io.tidegate.codec;

import static io.tidegate.codec.Columns.BINARY;
import static io.tidegate.codec.Columns.BOOLEAN;
import static io.tidegate.codec.Columns.DOUBLE;
import static io.tidegate.codec.Columns.INT;
import static io.tidegate.codec.Columns.LONG;
import static io.tidegate.codec.Columns.STRING;
import static io.tidegate.codec.Columns.TIME;

/** Tables of what history says, made by the batch jobs. */
final class HistoryTables {

  private HistoryTables() {}

  static final TableDefinition BASELINES =
      new TableDefinition(
          Tables.BASELINES,
          "what history says a metric should be in an hour of the week, with an interval",
          new Columns()
              .required("run_id", STRING, "run that made the row")
              .required("valid_from", TIME, "end of the history used: good from here on")
              .required("history_start", TIME, "start of the history used")
              .required(
                  "metric_key", STRING, "hash of definition and entry; outcome:NAME for a volume")
              .required("metric", STRING, "metric's name; the outcome's for a volume")
              .required("dimension", STRING, "segment's dimension; all for the whole")
              .required("segment", STRING, "segment's value; * for the whole")
              .required(
                  "hour_of_week",
                  INT,
                  "0 for Monday 00:00 in details.time_zone to 167; −1: the week")
              .optional("expected", DOUBLE, "expected value; null: cannot be said")
              .optional("expected_lower", DOUBLE, "lower end of the 95 % predictive interval")
              .optional("expected_upper", DOUBLE, "upper end of it")
              .optional("unit_mean", DOUBLE, "mean per unit over the metric's window")
              .optional("unit_variance", DOUBLE, "variance between units of it")
              .optional("unit_rate", DOUBLE, "share of units with a non-zero number")
              .optional("units_per_hour", DOUBLE, "new units an hour")
              .required("observations", LONG, "hours behind the row")
              .required("provisional", BOOLEAN, "history too short: wide, raises no alarm")
              .required("estimator", STRING, "model that made it")
              .required("details", STRING, "JSON of the model's parameters; {} for none")
              .required("history_snapshot_id", LONG, "snapshot of metric_hourly read")
              .required("revision", INT, "number of the run; of a metric's runs the highest holds")
              .optional("exposures_snapshot_id", LONG, "snapshot of exposures read; 0 for none")
              .optional("outcomes_snapshot_id", LONG, "snapshot of outcomes read; 0 for none")
              .schema(),
          "valid_from");

  static final TableDefinition BASELINE_DAYS =
      new TableDefinition(
          Tables.BASELINE_DAYS,
          "a day of a series as a run of the baseline folded it, kept for later runs; internal, can hold"
              + " figures of single units",
          new Columns()
              .required("run_id", STRING, "run that made the row")
              .required("revision", INT, "number of the run; of a day's rows the highest holds")
              .required(
                  "metric_key", STRING, "hash of definition and entry; outcome:NAME for a volume")
              .required("day_start", TIME, "start of the UTC day")
              .required("folded_to", TIME, "end of the history that the run read")
              .required("known_from", TIME, "start of the archive")
              .required("recipe", STRING, "how units enter, are split and counted")
              .required("treatments", STRING, "what made a unit treated, as known to the run")
              .required("exposures_snapshot_id", LONG, "snapshot of exposures read; 0 for none")
              .required("outcomes_snapshot_id", LONG, "snapshot of outcomes read; 0 for none")
              .required("hourly_snapshot_id", LONG, "snapshot of metric_hourly read; 0 for none")
              .required(
                  "sums",
                  BINARY,
                  "integer sums by hour and by every value of a dimension, however few its units; versioned,"
                      + " they add up; not for analysts")
              .schema(),
          "day_start");

  static final TableDefinition UNIT_COVARIATES =
      new TableDefinition(
          Tables.UNIT_COVARIATES,
          "a unit's number of a metric over the days before a rollout",
          new Columns()
              .required("run_id", STRING, "run that made the row")
              .required("unit_id", STRING, "pseudonym of the unit")
              .required("metric_key", STRING, "hash of the metric's definition")
              .required("metric", STRING, "metric's name")
              .required("window_end", TIME, "end of the window, exclusive")
              .required("window_days", INT, "length of the window, days")
              .required("total_micros", LONG, "numerator ×10⁶, capped as the metric is")
              .required("denominator_micros", LONG, "denominator ×10⁶ of a ratio; 0 elsewhere")
              .required("history_snapshot_id", LONG, "snapshot of outcomes read")
              .schema(),
          "window_end");

  private static final String TOGETHER =
      "lower end where every age of the curve holds together at 95 % (max-t); null: no curve";

  static final TableDefinition RETENTION_CURVES =
      new TableDefinition(
          Tables.RETENTION_CURVES,
          "share of a stage cohort that came back at an age",
          cohort(new Columns())
              .optional(
                  "cohort",
                  STRING,
                  "all, or upgraded: units that had control in an earlier stage of a ramped rollout;"
                      + " null of old rows: all")
              .required(
                  "definition",
                  STRING,
                  "exact, bounded, unbounded, rolling, returning, first_return or not_lapsed")
              .required("period_unit", STRING, "day (24 h) or week since first exposure")
              .required("age", INT, "number of the period; 0 begins at the exposure")
              .required("maturity", STRING, "mature, provisional or censored")
              .required("censoring", STRING, "what ends the following of the cohort")
              .required("censored_at", TIME, "when it ends")
              .required("units", LONG, "units of the cohort")
              .required("eligible", LONG, "units whose period has fully passed, at risk or absent")
              .required("retained", LONG, "eligible units that came back, or did not lapse")
              .optional(
                  "rate",
                  DOUBLE,
                  "retained over eligible, of first_return and not_lapsed by Kaplan-Meier; null:"
                      + " cannot be said")
              .optional("rate_lower", DOUBLE, "lower end of its 95 % interval")
              .optional("rate_upper", DOUBLE, "upper end of it")
              .optional("effect_size", DOUBLE, "rate less control's; null for control")
              .optional("effect_size_lower", DOUBLE, "lower end of its 95 % interval")
              .optional("effect_size_upper", DOUBLE, "upper end of it")
              .optional("effect_size_lower_together", DOUBLE, TOGETHER)
              .optional("effect_size_upper_together", DOUBLE, "upper end of it")
              .required("cannot_say", STRING, "why a number is missing; empty if none is")
              .stamp()
              .schema(),
          "data_end");

  static final TableDefinition REVENUE_CURVES =
      new TableDefinition(
          Tables.REVENUE_CURVES,
          "cumulative value per unit of a stage cohort by age",
          cohort(new Columns())
              .required("currency", STRING, "currency of the values; empty if none")
              .required("age_days", INT, "value in the first age_days days since first exposure")
              .required("maturity", STRING, "mature, provisional or censored")
              .required("censoring", STRING, "what ends the following of the cohort")
              .required("censored_at", TIME, "when it ends")
              .required("units", LONG, "units of the cohort")
              .required("units_mature", LONG, "units old enough; figures are over these")
              .optional("total_value", DOUBLE, "capped value of them together")
              .optional("mean_value", DOUBLE, "capped value per unit")
              .optional("mean_value_lower", DOUBLE, "lower end of its 95 % interval")
              .optional("mean_value_upper", DOUBLE, "upper end of it")
              .optional("uncapped_total_value", DOUBLE, "value without the cap")
              .optional("uncapped_mean_value", DOUBLE, "value per unit without the cap")
              .optional("refund_total", DOUBLE, "sum of negative values, at most 0")
              .optional("effect_size", DOUBLE, "capped mean less control's; null for control")
              .optional("effect_size_lower", DOUBLE, "lower end of its 95 % interval")
              .optional("effect_size_upper", DOUBLE, "upper end of it")
              .optional("effect_size_lower_together", DOUBLE, TOGETHER)
              .optional("effect_size_upper_together", DOUBLE, "upper end of it")
              .optional("uncapped_effect_size", DOUBLE, "uncapped mean less control's")
              .optional("uncapped_effect_size_lower", DOUBLE, "lower end of its 95 % interval")
              .optional("uncapped_effect_size_upper", DOUBLE, "upper end of it")
              .required("cannot_say", STRING, "why a number is missing; empty if none is")
              .stamp()
              .schema(),
          "data_end");

  static final TableDefinition IMPACT_REPORTS =
      new TableDefinition(
          Tables.IMPACT_REPORTS,
          "what a rollout did to a metric, by stage cohort and age or to date",
          GateTables.contrast(
                  new Columns()
                      .required("rollout_id", STRING, "rollout")
                      .required("attempt", INT, "attempt of the rollout")
                      .required("epoch", INT, "index of the stage; −1 for the rollout to date")
                      .required("stage", STRING, "stage; (all) for the rollout to date")
                      .required("control_variant_id", STRING, "variant compared against")
                      .required("treatment_variant_id", STRING, "variant judged")
                      .required("metric", STRING, "metric's name")
                      .required("metric_role", STRING, "success, guardrail, long_term …")
                      .required("metric_kind", STRING, "proportion, sum, ratio …")
                      .required("dimension", STRING, "segment's dimension; all for the whole")
                      .required("segment", STRING, "segment's value; * for the whole")
                      .optional(
                          "aspect",
                          STRING,
                          "observed, adjusted, early, late, change, calendar, after, holdout or"
                              + " projected; null of old rows: observed")
                      .required(
                          "age_days",
                          INT,
                          "over the first age_days days; 0: to date; projected: days ahead; after: days"
                              + " since the end; holdout: days since the launch; calendar: Monday of"
                              + " the week, in days since 1970-01-01")
                      .required("maturity", STRING, "mature, provisional or censored")
                      .required("censoring", STRING, "what ends the following of the cohort")
                      .required("censored_at", TIME, "when it ends")
                      .required("estimator", STRING, "estimator behind the bounds")
                      .required("alpha", DOUBLE, "two-sided level of the bounds, at one look"))
              .optional("effect_size_lower_together", DOUBLE, TOGETHER)
              .optional("effect_size_upper_together", DOUBLE, "upper end of it")
              .optional("p_value", DOUBLE, "two-sided p-value at one look")
              .required("units_control", LONG, "units in control")
              .required("units_treatment", LONG, "units in the treatment")
              .required("cannot_say", STRING, "why a number is missing; empty if none is")
              .stamp()
              .schema(),
          "data_end");

  static final TableDefinition STAGE_COMPARISONS =
      new TableDefinition(
          Tables.STAGE_COMPARISONS,
          "a metric in a stage beside another level of it, season and traffic mix taken out",
          new Columns()
              .required("rollout_id", STRING, "rollout")
              .required("attempt", INT, "attempt of the rollout")
              .required("epoch", INT, "index of the stage in which the units entered")
              .required("stage", STRING, "name of that stage")
              .required("variant_id", STRING, "variant of the units")
              .required("basis", STRING, "held against: first_stage, baseline or control")
              .required("basis_stage", STRING, "stage of the other level; empty for a baseline")
              .required("basis_variant_id", STRING, "variant of it; empty for a baseline")
              .required("metric", STRING, "metric's name")
              .required("dimension", STRING, "segment's dimension; all for the whole")
              .required("segment", STRING, "segment's value; * for all of the dimension's")
              .required("normalisation", STRING, "raw, season, mix or season_mix")
              .required("follow_hours", DOUBLE, "age to which units were followed")
              .required("alpha", DOUBLE, "two-sided level of the bounds, at one look")
              .optional("control", DOUBLE, "the other level, normalised; null: cannot be said")
              .optional("treatment", DOUBLE, "the level, normalised")
              .optional("rel_effect_size", DOUBLE, "treatment over control, less 1")
              .optional("rel_effect_size_lower", DOUBLE, "its lower bound")
              .optional("rel_effect_size_upper", DOUBLE, "its upper bound")
              .optional("mix_part", DOUBLE, "factor that only the mix made, less 1")
              .optional("mix_part_lower", DOUBLE, "its lower bound")
              .optional("mix_part_upper", DOUBLE, "its upper bound")
              .required("reversal", BOOLEAN, "the mix turned the sign: Simpson's paradox")
              .required("reference_mix", STRING, "JSON of the mix standardised to; empty for none")
              .required("baselines_snapshot_id", LONG, "snapshot of baselines used; 0 for none")
              .required("units_control", LONG, "units behind the other level")
              .required("units_treatment", LONG, "units behind the level")
              .required("cannot_say", STRING, "why a number is missing; empty if none is")
              .stamp()
              .schema(),
          "data_end");

  private static Columns cohort(Columns columns) {
    return columns
        .required("rollout_id", STRING, "rollout")
        .required("attempt", INT, "attempt of the rollout")
        .required("epoch", INT, "index of the stage in which the cohort entered")
        .required("stage", STRING, "name of that stage")
        .required("variant_id", STRING, "variant of the cohort")
        .required("dimension", STRING, "segment's dimension; all for the whole")
        .required("segment", STRING, "segment's value; * for the whole")
        .required("metric", STRING, "metric's name");
  }
}
