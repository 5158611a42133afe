package io.tidegate.connector;

import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.ReadPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code read_positions} without which {@link ArchivedEnds} would answer otherwise for
 * a table as it was at some instant, or is later. A position of before the rows that the table had
 * by then counts for it whatever comes, so of those the furthest will do; and a position that is no
 * further than another that counts wherever it does says nothing.
 */
final class NeededPositions implements Predicate<Record> {

  /** Where a table ends that has no row of a partition. */
  private static final long EMPTY = 0;

  private final Set<ReadPosition> needed = new HashSet<>();

  private NeededPositions() {}

  /**
   * @param positions table {@code read_positions}
   * @param snapshotId of it, whose rows are told apart
   * @param sinceMs readers may ask for snapshots that were the newest then or later, epoch
   *     milliseconds
   */
  static NeededPositions of(TidegateConfig config, Table positions, long snapshotId, long sinceMs) {
    Map<TopicPartition, Range> read = new HashMap<>();
    each(
        positions,
        snapshotId,
        position ->
            read.merge(
                partition(position),
                new Range(0, position.next()),
                (a, b) -> new Range(0, Math.max(a.next(), b.next()))));
    Map<TopicPartition, Held> held = new HashMap<>();
    ArchiveProgress.tablesByTopic(config.kafka().topics())
        .forEach(
            (topic, name) -> {
              Map<TopicPartition, Range> of = new HashMap<>(read);
              of.keySet().removeIf(at -> !at.topic().equals(topic));
              Table table = IcebergTables.load(config, name);
              held.putAll(HeldOffsets.of(table, oldestAsked(table, sinceMs), of));
            });
    Map<TopicPartition, SortedMap<Long, ReadPosition>> furthest = new HashMap<>();
    each(
        positions,
        snapshotId,
        position -> {
          Held end = held.get(partition(position));
          add(position, end == null ? EMPTY : end.next(), furthest);
        });
    NeededPositions needed = new NeededPositions();
    furthest.values().forEach(needed::addWithoutLesser);
    return needed;
  }

  /** The snapshot that was the newest at an instant; null where the table was empty. */
  private static @Nullable Long oldestAsked(Table table, long sinceMs) {
    Snapshot each = table.currentSnapshot();
    while (each != null && each.timestampMillis() > sinceMs) {
      Snapshot parent = each.parentId() == null ? null : table.snapshot(each.parentId());
      if (parent == null && each.parentId() != null) {
        return each.snapshotId(); // nobody can ask for what is gone
      }
      each = parent;
    }
    return each == null ? null : each.snapshotId();
  }

  /**
   * @param end where the table ends at the oldest snapshot that is asked for
   * @param furthest by the largest row before them
   */
  private static void add(
      ReadPosition position,
      long end,
      Map<TopicPartition, SortedMap<Long, ReadPosition>> furthest) {
    if (position.next() > Math.max(end, position.kept() + 1)) { // else the rows say as much
      furthest
          .computeIfAbsent(partition(position), at -> new TreeMap<>())
          .merge(Math.max(position.kept(), end - 1), position, NeededPositions::further);
    }
  }

  /** Of two that are as far the newer, which is looked for first. */
  private static ReadPosition further(ReadPosition a, ReadPosition b) {
    if (a.next() != b.next()) {
      return a.next() > b.next() ? a : b;
    }
    return a.readMs() > b.readMs() ? a : b;
  }

  private void addWithoutLesser(SortedMap<Long, ReadPosition> byRow) {
    long next = 0;
    for (ReadPosition position : byRow.values()) {
      if (position.next() > next) {
        needed.add(position);
        next = position.next();
      }
    }
  }

  private static void each(Table positions, long snapshotId, Consumer<ReadPosition> each) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(positions).useSnapshot(snapshotId).build()) {
      rows.forEach(row -> each.accept(position(row)));
    } catch (IOException e) {
      throw new UncheckedIOException(positions.name() + " cannot be read", e);
    }
  }

  private static ReadPosition position(Record row) {
    return new ReadPosition(
        (String) row.getField("_topic"),
        (int) row.getField("_topic_partition"),
        (long) row.getField("next_offset"),
        (long) row.getField("kept_offset"),
        ((OffsetDateTime) row.getField("read_at")).toInstant().toEpochMilli());
  }

  private static TopicPartition partition(ReadPosition position) {
    return new TopicPartition(position.topic(), position.partition());
  }

  @Override
  public boolean test(Record row) {
    return needed.contains(position(row));
  }
}
