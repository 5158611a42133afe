package io.tidegate.cli.demo;

import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.model.GateSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the gate's signals as rollout tooling does: what is committed, in order. */
final class SignalFeed implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<GateSignal> signals = new ArrayList<>();

  SignalFeed(KafkaConfig config) {
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    TopicPartition only = new TopicPartition(config.topics().gateSignals(), 0);
    consumer.assign(List.of(only));
    consumer.seekToBeginning(List.of(only));
  }

  /**
   * Waits for the signal of a boundary, or a later one.
   *
   * @param alive called while waiting; throws where the gate runs no longer
   */
  void await(long boundaryMs, Runnable alive) {
    while (newestMs() < boundaryMs) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        signals.add(read(record.value()));
      }
      alive.run();
    }
  }

  /** Every signal read so far. */
  List<GateSignal> signals() {
    return signals;
  }

  private long newestMs() {
    return signals.isEmpty() ? Long.MIN_VALUE : signals.get(signals.size() - 1).boundaryMs();
  }

  private static GateSignal read(byte[] value) {
    try {
      return SignalCodec.readSignal(value);
    } catch (IOException e) {
      throw new UncheckedIOException("a message on gate-signals is no signal", e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
