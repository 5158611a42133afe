package io.tidegate.connector;

import io.tidegate.model.EmptyAhead;
import io.tidegate.model.ReadPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a broker what a reader of what is committed would pass over. */
public final class TransactionMarks implements EmptyAhead {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TransactionMarks.class);

  /** A checkpoint waits for the answer. */
  private static final Duration WITHIN = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int POLLS = 5;

  private final String bootstrapServers;

  /** A topic that is no longer read may be gone. */
  private final HashSet<String> topics;

  private final HashMap<String, String> settings;
  private transient @Nullable KafkaConsumer<byte[], byte[]> open;

  public TransactionMarks(KafkaConfig config) {
    this.bootstrapServers = config.bootstrapServers();
    this.topics = new HashSet<>(config.topics().all());
    this.settings = new HashMap<>(config.properties());
  }

  @Override
  public List<ReadPosition> past(List<ReadPosition> positions) {
    Map<TopicPartition, ReadPosition> at = new HashMap<>();
    positions.stream()
        .filter(p -> topics.contains(p.topic()))
        .forEach(p -> at.put(new TopicPartition(p.topic(), p.partition()), p));
    try {
      return past(consumer(), at);
    } catch (KafkaException e) {
      LOG.info("what lies ahead in the topics is not known: {}", Catalogs.reason(e));
      close();
      return List.of();
    }
  }

  private static List<ReadPosition> past(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, ReadPosition> at) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(at.keySet(), WITHIN);
    at.entrySet().removeIf(p -> starts.getOrDefault(p.getKey(), 0L) > p.getValue().next());
    Map<TopicPartition, Long> ends = consumer.endOffsets(at.keySet(), WITHIN);
    at.entrySet().removeIf(p -> ends.getOrDefault(p.getKey(), 0L) <= p.getValue().next());
    if (at.isEmpty()) {
      return List.of();
    }
    consumer.assign(at.keySet());
    consumer.resume(at.keySet());
    at.forEach((partition, p) -> consumer.seek(partition, p.next()));
    Set<TopicPartition> unread = new HashSet<>(at.keySet());
    Map<TopicPartition, Long> firsts = new HashMap<>();
    for (int i = 0; i < POLLS && !unread.isEmpty(); i++) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        ConsumerRecord<byte[], byte[]> first = records.records(partition).get(0);
        firsts.put(partition, first.offset());
        consumer.pause(Set.of(partition));
        unread.remove(partition);
      }
      unread.removeIf(
          partition -> consumer.position(partition, WITHIN) >= ends.getOrDefault(partition, 0L));
    }
    List<ReadPosition> moved = new ArrayList<>();
    at.forEach(
        (partition, p) -> {
          Long first = firsts.get(partition);
          long next = first == null ? consumer.position(partition, WITHIN) : first;
          if (next > p.next()) {
            moved.add(new ReadPosition(p.topic(), p.partition(), next, p.kept(), p.readMs()));
          }
        });
    return moved;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    KafkaConsumer<byte[], byte[]> consumer = open;
    if (consumer == null) {
      Map<String, Object> properties = new HashMap<>(settings);
      properties.put("bootstrap.servers", bootstrapServers);
      properties.put("isolation.level", "read_committed");
      properties.put("auto.offset.reset", "none");
      properties.put("max.partition.fetch.bytes", 1 << 16);
      consumer =
          new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      open = consumer;
    }
    return consumer;
  }

  @Override
  public void close() {
    KafkaConsumer<byte[], byte[]> consumer = open;
    open = null;
    if (consumer != null) {
      consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(WITHIN));
    }
  }
}
