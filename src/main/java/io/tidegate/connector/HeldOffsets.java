package io.tidegate.connector;

import io.tidegate.connector.KafkaTopics.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a table, as it was at a snapshot, holds the partitions of a topic. The archive keeps each
 * partition in offset order, so all usable records before the largest offset are in the table.
 */
final class HeldOffsets {

  private static final String TIME = "event_time";
  private static final String ARRIVED = "record_time";
  private static final long FIRST_LOOK = 1 << 16;
  private static final long WIDEN = 16;

  private HeldOffsets() {}

  /**
   * The end of a partition in a table.
   *
   * @param next one more than the largest offset
   * @param timeMs how late it was there, epoch milliseconds: the newest event time of the rows
   *     looked at, each no later than its record's own timestamp, so that neither a late row sets
   *     it back nor one from the future ahead; {@link Long#MIN_VALUE} in a table without event
   *     times
   */
  record Held(long next, long timeMs) {
    Held and(Held other) {
      return new Held(Math.max(next, other.next), Math.max(timeMs, other.timeMs));
    }
  }

  /**
   * Looks from the topic's end backwards, in growing steps, so that old files stay closed.
   *
   * @param snapshotId null for an empty table
   * @param topic the partitions as they are now
   * @return only partitions of which the table has a row
   */
  static Map<TopicPartition, Held> of(
      Table table, @Nullable Long snapshotId, Map<TopicPartition, Range> topic) {
    Map<TopicPartition, Held> held = new HashMap<>();
    Map<TopicPartition, Range> open = new HashMap<>(topic);
    long span = FIRST_LOOK;
    while (snapshotId != null && !open.isEmpty()) {
      read(table, snapshotId, open, span, held);
      long looked = span;
      open.entrySet()
          .removeIf(p -> held.containsKey(p.getKey()) || p.getValue().next() - looked <= 0);
      span = Math.multiplyExact(span, WIDEN);
    }
    return held;
  }

  private static void read(
      Table table,
      long snapshotId,
      Map<TopicPartition, Range> open,
      long span,
      Map<TopicPartition, Held> held) {
    boolean hasTime = table.schema().findField(TIME) != null;
    String[] columns =
        hasTime
            ? new String[] {"_topic", "_topic_partition", "_offset", TIME, ARRIVED}
            : new String[] {"_topic", "_topic_partition", "_offset"};
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .select(columns)
            .where(tail(open, span))
            .build()) {
      for (Record row : rows) {
        TopicPartition at =
            new TopicPartition(
                (String) row.getField("_topic"), (int) row.getField("_topic_partition"));
        long next = (long) row.getField("_offset") + 1;
        held.merge(at, new Held(next, hasTime ? timeMs(row) : Long.MIN_VALUE), Held::and);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
  }

  private static Expression tail(Map<TopicPartition, Range> open, long span) {
    Expression any = Expressions.alwaysFalse();
    for (Map.Entry<TopicPartition, Range> partition : open.entrySet()) {
      any =
          Expressions.or(
              any,
              Expressions.and(
                  Expressions.equal("_topic", partition.getKey().topic()),
                  Expressions.equal("_topic_partition", partition.getKey().partition()),
                  Expressions.greaterThanOrEqual(
                      "_offset", Math.max(0, partition.getValue().next() - span))));
    }
    return any;
  }

  private static long timeMs(Record row) {
    return Math.min(millis(row, TIME), millis(row, ARRIVED));
  }

  private static long millis(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant().toEpochMilli();
  }
}
