package io.tidegate.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
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
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.RollingDataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one table: many small files of a day become few, old snapshots go. Commits beside
 * those of writers; a second run at the same time finds its files gone and leaves the table as it
 * is.
 */
public final class TableMaintenance {

  private static final Logger LOG = LoggerFactory.getLogger(TableMaintenance.class);

  private static final long FILE_BYTES = 128L << 20;

  /** A file smaller than this is put together with others. */
  private static final long SMALL_BYTES = FILE_BYTES * 3 / 4;

  /** A sink of Flink must find the last snapshot that it wrote among those before the newest. */
  private static final int RETAIN_LAST = 20;

  private static final String TAG = "tidegate-result-";

  private final Table table;
  private final MaintainConfig config;

  private TableMaintenance(Table table, MaintainConfig config) {
    this.table = table;
    this.config = config;
  }

  /**
   * What was done.
   *
   * @param merged small files that were put together
   * @param written files that they became
   * @param expired snapshots that went
   * @param tagged snapshots that results name and that are kept for them
   */
  public record Done(String table, int merged, int written, int expired, int tagged) {}

  /**
   * Compacts, then expires.
   *
   * @param named snapshots of this table that results name
   * @param nowMs the time by which snapshots are old, epoch milliseconds
   */
  public static Done run(TidegateConfig config, String name, Set<Long> named, long nowMs) {
    Table table = IcebergTables.load(config, name);
    TableMaintenance maintenance = new TableMaintenance(table, config.maintain());
    List<DataFile> merged = new ArrayList<>();
    List<DataFile> written = new ArrayList<>();
    maintenance.compact(merged, written);
    int tagged = maintenance.tag(named, nowMs);
    int expired = maintenance.expire(nowMs);
    return new Done(name, merged.size(), written.size(), expired, tagged);
  }

  private void compact(List<DataFile> merged, List<DataFile> written) {
    Snapshot from = table.currentSnapshot();
    if (from == null) {
      return;
    }
    small(from).stream().filter(day -> day.size() >= config.minFiles()).forEach(merged::addAll);
    if (merged.isEmpty()) {
      return;
    }
    try {
      for (List<DataFile> day : small(from)) {
        if (day.size() >= config.minFiles()) {
          written.addAll(rewritten(day));
        }
      }
      RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(from.snapshotId());
      merged.forEach(rewrite::deleteFile);
      written.forEach(rewrite::addFile);
      // Whoever looks for new events does not take the old ones for new.
      rewrite.dataSequenceNumber(
          merged.stream().mapToLong(TableMaintenance::sequence).max().orElseThrow());
      rewrite.commit();
    } catch (CommitStateUnknownException e) {
      throw e; // The files may be in the table.
    } catch (ValidationException e) {
      LOG.warn("{} was compacted by someone else meanwhile and is left as it is", table.name(), e);
      delete(written);
      merged.clear();
      written.clear();
    } catch (RuntimeException e) {
      delete(written);
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
    all.forEach(day -> day.sort(Comparator.comparing(TableMaintenance::sequence)));
    return all;
  }

  /** Files in the order in which they were committed, which is about that of their events. */
  private static long sequence(DataFile file) {
    Long sequence = file.dataSequenceNumber();
    return sequence == null ? 0 : sequence;
  }

  private List<DataFile> rewritten(List<DataFile> day) {
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
    try (writer) {
      for (DataFile file : day) {
        try (CloseableIterable<Record> rows = rows(file)) {
          rows.forEach(writer::write);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be compacted", e);
    }
    return writer.result().dataFiles();
  }

  private CloseableIterable<Record> rows(DataFile file) {
    return Parquet.read(table.io().newInputFile(file))
        .project(table.schema())
        .createReaderFunc(schema -> GenericParquetReaders.buildReader(table.schema(), schema))
        .build();
  }

  private void delete(List<DataFile> files) {
    files.forEach(file -> table.io().deleteFile(file.location()));
  }

  /** Tags what results name, so that it outlives its age; the tags expire by themselves. */
  private int tag(Set<Long> named, long nowMs) {
    ManageSnapshots manage = table.manageSnapshots();
    int tagged = 0;
    boolean changed = false;
    for (long id : named) {
      Snapshot snapshot = table.snapshot(id);
      if (snapshot != null && nowMs - snapshot.timestampMillis() <= config.keepResultsMs()) {
        tagged++;
        if (!table.refs().containsKey(TAG + id)) {
          manage = manage.createTag(TAG + id, id).setMaxRefAgeMs(TAG + id, config.keepResultsMs());
          changed = true;
        }
      }
    }
    if (changed) {
      manage.commit();
    }
    return tagged;
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
