package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  private static final Duration FIRST_LOOK = Duration.ofDays(1);
  private static final Duration LONGEST_LOOK = Duration.ofDays(1_000);
  private static final int WIDEN = 16;

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
    Set<TopicPartition> open = new HashSet<>();
    topic.forEach(
        (at, range) -> {
          if (range.next() > 0) {
            open.add(at);
          }
        });
    if (open.isEmpty()) {
      return ends;
    }
    Table positions = IcebergTables.load(config, Tables.READ_POSITIONS);
    // A partition's positions grow with time, so the newest that counts is the furthest.
    for (Duration look = FIRST_LOOK; !open.isEmpty(); look = look.multipliedBy(WIDEN)) {
      boolean all = look.compareTo(LONGEST_LOOK) > 0;
      read(positions, all ? null : Instant.now().minus(look), open, held, ends);
      if (all) {
        break;
      }
    }
    return ends;
  }

  /**
   * @param from positions of before stay unread; null for none
   * @param open partitions without a position that counts, which are looked for
   */
  private static void read(
      Table positions,
      @Nullable Instant from,
      Set<TopicPartition> open,
      Map<TopicPartition, Held> held,
      Map<TopicPartition, Held> ends) {
    Expression wanted = Expressions.alwaysFalse();
    for (TopicPartition at : open) {
      wanted = Expressions.or(wanted, counting(at, next(held, at)));
    }
    if (from != null) {
      wanted =
          Expressions.and(
              wanted,
              Expressions.greaterThanOrEqual(
                  "read_at", TimeUnit.MILLISECONDS.toMicros(from.toEpochMilli())));
    }
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(positions)
            .select("_topic", "_topic_partition", "next_offset", "kept_offset")
            .where(wanted)
            .build()) {
      for (Record row : rows) {
        TopicPartition at =
            new TopicPartition(
                (String) row.getField("_topic"), (int) row.getField("_topic_partition"));
        ends.merge(at, new Held((long) row.getField("next_offset"), Long.MIN_VALUE), Held::and);
        open.remove(at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(positions.name() + " cannot be read", e);
    }
  }

  private static Expression counting(TopicPartition at, long next) {
    return Expressions.and(
        Expressions.equal("_topic", at.topic()),
        Expressions.equal("_topic_partition", at.partition()),
        Expressions.lessThan("kept_offset", next));
  }

  private static long next(Map<TopicPartition, Held> held, TopicPartition at) {
    Held in = held.get(at);
    return in == null ? 0 : in.next();
  }
}
