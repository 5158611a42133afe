package io.tidegate.codec;

import io.tidegate.model.BaselineRow;
import io.tidegate.model.UnitCovariate;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** Rows of the tables of what history says; columns in the tables' order. */
public final class BaselineRows {

  private BaselineRows() {}

  /** A row of {@code baselines}. */
  public static RowData baseline(BaselineRow r, String runId, long snapshotId, int revision) {
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
        snapshotId,
        revision);
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
