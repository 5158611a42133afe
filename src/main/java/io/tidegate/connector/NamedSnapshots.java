package io.tidegate.connector;

import io.tidegate.codec.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** The snapshots that results name as what they were made of. */
public final class NamedSnapshots {

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

  private NamedSnapshots() {}

  private static Map<String, String> stamp() {
    return Map.of(
        "exposures_snapshot_id", Tables.EXPOSURES,
        "outcomes_snapshot_id", Tables.OUTCOMES,
        "rollout_events_snapshot_id", Tables.ROLLOUT_EVENTS);
  }

  /** By the table whose snapshots they are. */
  public static Map<String, Set<Long>> read(TidegateConfig config) {
    Map<String, Set<Long>> named = new TreeMap<>();
    NAMES.forEach(
        (results, columns) -> {
          Table table = IcebergTables.load(config, results);
          try (CloseableIterable<Record> rows =
              IcebergGenerics.read(table).select(columns.keySet()).build()) {
            for (Record row : rows) {
              columns.forEach(
                  (column, of) -> {
                    if (row.getField(column) instanceof Long id && id != 0) {
                      named.computeIfAbsent(of, t -> new HashSet<>()).add(id);
                    }
                  });
            }
          } catch (IOException e) {
            throw new UncheckedIOException(table.name() + " cannot be read", e);
          }
        });
    return named;
  }
}
