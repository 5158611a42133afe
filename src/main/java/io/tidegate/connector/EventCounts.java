package io.tidegate.connector;

import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.Origin;
import io.tidegate.model.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;

/**
 * How many events of each record tables and dead letters hold, for topics of which one record may
 * hold several. Mutable while it is filled.
 */
final class EventCounts {

  private final Counts rows = new Counts();
  private final Counts letters = new Counts();

  /** Times by offset: most are held once, as ranges. */
  private static final class Counts {
    private final ArchivedOffsets once = new ArchivedOffsets();
    private final Map<TopicPartition, Map<Long, Integer>> more = new HashMap<>();

    void add(TopicPartition at, long offset) {
      if (once.contains(at.topic(), at.partition(), offset)) {
        more.computeIfAbsent(at, p -> new HashMap<>()).merge(offset, 1, Integer::sum);
      } else {
        once.add(at.topic(), at.partition(), offset);
      }
    }

    int of(TopicPartition at, long offset) {
      return once.contains(at.topic(), at.partition(), offset)
          ? 1 + more.getOrDefault(at, Map.of()).getOrDefault(offset, 0)
          : 0;
    }
  }

  /**
   * What is wrong with a record's events.
   *
   * @param missing events fewer than the record has
   * @param repeated events more than the record has
   */
  record Difference(long missing, long repeated) {}

  /** Reads what is held of the records that some topics still have. */
  static EventCounts read(TidegateConfig config, KafkaTopics topics, Set<String> of) {
    EventCounts counts = new EventCounts();
    if (of.isEmpty()) {
      return counts;
    }
    Map<TopicPartition, KafkaTopics.Range> there = new HashMap<>();
    of.forEach(topic -> there.putAll(topics.ranges(topic)));
    Map<String, String> tables = ArchiveProgress.tablesByTopic(config.kafka().topics());
    there.forEach(
        (at, range) -> {
          String table =
              Objects.requireNonNull(
                  tables.get(at.topic()), () -> "no table of topic " + at.topic());
          counts.addRows(IcebergTables.load(config, table), at, range.first());
        });
    ArchiveProgress.eachDeadLetter(
        config.kafka(),
        topics,
        letter -> {
          KafkaTopics.Range range = there.get(at(letter));
          if (range != null && letter.offset() >= range.first()) {
            counts.letter(letter);
          }
        });
    return counts;
  }

  private void addRows(Table table, TopicPartition at, long first) {
    try (CloseableIterable<Record> found =
        IcebergGenerics.read(table)
            .select("_offset")
            .where(
                Expressions.and(
                    Expressions.equal("_topic", at.topic()),
                    Expressions.equal("_topic_partition", at.partition()),
                    Expressions.greaterThanOrEqual("_offset", first)))
            .build()) {
      for (Record row : found) {
        row(at.topic(), at.partition(), (long) row.getField("_offset"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("table " + table.name() + " cannot be read", e);
    }
  }

  void row(String topic, int partition, long offset) {
    rows.add(new TopicPartition(topic, partition), offset);
  }

  void letter(Origin of) {
    letters.add(at(of), of.offset());
  }

  private static TopicPartition at(Origin origin) {
    return new TopicPartition(origin.topic(), origin.partition());
  }

  /**
   * Compares how many events are held of a record with how many are in it.
   *
   * @param events what the record holds
   */
  Difference compare(TopicPartition at, long offset, List<? extends Received> events) {
    long refused = events.stream().filter(event -> event.refused() != null).count();
    long tooManyRows = rows.of(at, offset) - (events.size() - refused);
    long tooManyLetters = letters.of(at, offset) - refused;
    return new Difference(
        Math.max(0, -tooManyRows) + Math.max(0, -tooManyLetters),
        Math.max(0, tooManyRows) + Math.max(0, tooManyLetters));
  }
}
