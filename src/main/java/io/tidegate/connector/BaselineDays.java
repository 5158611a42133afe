package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.model.BaselineDay;
import io.tidegate.model.BaselineProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/** What runs of the baseline kept in {@code baseline_days}, and what came since. */
public final class BaselineDays {

  private static final long MICROS_PER_MS = 1000;

  private BaselineDays() {}

  /** Rows from a day on. */
  public static Expression since(long fromMs) {
    return Expressions.greaterThanOrEqual("day_start", Math.multiplyExact(fromMs, MICROS_PER_MS));
  }

  /**
   * The newest run's progress by metric key; sums are not read.
   *
   * @param snapshotId null for an empty table
   * @param fromMs start of the earliest day looked at
   */
  public static Map<String, BaselineProgress> progress(
      TidegateConfig config, @Nullable Long snapshotId, long fromMs) {
    Map<String, BaselineProgress> newest = new TreeMap<>();
    if (snapshotId == null) {
      return newest;
    }
    Table table = IcebergTables.load(config, Tables.BASELINE_DAYS);
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .where(since(fromMs))
            .select(
                "metric_key",
                "revision",
                "folded_to",
                "known_from",
                "recipe",
                "treatments",
                "exposures_snapshot_id",
                "outcomes_snapshot_id",
                "hourly_snapshot_id")
            .build()) {
      for (Record row : rows) {
        newest.merge(
            (String) row.getField("metric_key"),
            progress(row),
            (a, b) -> a.revision() >= b.revision() ? a : b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return newest;
  }

  private static BaselineProgress progress(Record row) {
    return new BaselineProgress(
        (Integer) row.getField("revision"),
        millis(row, "folded_to"),
        millis(row, "known_from"),
        (String) row.getField("recipe"),
        (String) row.getField("treatments"),
        (Long) row.getField("exposures_snapshot_id"),
        (Long) row.getField("outcomes_snapshot_id"),
        (Long) row.getField("hourly_snapshot_id"));
  }

  /**
   * The days of a series that are kept, of each the newest.
   *
   * @param fromMs start of the earliest day
   */
  public static List<BaselineDay> read(
      TidegateConfig config, @Nullable Long snapshotId, String metricKey, long fromMs) {
    if (snapshotId == null) {
      return List.of();
    }
    Map<Long, BaselineDay> newest = new TreeMap<>();
    Table table = IcebergTables.load(config, Tables.BASELINE_DAYS);
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .where(Expressions.and(since(fromMs), Expressions.equal("metric_key", metricKey)))
            .select("revision", "day_start", "sums")
            .build()) {
      for (Record row : rows) {
        BaselineDay day =
            new BaselineDay(
                metricKey,
                millis(row, "day_start"),
                (Integer) row.getField("revision"),
                ByteBuffers.toByteArray((ByteBuffer) row.getField("sums")));
        newest.merge(day.dayMs(), day, (a, b) -> a.revision() >= b.revision() ? a : b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return new ArrayList<>(newest.values());
  }

  private static long millis(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant().toEpochMilli();
  }

  /**
   * The earliest time in the files that a table got between two snapshots.
   *
   * @param fromId snapshot before, 0 where the table was empty
   * @param toId snapshot after, 0 where it is empty
   * @param column the times
   * @param sinceMs only files with such times or later are looked at
   * @return {@link Long#MAX_VALUE} where nothing came, {@link Long#MIN_VALUE} where it cannot be
   *     told
   */
  public static long newFromMs(Table table, long fromId, long toId, String column, long sinceMs) {
    if (fromId == toId) {
      return Long.MAX_VALUE;
    }
    Snapshot from = table.snapshot(fromId);
    Snapshot to = table.snapshot(toId);
    if (from == null || to == null || to.sequenceNumber() <= from.sequenceNumber()) {
      return Long.MIN_VALUE;
    }
    long earliest = Long.MAX_VALUE;
    try (CloseableIterable<FileScanTask> files =
        table
            .newScan()
            .useSnapshot(toId)
            .filter(
                Expressions.greaterThanOrEqual(column, Math.multiplyExact(sinceMs, MICROS_PER_MS)))
            .includeColumnStats()
            .planFiles()) {
      for (FileScanTask task : files) {
        DataFile file = task.file();
        Long sequence = file.dataSequenceNumber();
        if (sequence == null || sequence > from.sequenceNumber()) {
          earliest = Math.min(earliest, BaselineTables.earliestMs(table, file, column));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be planned", e);
    }
    return earliest;
  }
}
