package io.tidegate.connector;

import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a topic has beyond its table. */
final class UnarchivedRecords {

  private UnarchivedRecords() {}

  /**
   * Hands out the committed records that the table does not hold yet.
   *
   * @param snapshotId of the table; null where it is empty
   */
  static void read(
      TidegateConfig config,
      String topic,
      String table,
      @Nullable Long snapshotId,
      Consumer<ConsumerRecord<byte[], byte[]>> out) {
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      Map<TopicPartition, Range> ranges = topics.ranges(topic);
      Map<TopicPartition, Held> held = ArchivedEnds.of(config, table, snapshotId, ranges);
      Map<TopicPartition, Range> rest = new HashMap<>();
      ranges.forEach(
          (partition, range) -> {
            Held in = held.get(partition);
            long first = in == null ? range.first() : Math.max(range.first(), in.next());
            if (first < range.next()) {
              rest.put(partition, new Range(first, range.next()));
            }
          });
      if (!rest.isEmpty()) {
        TopicReader.read(config.kafka(), rest, out);
      }
    }
  }
}
