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

  /** The event times of a table; see {@link #span(Table, Long, String, Expression)}. */
  public static @Nullable Span span(Table table, @Nullable Long snapshotId) {
    return span(table, snapshotId, "event_time", Expressions.alwaysTrue());
  }

  /**
   * The times of a table, from the bounds that its files state.
   *
   * @param column the times
   * @param snapshotId null for an empty table
   * @param wanted files that cannot match are left out
   * @return null where no file is left
   */
  public static @Nullable Span span(
      Table table, @Nullable Long snapshotId, String column, Expression wanted) {
    if (snapshotId == null) {
      return null;
    }
    Types.NestedField time = table.schema().findField(column);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useSnapshot(snapshotId).filter(wanted).includeColumnStats().planFiles()) {
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

  /** The earliest time in a file; {@link Long#MIN_VALUE} where it does not say. */
  static long earliestMs(Table table, DataFile file, String column) {
    Types.NestedField time = table.schema().findField(column);
    long micros = bound(file.lowerBounds(), time, Long.MIN_VALUE);
    return micros == Long.MIN_VALUE ? micros : Math.floorDiv(micros, MICROS_PER_MS);
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
    Expression within = within(fromMs, toMs);
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

  private static Expression within(long fromMs, long toMs) {
    return Expressions.and(
        Expressions.greaterThanOrEqual("event_time", Math.multiplyExact(fromMs, MICROS_PER_MS)),
        Expressions.lessThan("event_time", Math.multiplyExact(toMs, MICROS_PER_MS)));
  }

  /**
   * Whether a run's rows are in {@code baselines}.
   *
   * @param validFromMs end of the history that it learned from
   */
  public static boolean hasRun(TidegateConfig config, String runId, long validFromMs) {
    Table table = IcebergTables.load(config, Tables.BASELINES);
    Snapshot snapshot = table.currentSnapshot();
    Expression wanted =
        Expressions.and(
            Expressions.equal("valid_from", Math.multiplyExact(validFromMs, MICROS_PER_MS)),
            Expressions.equal("run_id", runId));
    return snapshot != null && first(table, snapshot.snapshotId(), wanted, "run_id") != null;
  }

  /** Highest revision in a table, as its files state; 0 for none. */
  public static int newestRevision(TidegateConfig config, String name) {
    Table table = IcebergTables.load(config, name);
    Types.NestedField revision = table.schema().findField("revision");
    int newest = 0;
    try (CloseableIterable<FileScanTask> files = table.newScan().includeColumnStats().planFiles()) {
      for (FileScanTask task : files) {
        Map<Integer, ByteBuffer> bounds = task.file().upperBounds();
        ByteBuffer bytes =
            revision == null || bounds == null ? null : bounds.get(revision.fieldId());
        Integer highest = bytes == null ? null : Conversions.fromByteBuffer(revision.type(), bytes);
        newest = highest == null ? newest : Math.max(newest, highest);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return newest;
  }

  /**
   * Whether a table has an event within half-open times.
   *
   * @param column the events' names
   * @param names those asked for; empty for any
   */
  public static boolean hasEvent(
      Table events,
      @Nullable Long snapshotId,
      String column,
      Set<String> names,
      long fromMs,
      long toMs) {
    Expression named = names.isEmpty() ? Expressions.alwaysTrue() : Expressions.in(column, names);
    return snapshotId != null
        && first(events, snapshotId, Expressions.and(within(fromMs, toMs), named), column) != null;
  }

  /** Whether a flag's variant was exposed within half-open times. */
  public static boolean exposed(
      Table exposures,
      @Nullable Long snapshotId,
      String flag,
      String variant,
      long fromMs,
      long toMs) {
    Expression wanted =
        Expressions.and(
            within(fromMs, toMs),
            Expressions.equal("flag_key", flag),
            Expressions.equal("variant_id", variant));
    return snapshotId != null && first(exposures, snapshotId, wanted, "flag_key") != null;
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
