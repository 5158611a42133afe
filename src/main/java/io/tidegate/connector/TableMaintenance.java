package io.tidegate.connector;

import io.tidegate.codec.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.RollingDataWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one table: many small files of a day become few, rows that no question needs any more
 * go, old snapshots too. Commits beside those of writers and of a second run: whose files are gone
 * by then plans anew with what is there.
 */
public final class TableMaintenance {

  private static final Logger LOG = LoggerFactory.getLogger(TableMaintenance.class);

  private static final long FILE_BYTES = 128L << 20;

  /** A file smaller than this is put together with others. */
  private static final long SMALL_BYTES = FILE_BYTES * 3 / 4;

  /** A sink of Flink must find the last snapshot that it wrote among those before the newest. */
  private static final int RETAIN_LAST = 20;

  private static final String TAG = "tidegate-result-";

  /** How often a step is begun anew where others commit meanwhile. */
  private static final int ATTEMPTS = 10;

  private static final int PAUSE_MS = 200;

  private final Table table;
  private final MaintainConfig config;
  private final @Nullable LongFunction<Predicate<Record>> needed;

  /**
   * @param needed which rows are, of a snapshot; null for all
   */
  private TableMaintenance(
      Table table, MaintainConfig config, @Nullable LongFunction<Predicate<Record>> needed) {
    this.table = table;
    this.config = config;
    this.needed = needed;
  }

  /**
   * What was done.
   *
   * @param merged small files that were put together
   * @param written files that they became
   * @param dropped rows that were needed no more
   * @param expired snapshots that went
   * @param tagged snapshots that results name and that are kept for them
   */
  public record Done(
      String table, int merged, int written, long dropped, int expired, int tagged) {}

  /**
   * Compacts, then expires.
   *
   * @param named snapshots of this table that results name
   * @param nowMs the time by which snapshots are old, epoch milliseconds
   */
  public static Done run(TidegateConfig config, String name, Set<Long> named, long nowMs) {
    Table table = IcebergTables.load(config, name);
    LongFunction<Predicate<Record>> needed = null;
    if (name.equals(Tables.READ_POSITIONS)) {
      long sinceMs = nowMs - config.maintain().keepSnapshotsMs();
      needed = snapshot -> NeededPositions.of(config, table, snapshot, sinceMs);
    }
    TableMaintenance maintenance = new TableMaintenance(table, config.maintain(), needed);
    Compaction compaction = maintenance.compact();
    int tagged = maintenance.tag(named, nowMs);
    int expired = maintenance.expire(nowMs);
    return new Done(
        name,
        compaction.merged().size(),
        compaction.written().size(),
        compaction.dropped(),
        expired,
        tagged);
  }

  /**
   * Files in place of others.
   *
   * @param from snapshot that it was planned on; null for none
   */
  private record Compaction(
      @Nullable Snapshot from, List<DataFile> merged, List<DataFile> written) {

    long dropped() {
      return rows(merged) - rows(written);
    }

    private static long rows(List<DataFile> files) {
      return files.stream().mapToLong(DataFile::recordCount).sum();
    }
  }

