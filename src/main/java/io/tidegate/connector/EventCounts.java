package io.tidegate.connector;

import io.tidegate.model.Origin;
import io.tidegate.model.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Map<TopicPartition, Map<Long, Integer>> rows = new HashMap<>();
  private final Map<TopicPartition, Map<Long, Integer>> letters = new HashMap<>();

  /**
   * What is wrong with a record's events.
   *
   * @param missing events held nowhere
   * @param repeated times that events are held more than once
   */
  record Difference(long missing, long repeated) {}

  /** Reads what is held of some topics. */
  static EventCounts read(TidegateConfig config, KafkaTopics topics, Set<String> of) {
    EventCounts counts = new EventCounts();
    if (of.isEmpty()) {
      return counts;
    }
    ArchiveProgress.tablesByTopic(config.kafka().topics())
        .forEach(
            (topic, table) -> {
              if (of.contains(topic)) {
                counts.addRows(config, topic, table);
              }
            });
    ArchiveProgress.eachDeadLetter(
        config.kafka(),
        topics,
        letter -> {
          if (of.contains(letter.topic())) {
            counts.letter(letter);
          }
        });
    return counts;
  }

  private void addRows(TidegateConfig config, String topic, String table) {
    try (CloseableIterable<Record> found =
        IcebergGenerics.read(IcebergTables.load(config, table))
            .select("_topic_partition", "_offset")
            .where(Expressions.equal("_topic", topic))
            .build()) {
      for (Record row : found) {
        row(topic, (int) row.getField("_topic_partition"), (long) row.getField("_offset"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("table " + table + " cannot be read", e);
    }
  }

  void row(String topic, int partition, long offset) {
    add(rows, topic, partition, offset);
  }

  void letter(Origin of) {
    add(letters, of.topic(), of.partition(), of.offset());
  }

  private static void add(
      Map<TopicPartition, Map<Long, Integer>> counts, String topic, int partition, long offset) {
    counts
        .computeIfAbsent(new TopicPartition(topic, partition), p -> new HashMap<>())
        .merge(offset, 1, Integer::sum);
  }

  /**
   * Compares what is held of a record with what is in it.
   *
   * @param events what the record holds
   */
  Difference compare(TopicPartition at, long offset, List<? extends Received> events) {
    long refused = events.stream().filter(event -> event.refused() != null).count();
    long tooManyRows = count(rows, at, offset) - (events.size() - refused);
    long tooManyLetters = count(letters, at, offset) - refused;
    return new Difference(
        Math.max(0, -tooManyRows) + Math.max(0, -tooManyLetters),
        Math.max(0, tooManyRows) + Math.max(0, tooManyLetters));
  }

  private static int count(
      Map<TopicPartition, Map<Long, Integer>> counts, TopicPartition at, long offset) {
    return counts.getOrDefault(at, Map.of()).getOrDefault(offset, 0);
  }
}
