package io.tidegate.connector;

import io.tidegate.codec.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The snapshots that results name as what they were made of, of rows that came since it was last
 * remembered how far was read: a run reads what is new.
 */
public final class NamedSnapshots {

  /** Property of a table of results: sequence number up to which its files were read. */
  private static final String READ_UNTIL = "tidegate.named-snapshots-read-until";

  /** Table of results → its columns → the table whose snapshots they name. */
  private static final Map<String, Map<String, String>> NAMES =
      Map.of(
          Tables.IMPACT_REPORTS, stamp(),
          Tables.RETENTION_CURVES, stamp(),
          Tables.REVENUE_CURVES, stamp(),
          Tables.BASELINES,
              Map.of(
                  "history_snapshot_id", Tables.METRIC_HOURLY,
                  "exposures_snapshot_id", Tables.EXPOSURES,
                  "outcomes_snapshot_id", Tables.OUTCOMES),
          Tables.UNIT_COVARIATES, Map.of("history_snapshot_id", Tables.OUTCOMES),
          Tables.GATE_SIGNALS, Map.of("baselines_snapshot_id", Tables.BASELINES),
          Tables.DECISION_LOG, Map.of("baselines_snapshot_id", Tables.BASELINES));

  private final Map<String, Set<Long>> named = new TreeMap<>();
  private final Map<String, Long> readUntil = new TreeMap<>();
  private long rowsRead;

  private NamedSnapshots() {}

  private static Map<String, String> stamp() {
    return Map.of(
        "exposures_snapshot_id", Tables.EXPOSURES,
        "outcomes_snapshot_id", Tables.OUTCOMES,
        "rollout_events_snapshot_id", Tables.ROLLOUT_EVENTS);
  }

  public static NamedSnapshots read(TidegateConfig config) {
    NamedSnapshots snapshots = new NamedSnapshots();
    NAMES.forEach(
        (results, columns) ->
            snapshots.read(IcebergTables.load(config, results), results, columns));
    return snapshots;
  }

  /** Snapshots of a table that were named. */
  public Set<Long> of(String table) {
    return named.getOrDefault(table, Set.of());
  }

  /** Notes how far was read, once the snapshots named are kept. */
  public void remember(TidegateConfig config) {
    readUntil.forEach(
        (results, until) ->
            IcebergTables.load(config, results)
                .updateProperties()
                .set(READ_UNTIL, until.toString())
                .commit());
  }

  /** Rows of results that were read. */
  long rowsRead() {
    return rowsRead;
  }

  private void read(Table table, String results, Map<String, String> columns) {
    Snapshot newest = table.currentSnapshot();
    long before = Long.parseLong(table.properties().getOrDefault(READ_UNTIL, "0"));
    if (newest == null || newest.sequenceNumber() <= before) {
      return;
    }
    Schema wanted = table.schema().select(columns.keySet());
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useSnapshot(newest.snapshotId()).planFiles()) {
      for (FileScanTask task : files) {
        if (DataFiles.sequence(task.file()) > before) {
          try (CloseableIterable<Record> rows = DataFiles.rows(table, task.file(), wanted)) {
            rows.forEach(row -> take(row, columns));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    readUntil.put(results, newest.sequenceNumber());
  }

  private void take(Record row, Map<String, String> columns) {
    rowsRead++;
    columns.forEach(
        (column, of) -> {
          if (row.getField(column) instanceof Long id && id != 0) {
            named.computeIfAbsent(of, t -> new HashSet<>()).add(id);
          }
        });
  }
}
