package io.tidegate.connector;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
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
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put("bootstrap.servers", config.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ranges.keySet());
      ranges.forEach((partition, range) -> consumer.seek(partition, range.first()));
      while (ranges.entrySet().stream()
          .anyMatch(range -> consumer.position(range.getKey()) < range.getValue().next())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          KafkaTopics.Range range =
              ranges.get(new TopicPartition(record.topic(), record.partition()));
          if (range != null && record.offset() < range.next()) {
            out.accept(record);
          }
        }
      }
    }
  }
}
