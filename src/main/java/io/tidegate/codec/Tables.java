package io.tidegate.codec;

import java.util.List;

/** Names and definitions of the tables in namespace {@code tidegate}. */
public final class Tables {

  public static final String EXPOSURES = "exposures";
  public static final String OUTCOMES = "outcomes";
  public static final String ROLLOUT_EVENTS = "rollout_events";
  public static final String METRIC_HOURLY = "metric_hourly";
  public static final String GATE_SIGNALS = "gate_signals";
  public static final String STAGE_ESTIMATES = "stage_estimates";
  public static final String DECISION_LOG = "decision_log";
  public static final String LATE_EVENTS = "late_events";
  public static final String INCIDENTS = "incidents";
  public static final String READ_POSITIONS = "read_positions";
  public static final String BASELINES = "baselines";
  public static final String BASELINE_DAYS = "baseline_days";
  public static final String UNIT_COVARIATES = "unit_covariates";
  public static final String RETENTION_CURVES = "retention_curves";
  public static final String REVENUE_CURVES = "revenue_curves";
  public static final String IMPACT_REPORTS = "impact_reports";
  public static final String STAGE_COMPARISONS = "stage_comparisons";

  /** Every table. */
  public static final List<TableDefinition> ALL =
      List.of(
          InputTables.EXPOSURES,
          InputTables.OUTCOMES,
          InputTables.ROLLOUT_EVENTS,
          InputTables.METRIC_HOURLY,
          GateTables.GATE_SIGNALS,
          GateTables.STAGE_ESTIMATES,
          GateTables.DECISION_LOG,
          InputTables.LATE_EVENTS,
          InputTables.INCIDENTS,
          InputTables.READ_POSITIONS,
          HistoryTables.BASELINES,
          HistoryTables.BASELINE_DAYS,
          HistoryTables.UNIT_COVARIATES,
          HistoryTables.RETENTION_CURVES,
          HistoryTables.REVENUE_CURVES,
          HistoryTables.IMPACT_REPORTS,
          HistoryTables.STAGE_COMPARISONS);

  private Tables() {}

  /** The definition of a table. Throws IllegalArgumentException for a name that is none. */
  public static TableDefinition of(String name) {
    for (TableDefinition table : ALL) {
      if (table.name().equals(name)) {
        return table;
      }
    }
    throw new IllegalArgumentException("no table is named " + name);
  }
}