  private Compaction compact() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      table.refresh();
      Snapshot from = table.currentSnapshot();
      Compaction compaction = new Compaction(from, new ArrayList<>(), new ArrayList<>());
      if (from == null || (write(from, compaction) && commit(compaction))) {
        return compaction;
      }
    }
    LOG.warn("{} is compacted by someone else at the same time and is left to them", table.name());
    return new Compaction(null, List.of(), List.of());
  }

  /** False where a file is gone. */
  private boolean write(Snapshot from, Compaction into) {
    try {
      Predicate<Record> kept = needed == null ? null : needed.apply(from.snapshotId());
      for (List<DataFile> day : small(from)) {
        if (day.size() >= config.minFiles() || (kept != null && drops(day, kept))) {
          into.written.addAll(rewritten(day, kept));
          into.merged.addAll(day);
        }
      }
      return true;
    } catch (NotFoundException e) {
      delete(into.written);
      return false;
    } catch (IOException e) {
      delete(into.written);
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    } catch (RuntimeException e) {
      delete(into.written);
      throw e;
    }
  }

  /** False where someone else has put a file together with others meanwhile. */
  private boolean commit(Compaction compaction) {
    if (compaction.merged.isEmpty()) {
      return true;
    }
    RewriteFiles rewrite =
        table
            .newRewrite()
            .validateFromSnapshot(Objects.requireNonNull(compaction.from).snapshotId());
    compaction.merged.forEach(rewrite::deleteFile);
    compaction.written.forEach(rewrite::addFile);
    // Whoever looks for new events does not take the old ones for new.
    rewrite.dataSequenceNumber(
        compaction.merged.stream().mapToLong(DataFiles::sequence).max().orElseThrow());
    try {
      rewrite.commit();
      return true;
    } catch (ValidationException e) {
      delete(compaction.written);
      return false;
    } catch (RuntimeException e) {
      if (e instanceof CleanableFailure) { // after any other the files may be in the table
        delete(compaction.written);
      }
      throw e;
    }
  }

  /** The small files of each day, in the order of their earliest event. */
  private List<List<DataFile>> small(Snapshot from) {
    Map<String, List<DataFile>> days = new TreeMap<>();
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useSnapshot(from.snapshotId()).planFiles()) {
      for (FileScanTask task : files) {
        DataFile file = task.file();
        boolean ours = file.specId() == table.spec().specId() && task.deletes().isEmpty();
        if (ours && task.start() == 0 && file.fileSizeInBytes() < SMALL_BYTES) {
          days.computeIfAbsent(
                  table.spec().partitionToPath(file.partition()), day -> new ArrayList<>())
              .add(file.copyWithoutStats());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be planned", e);
    }
    List<List<DataFile>> all = new ArrayList<>(days.values());
    all.forEach(day -> day.sort(Comparator.comparing(DataFiles::sequence)));
    return all;
  }

  private boolean drops(List<DataFile> day, Predicate<Record> kept) throws IOException {
    for (DataFile file : day) {
      try (CloseableIterable<Record> rows = DataFiles.rows(table, file, table.schema())) {
        for (Record row : rows) {
          if (!kept.test(row)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private List<DataFile> rewritten(List<DataFile> day, @Nullable Predicate<Record> kept) {
    OutputFileFactory names =
        OutputFileFactory.builderFor(table, 0, 0)
            .format(FileFormat.PARQUET)
            .operationId(UUID.randomUUID().toString())
            .build();
    RollingDataWriter<Record> writer =
        new RollingDataWriter<>(
            new GenericFileWriterFactory.Builder(table).dataFileFormat(FileFormat.PARQUET).build(),
            names,
            table.io(),
            FILE_BYTES,
            table.spec(),
            day.get(0).partition());
    boolean complete = false;
    try {
      try (writer) {
        for (DataFile file : day) {
          try (CloseableIterable<Record> rows = DataFiles.rows(table, file, table.schema())) {
            for (Record row : rows) {
              if (kept == null || kept.test(row)) {
                writer.write(row);
              }
            }
          }
        }
      }
      complete = true;
      return writer.result().dataFiles();
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be compacted", e);
    } finally {
      if (!complete) {
        discard(writer);
      }
    }
  }

  private void discard(RollingDataWriter<Record> writer) {
    try {
      delete(writer.result().dataFiles());
    } catch (IllegalStateException e) {
      LOG.warn("a file of {} was not finished and stays, unread", table.name(), e);
    }
  }

  /** What cannot be deleted stays, unread; what went wrong before is the news. */
  private void delete(List<DataFile> files) {
    for (DataFile file : files) {
      try {
        table.io().deleteFile(file.location());
      } catch (RuntimeException e) {
        LOG.warn("{} is of no table and cannot be deleted", file.location(), e);
      }
    }
  }

  /**
   * Tags what results name, so that it outlives its age; the tags expire by themselves. Returns how
   * many there are.
   */
  private int tag(Set<Long> named, long nowMs) {
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      ManageSnapshots manage = table.manageSnapshots();
      boolean changed = false;
      for (long id : named) {
        Snapshot snapshot = table.snapshot(id);
        if (snapshot != null
            && nowMs - snapshot.timestampMillis() <= config.keepResultsMs()
            && !table.refs().containsKey(TAG + id)) {
          manage = manage.createTag(TAG + id, id).setMaxRefAgeMs(TAG + id, config.keepResultsMs());
          changed = true;
        }
      }
      try {
        if (changed) {
          manage.commit();
        }
        return (int) table.refs().keySet().stream().filter(ref -> ref.startsWith(TAG)).count();
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  /** Two that wait for each other do so for different times. */
  private static void pause() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1, PAUSE_MS) * 1_000_000L);
  }

  private int expire(long nowMs) {
    table.refresh();
    Snapshot written = lastStreamed();
    long olderThanMs = nowMs - config.keepSnapshotsMs();
    if (written != null) {
      olderThanMs = Math.min(olderThanMs, written.timestampMillis());
    }
    ExpireSnapshots expire =
        table.expireSnapshots().expireOlderThan(olderThanMs).retainLast(RETAIN_LAST);
    int expired = expire.apply().size();
    if (expired > 0) {
      expire.commit();
    }
    return expired;
  }

  /**
   * The newest snapshot that a streaming job committed: when it is restored, it looks there for the
   * last checkpoint that is in the table, and would commit again what it does not find.
   */
  private @Nullable Snapshot lastStreamed() {
    Snapshot each = table.currentSnapshot();
    while (each != null) {
      String checkpoint = each.summary().get(IcebergTables.CHECKPOINT);
      if (checkpoint != null && Long.parseLong(checkpoint) != Long.MAX_VALUE) {
        return each;
      }
      each = each.parentId() == null ? null : table.snapshot(each.parentId());
    }
    return null;
  }
}
