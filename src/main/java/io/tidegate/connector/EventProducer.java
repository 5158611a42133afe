package io.tidegate.connector;

import io.tidegate.codec.EventEncoder;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to the topics, as applications and rollout tooling do: key = unit or rollout, the
 * record's timestamp = the event's time. Not transactional; each record is written once. Not
 * thread-safe.
 */
public final class EventProducer implements AutoCloseable {

  private final Topics topics;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventEncoder encoder = new EventEncoder();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  public EventProducer(KafkaConfig config) {
    this.topics = config.topics();
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public void exposure(Exposure event) {
    send(topics.exposures(), event.eventTimeMs(), event.unitId(), encoder.exposure(event));
  }

  public void outcome(Outcome event) {
    send(topics.outcomes(), event.eventTimeMs(), event.unitId(), encoder.outcome(event));
  }

  public void rollout(RolloutEvent event) {
    send(
        topics.rollouts(), event.eventTimeMs(), event.rolloutId(), RolloutEventCodec.encode(event));
  }

  /** Writes bytes as they are, such as a malformed event of a drill. */
  public void send(String topic, long recordTimeMs, String key, byte[] value) {
    send(topic, recordTimeMs, key, value, partition -> {});
  }

  /** As {@link #send(String, long, String, byte[])}; tells the partition once it is written. */
  public void send(
      String topic, long recordTimeMs, String key, byte[] value, IntConsumer partition) {
    byte[] keyBytes = key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8);
    var unused =
        producer.send(
            new ProducerRecord<>(topic, null, recordTimeMs, keyBytes, value),
            (metadata, exception) -> {
              if (exception == null) {
                partition.accept(metadata.partition());
              } else {
                failure.compareAndSet(null, exception);
              }
            });
  }

  /** Waits until everything is written; throws KafkaException where something could not be. */
  public void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new KafkaException("an event could not be written: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    try {
      flush();
    } finally {
      producer.close();
    }
  }
}
