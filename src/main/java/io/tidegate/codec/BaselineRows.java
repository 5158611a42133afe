package io.tidegate.codec;

import io.tidegate.model.BaselineDay;
import io.tidegate.model.BaselineProgress;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.UnitCovariate;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** Rows of the tables of what history says; columns in the tables' order. */
public final class BaselineRows {

  private BaselineRows() {}

  /**
   * A row of {@code baselines}.
   *
   * @param run the run that made it
   */
  public static RowData baseline(BaselineRow r, String runId, BaselineProgress run) {
    return GenericRowData.of(
        Fields.string(runId),
        Fields.time(r.validFromMs()),
        Fields.time(r.historyStartMs()),
        Fields.string(r.metricKey()),
        Fields.string(r.metric()),
        Fields.string(r.dimension()),
        Fields.string(r.segment()),
        r.hourOfWeek(),
        r.expected(),
        r.lower(),
        r.upper(),
        r.unitMean(),
        r.unitVariance(),
        r.unitRate(),
        r.unitsPerHour(),
        r.observations(),
        r.provisional(),
        Fields.string(r.estimator()),
        Fields.string(r.details()),
        run.hourlySnapshot(),
        run.revision(),
        run.exposuresSnapshot(),
        run.outcomesSnapshot());
  }

  /**
   * A row of {@code baseline_days}.
   *
   * @param run the run that folded it
   */
  public static RowData day(BaselineDay day, String runId, BaselineProgress run) {
    return GenericRowData.of(
        Fields.string(runId),
        run.revision(),
        Fields.string(day.metricKey()),
        Fields.time(day.dayMs()),
        Fields.time(run.foldedToMs()),
        Fields.time(run.knownFromMs()),
        Fields.string(run.recipe()),
        Fields.string(run.treatments()),
        run.exposuresSnapshot(),
        run.outcomesSnapshot(),
        run.hourlySnapshot(),
        day.sums());
  }

  public static BaselineDay day(RowData row) {
    return new BaselineDay(
        row.getString(2).toString(), Fields.time(row, 3), row.getInt(1), row.getBinary(11));
  }

  /** A row of {@code unit_covariates}. */
  public static RowData covariate(UnitCovariate c, String runId, long snapshotId) {
    return GenericRowData.of(
        Fields.string(runId),
        Fields.string(c.unitId()),
        Fields.string(c.metricKey()),
        Fields.string(c.metric()),
        Fields.time(c.beforeMs()),
        c.days(),
        c.totalMicros(),
        c.denominatorMicros(),
        snapshotId);
  }

  public static UnitCovariate covariate(RowData row) {
    return new UnitCovariate(
        row.getString(1).toString(),
        row.getString(2).toString(),
        row.getString(3).toString(),
        Fields.time(row, 4),
        row.getInt(5),
        row.getLong(6),
        row.getLong(7));
  }
}
