package io.tidegate.cli.bench;

import io.tidegate.model.OutRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/** What both jobs in SQL share: how they are tuned, and their answers as messages. */
final class SqlChanges {

  private SqlChanges() {}

  /** Mini-batches of a second, local and global aggregation. */
  static void tune(TableConfig config) {
    config.set("table.exec.mini-batch.enabled", "true");
    config.set("table.exec.mini-batch.allow-latency", "1 s");
    config.set("table.exec.mini-batch.size", "20000");
    config.set("table.optimizer.agg-phase-strategy", "TWO_PHASE");
  }

  /**
   * The newest totals of each cell.
   *
   * @param keyColumns columns that name the cell: flag, variant and, if there is one, segment; the
   *     others are its numbers
   */
  static DataStream<OutRecord> messages(DataStream<Row> changes, int keyColumns, String topic) {
    return changes.flatMap(
        (Row row, Collector<OutRecord> out) -> {
          if (row.getKind() != RowKind.UPDATE_BEFORE && row.getKind() != RowKind.DELETE) {
            out.collect(FlinkRival.message(topic, key(row, keyColumns), totals(row, keyColumns)));
          }
        },
        TypeInformation.of(OutRecord.class));
  }

  private static String key(Row row, int columns) {
    StringBuilder key =
        new StringBuilder(
            Totals.key(String.valueOf(row.getField(0)), String.valueOf(row.getField(1))));
    for (int i = 2; i < columns; i++) {
      key.append('/').append(row.getField(i));
    }
    return key.toString();
  }

  private static Totals totals(Row row, int first) {
    long[] numbers = new long[row.getArity() - first];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = row.getField(first + i) instanceof Number n ? n.longValue() : 0;
    }
    return Totals.of(numbers);
  }
}
