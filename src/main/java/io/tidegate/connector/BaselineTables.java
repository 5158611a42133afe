package io.tidegate.connector;

import io.tidegate.codec.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** What the baseline asks of tables before it reads them. */
public final class BaselineTables {

  private static final long MICROS_PER_MS = 1000;
  private static final long WEEK_MS = Duration.ofDays(7).toMillis();

  private BaselineTables() {}

  /** Smallest and largest event time of a table, milliseconds, both inclusive. */
  public record Span(long firstMs, long lastMs) {}

  /** The event times of a table; see {@link #span(Table, Long, String)}. */
  public static @Nullable Span span(Table table, @Nullable Long snapshotId) {
    return span(table, snapshotId, "event_time");
  }

  /**
   * The times of a table, from the bounds that its files state.
   *
   * @param column the times
   * @param snapshotId null for an empty table
   * @return null for an empty table
   */
  public static @Nullable Span span(Table table, @Nullable Long snapshotId, String column) {
    if (snapshotId == null) {
      return null;
    }
    Types.NestedField time = table.schema().findField(column);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useSnapshot(snapshotId).includeColumnStats().planFiles()) {
      for (FileScanTask task : files) {
        DataFile file = task.file();
        first = Math.min(first, bound(file.lowerBounds(), time, Long.MAX_VALUE));
        last = Math.max(last, bound(file.upperBounds(), time, Long.MIN_VALUE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return first > last
        ? null
        : new Span(Math.floorDiv(first, MICROS_PER_MS), Math.floorDiv(last, MICROS_PER_MS));
  }

  private static long bound(
      @Nullable Map<Integer, ByteBuffer> bounds, Types.NestedField field, long otherwise) {
    ByteBuffer bytes = bounds == null ? null : bounds.get(field.fieldId());
    Long value = bytes == null ? null : Conversions.fromByteBuffer(field.type(), bytes);
    return value == null ? otherwise : value;
  }

  /**
   * Those of some flags that were exposed in the first and in the last week of a history; of one
   * under two weeks in its first and last part, that under a week not being enough to say so.
   */
  public static Set<String> exposedThroughout(
      Table exposures, @Nullable Long snapshotId, Set<String> flags, long startMs, long endMs) {
    long partMs = Math.min(WEEK_MS, endMs - startMs - WEEK_MS);
    if (snapshotId == null || partMs <= 0) {
      return Set.of();
    }
    Set<String> early = exposedWithin(exposures, snapshotId, flags, startMs, startMs + partMs);
    return exposedWithin(exposures, snapshotId, early, endMs - partMs, endMs);
  }

  private static Set<String> exposedWithin(
      Table exposures, long snapshotId, Set<String> flags, long fromMs, long toMs) {
    Expression within =
        Expressions.and(
            Expressions.greaterThanOrEqual("event_time", Math.multiplyExact(fromMs, MICROS_PER_MS)),
            Expressions.lessThan("event_time", Math.multiplyExact(toMs, MICROS_PER_MS)));
    Set<String> found = new HashSet<>();
    Set<String> open = new HashSet<>(flags);
    while (!open.isEmpty()) {
      Expression wanted = Expressions.and(Expressions.in("flag_key", open), within);
      String flag = first(exposures, snapshotId, wanted, "flag_key");
      if (flag == null) {
        return found;
      }
      found.add(flag);
      open.remove(flag);
    }
    return found;
  }

  /** Whether a run's rows are in {@code baselines}. */
  public static boolean hasRun(TidegateConfig config, String runId) {
    Table table = IcebergTables.load(config, Tables.BASELINES);
    Snapshot snapshot = table.currentSnapshot();
    return snapshot != null
        && first(table, snapshot.snapshotId(), Expressions.equal("run_id", runId), "run_id")
            != null;
  }

  /** Highest revision in {@code baselines}; 0 for none. */
  public static int newestRevision(TidegateConfig config) {
    Table table = IcebergTables.load(config, Tables.BASELINES);
    int newest = 0;
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).select("revision").build()) {
      for (Record row : rows) {
        newest = row.getField("revision") instanceof Integer n ? Math.max(newest, n) : newest;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return newest;
  }

  /**
   * The run that wrote a metric's numbers of a window, by metric key; those without are left out.
   *
   * @param covariates {@code unit_covariates}
   * @param snapshotId null for an empty table
   */
  public static Map<String, String> covariateRuns(
      Table covariates, @Nullable Long snapshotId, long windowEndMs, Set<String> metricKeys) {
    Map<String, String> runs = new HashMap<>();
    if (snapshotId == null || metricKeys.isEmpty()) {
      return runs;
    }
    Expression wanted =
        Expressions.and(
            Expressions.in("metric_key", metricKeys),
            Expressions.equal("window_end", Math.multiplyExact(windowEndMs, MICROS_PER_MS)));
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(covariates)
            .useSnapshot(snapshotId)
            .where(wanted)
            .select("metric_key", "run_id")
            .build()) {
      for (Record row : rows) {
        runs.put((String) row.getField("metric_key"), (String) row.getField("run_id"));
        if (runs.size() == metricKeys.size()) {
          return runs;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(covariates.name() + " cannot be read", e);
    }
    return runs;
  }

  private static @Nullable String first(
      Table table, long snapshotId, Expression wanted, String column) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).useSnapshot(snapshotId).where(wanted).select(column).build()) {
      for (Record row : rows) {
        return (String) row.getField(column);
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
  }
}
