package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * Up to where a table, as it was at a snapshot, has what is in the partitions of its topic: all
 * before is in it, among the dead letters, or concerns another stream.
 *
 * <p>The archive notes in table {@code read_positions} how far it had read and what the largest
 * offset with a row was up to there. The tables are committed one by one, so a position counts only
 * where the snapshot holds that row: each partition is kept in offset order, so it holds all before
 * it then, and there is none between it and the position. Without a position that counts, the table
 * ends after its largest offset.
 */
final class ArchivedEnds {

  private ArchivedEnds() {}

  /**
   * @param snapshotId null for an empty table
   * @param topic the partitions as they are now
   * @return only partitions of which the archive has read something
   */
  static Map<TopicPartition, Held> of(
      TidegateConfig config,
      String table,
      @Nullable Long snapshotId,
      Map<TopicPartition, Range> topic) {
    Map<TopicPartition, Held> held =
        HeldOffsets.of(IcebergTables.load(config, table), snapshotId, topic);
    Map<TopicPartition, Held> ends = new HashMap<>(held);
    if (!topic.isEmpty()) {
      read(IcebergTables.load(config, Tables.READ_POSITIONS), topic, held, ends);
    }
    return ends;
  }

  private static void read(
      Table positions,
      Map<TopicPartition, Range> topic,
      Map<TopicPartition, Held> held,
      Map<TopicPartition, Held> ends) {
    Expression further = Expressions.alwaysFalse();
    for (TopicPartition at : topic.keySet()) {
      further = Expressions.or(further, further(at, next(held, at)));
    }
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(positions)
            .select("_topic", "_topic_partition", "next_offset", "kept_offset")
            .where(further)
            .build()) {
      for (Record row : rows) {
        TopicPartition at =
            new TopicPartition(
                (String) row.getField("_topic"), (int) row.getField("_topic_partition"));
        if ((long) row.getField("kept_offset") < next(held, at)) {
          long next = (long) row.getField("next_offset");
          ends.merge(at, new Held(next, Long.MIN_VALUE), Held::and);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(positions.name() + " cannot be read", e);
    }
  }

  private static Expression further(TopicPartition at, long next) {
    return Expressions.and(
        Expressions.equal("_topic", at.topic()),
        Expressions.equal("_topic_partition", at.partition()),
        Expressions.greaterThan("next_offset", next),
        Expressions.lessThan("kept_offset", next));
  }

  private static long next(Map<TopicPartition, Held> held, TopicPartition at) {
    Held in = held.get(at);
    return in == null ? 0 : in.next();
  }
}
