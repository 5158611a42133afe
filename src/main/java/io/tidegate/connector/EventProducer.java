package io.tidegate.connector;

import io.tidegate.codec.EventEncoder;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to the topics, as applications and rollout tooling do: key = unit or rollout, the
 * record's timestamp = the event's time. Not transactional; each record is written once. Only
 * {@link #write} is thread-safe.
 */
public final class EventProducer implements AutoCloseable {

  /** After this a prompt producer gives an event up. */
  private static final int PROMPT_MS = 8_000;

  /** A write is waited for a little longer than a prompt producer tries. */
  private static final int WRITE_MS = 10_000;

  private final Topics topics;
  private final Producer<byte[], byte[]> producer;
  private final EventEncoder encoder = new EventEncoder();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  EventProducer(Topics topics, Producer<byte[], byte[]> producer) {
    this.topics = topics;
    this.producer = producer;
  }

  public EventProducer(KafkaConfig config) {
    this(config.topics(), connect(config, Map.of()));
  }

  /** For single events that somebody waits for: what is not written in seconds has failed. */
  public static EventProducer prompt(KafkaConfig config) {
    return new EventProducer(
        config.topics(),
        connect(
            config,
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG, 0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PROMPT_MS)));
  }

  private static Producer<byte[], byte[]> connect(KafkaConfig config, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    // A new topic's first batch may be refused while its leader is elected; were the next one in
    // flight it would be taken first, and the retried one be out of sequence for ever.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    properties.putAll(more);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
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

  /**
   * Writes an event and waits until the broker has it; throws KafkaException where that was not
   * confirmed, which concerns no other event.
   */
  public void write(RolloutEvent event) {
    ProducerRecord<byte[], byte[]> record =
        record(
            topics.rollouts(),
            event.eventTimeMs(),
            event.rolloutId(),
            RolloutEventCodec.encode(event));
    try {
      producer.send(record).get(WRITE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new KafkaException("the event could not be written: " + e.getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("the event was not written within " + WRITE_MS + " ms", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Writes bytes as they are, such as a malformed event of a drill. */
  public void send(String topic, long recordTimeMs, String key, byte[] value) {
    send(topic, recordTimeMs, key, value, partition -> {});
  }

  /** As {@link #send(String, long, String, byte[])}; tells the partition once it is written. */
  public void send(
      String topic, long recordTimeMs, String key, byte[] value, IntConsumer partition) {
    var unused =
        producer.send(
            record(topic, recordTimeMs, key, value),
            (metadata, exception) -> {
              if (exception == null) {
                partition.accept(metadata.partition());
              } else {
                failure.compareAndSet(null, exception);
              }
            });
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, long recordTimeMs, String key, byte[] value) {
    byte[] keyBytes = key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, null, recordTimeMs, keyBytes, value);
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
