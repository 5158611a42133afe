package io.tidegate.connector;

import io.tidegate.codec.Tables;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.IcebergSink;
import org.apache.iceberg.flink.source.IcebergSource;
import org.apache.iceberg.flink.source.reader.ConverterReaderFunction;
import org.apache.iceberg.flink.source.reader.ReaderFunction;
import org.apache.iceberg.flink.source.reader.RowDataConverter;
import org.apache.iceberg.flink.util.FlinkCompatibilityUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Sources and sinks of the tables. */
public final class IcebergTables {

  /** What the sink of Flink notes in a snapshot. */
  static final String CHECKPOINT = "flink.max-committed-checkpoint-id";

  private static final String JOB = "flink.job-id";

  /** By how much the commits of one checkpoint to two tables are apart at most, usually. */
  private static final long COMMITS_APART_MS = 3_000;

  private static final long ASK_AGAIN_NS = 50_000_000;

  /** As much a split, and as much for opening a file: then a split is of one file. */
  private static final long SPLIT_BYTES = 128L << 20;

  private static final long NO_LIMIT = -1;

  private IcebergTables() {}

  /** Something to a row, columns in the order of the table's definition. */
  public interface ToRow<T> extends Function<T, RowData>, Serializable {}

  /** A row to something, columns in the order of the table's definition. */
  public interface FromRow<T> extends Function<RowData, T>, Serializable {}

  /**
   * Appends to a table, one commit a checkpoint.
   *
   * @param uid uid of the sink; what the sink is made of derives its uids from it
   */
  public static <T> void append(
      DataStream<T> stream, TidegateConfig config, String table, ToRow<T> toRow, String uid) {
    append(stream, config, table, toRow, uid, config.runtime().parallelism());
  }

  /**
   * As {@link #append(DataStream, TidegateConfig, String, ToRow, String)}.
   *
   * @param writers files of a day and checkpoint at most
   */
  public static <T> void append(
      DataStream<T> stream,
      TidegateConfig config,
      String table,
      ToRow<T> toRow,
      String uid,
      int writers) {
    RowType type = FlinkSchemaUtil.convert(Tables.of(table).schema());
    MapFunction<T, RowData> mapper = toRow::apply;
    IcebergSink.builderFor(stream, mapper, FlinkCompatibilityUtil.toTypeInfo(type))
        .tableLoader(Catalogs.table(config.catalog(), table))
        .distributionMode(DistributionMode.NONE)
        .writeParallelism(writers)
        .uidSuffix(uid)
        .append();
  }

  /** The newest snapshot of a table; null where nothing was written yet. */
  public static @Nullable Long newestSnapshot(TidegateConfig config, String table) {
    Snapshot newest = load(config, table).currentSnapshot();
    return newest == null ? null : newest.snapshotId();
  }

  /**
   * The newest snapshot of a table that is as far as a snapshot of another one: the archive commits
   * each table on its own, at the same checkpoint. Waits a little for that commit; a table to which
   * the checkpoint brought nothing has none.
   */
  public static @Nullable Long newestSnapshotAsFarAs(
      TidegateConfig config, String table, String other, @Nullable Long otherSnapshotId) {
    Table waited = load(config, table);
    if (otherSnapshotId != null) {
      Snapshot reached = load(config, other).snapshot(otherSnapshotId);
      long untilMs = reached.timestampMillis() + COMMITS_APART_MS;
      while (!asFarAs(waited.currentSnapshot(), reached) && System.currentTimeMillis() < untilMs) {
        LockSupport.parkNanos(ASK_AGAIN_NS);
        waited.refresh();
      }
    }
    return waited.currentSnapshot() == null ? null : waited.currentSnapshot().snapshotId();
  }

  private static boolean asFarAs(@Nullable Snapshot snapshot, Snapshot reached) {
    String checkpoint = reached.summary().get(CHECKPOINT);
    if (checkpoint == null) {
      return true;
    }
    return snapshot != null
        && Objects.equals(snapshot.summary().get(JOB), reached.summary().get(JOB))
        && Long.parseLong(snapshot.summary().getOrDefault(CHECKPOINT, "0"))
            >= Long.parseLong(checkpoint);
  }

  public static Table load(TidegateConfig config, String table) {
    return Catalogs.shared(config.catalog())
        .loadTable(Catalogs.identifier(config.catalog(), table));
  }

