package io.tidegate.connector;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.RolloutEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What was said so far on topic {@code rollouts}. */
public final class RolloutLog {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int SILENT_POLLS = 40;

  private RolloutLog() {}

  /**
   * Reads the topic to the end it has now: the usable events of one rollout in their order. Throws
   * a UserError where no broker answers.
   */
  public static List<RolloutEvent> read(TidegateConfig config, String rolloutId) {
    byte[] key = rolloutId.getBytes(StandardCharsets.UTF_8);
    List<RolloutEvent> events = new ArrayList<>();
    DecodeLimits limits = config.events().limits();
    read(
        config.kafka(),
        record -> {
          if (Arrays.equals(record.key(), key)) {
            usable(record, limits).ifPresent(events::add);
          }
        });
    return events;
  }

  /**
   * The newest TICK that is on the topic now; {@link Long#MIN_VALUE} for none. Throws a UserError
   * where no broker answers.
   */
  public static long frontierMs(TidegateConfig config) {
    long[] frontierMs = {Long.MIN_VALUE};
    DecodeLimits limits = config.events().limits();
    read(
        config.kafka(),
        record ->
            usable(record, limits)
                .filter(event -> event.kind() == RolloutEvent.Kind.TICK)
                .ifPresent(e -> frontierMs[0] = Math.max(frontierMs[0], e.eventTimeMs())));
    return frontierMs[0];
  }

  private static void read(KafkaConfig config, Consumer<ConsumerRecord<byte[], byte[]>> out) {
    Map<TopicPartition, KafkaTopics.Range> ranges;
    try (KafkaTopics topics = KafkaTopics.connect(config)) {
      ranges = topics.ranges(config.topics().rollouts());
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
      for (Map.Entry<TopicPartition, KafkaTopics.Range> range : ranges.entrySet()) {
        consumer.assign(List.of(range.getKey()));
        consumer.seek(range.getKey(), range.getValue().first());
        read(consumer, range.getKey(), range.getValue().next(), out);
      }
    }
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long end,
      Consumer<ConsumerRecord<byte[], byte[]>> out) {
    int silent = 0;
    while (consumer.position(partition) < end) {
      long before = consumer.position(partition);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end) {
          out.accept(record);
        }
      }
      silent = consumer.position(partition) == before ? silent + 1 : 0;
      if (silent >= SILENT_POLLS) {
        throw new KafkaException(partition + " stopped at offset " + before + " of " + end);
      }
    }
  }

  static Optional<RolloutEvent> usable(ConsumerRecord<byte[], byte[]> record, DecodeLimits limits) {
    return record.value() != null
            && RolloutEventCodec.decode(record.value(), record.timestamp(), limits)
                instanceof Decoded.Event<RolloutEvent> decoded
        ? Optional.of(decoded.event())
        : Optional.empty();
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaConfig config) {
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
