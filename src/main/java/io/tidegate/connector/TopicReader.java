package io.tidegate.connector;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in a topic now, without a job. */
public final class TopicReader {

  private TopicReader() {}

  /** Hands out every committed record of the ranges, each partition in offset order. */
  public static void read(
      KafkaConfig config,
      Map<TopicPartition, KafkaTopics.Range> ranges,
      Consumer<ConsumerRecord<byte[], byte[]>> out) {
    readUntil(
        config,
        ranges,
        record -> {
          out.accept(record);
          return false;
        });
  }

  /** As {@link #read}, but of each partition no further than the first record that is enough. */
  static void readUntil(
      KafkaConfig config,
      Map<TopicPartition, KafkaTopics.Range> ranges,
      Predicate<ConsumerRecord<byte[], byte[]>> enough) {
    Map<TopicPartition, KafkaTopics.Range> open = new HashMap<>(ranges);
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put("bootstrap.servers", config.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ranges.keySet());
      ranges.forEach((partition, range) -> consumer.seek(partition, range.first()));
      while (true) {
        open.entrySet()
            .removeIf(range -> consumer.position(range.getKey()) >= range.getValue().next());
        if (open.isEmpty()) {
          return;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          TopicPartition at = new TopicPartition(record.topic(), record.partition());
          KafkaTopics.Range range = open.get(at);
          if (range != null && record.offset() < range.next() && enough.test(record)) {
            open.remove(at);
            consumer.pause(Set.of(at));
          }
        }
      }
    }
  }
}