  /**
   * Reads a table as it was at a snapshot, then ends.
   *
   * @param snapshotId the snapshot; null where the table was empty: nothing is read, whatever has
   *     come since
   * @param filters rows that cannot match are skipped; those that are read must be checked again
   */
  public static <T> IcebergSource<T> bounded(
      TidegateConfig config,
      String table,
      @Nullable Long snapshotId,
      FromRow<T> fromRow,
      TypeInformation<T> type,
      List<Expression> filters) {
    return source(
            IcebergSource.forOutputType(new Converter<>(fromRow, type)),
            config,
            table,
            snapshotId,
            filters)
        .build();
  }

  private static <T> IcebergSource.Builder<T> source(
      IcebergSource.Builder<T> builder,
      TidegateConfig config,
      String table,
      @Nullable Long snapshotId,
      List<Expression> filters) {
    IcebergSource.Builder<T> source =
        builder
            .tableLoader(Catalogs.table(config.catalog(), table))
            .project(inDefinedOrder(load(config, table), table))
            .filters(snapshotId == null ? List.of(Expressions.alwaysFalse()) : filters)
            .streaming(false);
    return snapshotId == null ? source : source.useSnapshotId(snapshotId);
  }

  /**
   * Reads a table as it was at a snapshot, as a stream that ends.
   *
   * @param snapshotId as for {@link #bounded}
   * @param wanted rows that cannot match are skipped; those that come must be checked again
   */
  public static <T> DataStream<T> read(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      String table,
      @Nullable Long snapshotId,
      FromRow<T> fromRow,
      TypeInformation<T> type,
      Expression wanted,
      String uid) {
    return stream(
        env, bounded(config, table, snapshotId, fromRow, type, List.of(wanted)), type, uid);
  }

  /**
   * As {@link #read}, but file by file in the order of their earliest event, with watermarks: no
   * file that is still to come has an event before them. Rows of a file that is read are not
   * skipped: a job that starts from state goes on in the files that the state names, whatever is
   * wanted by then.
   */
  @SuppressWarnings("deprecation") // nothing else takes a reader that skips no row
  public static <T> DataStream<T> readInTimeOrder(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      String table,
      @Nullable Long snapshotId,
      FromRow<T> fromRow,
      TypeInformation<T> type,
      Expression wanted,
      String uid) {
    IcebergSource<T> source =
        source(
                IcebergSource.<T>builder()
                    .readerFunction(
                        everyRow(load(config, table), table, new Converter<>(fromRow, type))),
                config,
                table,
                snapshotId,
                List.of(wanted))
            .watermarkColumn("event_time")
            .splitOpenFileCost(SPLIT_BYTES)
            .splitSize(SPLIT_BYTES)
            .build();
    return stream(env, source, type, uid);
  }

  private static <T> ReaderFunction<T> everyRow(
      Table existing, String table, RowDataConverter<T> converter) {
    return new ConverterReaderFunction<>(
        converter,
        new Configuration(),
        existing.schema(),
        inDefinedOrder(existing, table),
        existing.properties().get(TableProperties.DEFAULT_NAME_MAPPING),
        true,
        existing.io(),
        existing.encryption(),
        List.of(),
        NO_LIMIT);
  }

  private static <T> DataStream<T> stream(
      StreamExecutionEnvironment env,
      IcebergSource<T> source,
      TypeInformation<T> type,
      String uid) {
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), uid, type).uid(uid);
  }

  /** The table's own columns, by the definition's names and in its order. */
  private static Schema inDefinedOrder(Table existing, String table) {
    List<Types.NestedField> columns =
        Tables.of(table).schema().columns().stream()
            .map(column -> Objects.requireNonNull(existing.schema().findField(column.name())))
            .toList();
    return new Schema(columns);
  }

  private static final class Converter<T> implements RowDataConverter<T> {
    private static final long serialVersionUID = 1L;
    private final FromRow<T> fromRow;
    private final TypeInformation<T> type;

    Converter(FromRow<T> fromRow, TypeInformation<T> type) {
      this.fromRow = fromRow;
      this.type = type;
    }

    @Override
    public T apply(RowData row) {
      return fromRow.apply(row);
    }

    @Override
    public TypeInformation<T> getProducedType() {
      return type;
    }
  }
}
