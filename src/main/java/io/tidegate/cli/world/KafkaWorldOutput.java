package io.tidegate.cli.world;

import io.tidegate.codec.EventEncoder;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.Topics;
import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;

/** Writes a simulation to the topics; a record's timestamp is the simulated time it arrives. */
public final class KafkaWorldOutput implements WorldOutput {

  private final Topics topics;
  private final EventProducer producer;
  private final EventEncoder encoder = new EventEncoder();
  private final AtomicLongArray newestExposureMs = newest();
  private final AtomicLongArray newestOutcomeMs = newest();

  public KafkaWorldOutput(KafkaConfig config) {
    this.topics = config.topics();
    this.producer = new EventProducer(config);
  }

  @Override
  public void arrival(Arrival arrival) {
    String unit = arrival.unitId();
    long atMs = arrival.arrivalMs();
    if (arrival instanceof Arrival.Exposed exposed) {
      long timeMs = exposed.event().eventTimeMs();
      byte[] json = encoder.exposure(exposed.event());
      producer.send(topics.exposures(), atMs, unit, json, p -> raise(newestExposureMs, p, timeMs));
    } else if (arrival instanceof Arrival.Happened happened) {
      long timeMs = happened.event().eventTimeMs();
      byte[] json = encoder.outcome(happened.event());
      producer.send(topics.outcomes(), atMs, unit, json, p -> raise(newestOutcomeMs, p, timeMs));
    } else if (arrival instanceof Arrival.Broken broken) {
      String topic = broken.exposure() ? topics.exposures() : topics.outcomes();
      producer.send(topic, atMs, unit, broken.payload().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void rollout(RolloutEvent event) {
    producer.rollout(event);
  }

  /**
   * Smallest over the partitions of exposures and outcomes of the newest event time flushed; {@link
   * Long#MIN_VALUE} while one is empty. A reader's watermark can come as far as this less its
   * out-of-order bound.
   */
  public long newestInEveryPartitionMs() {
    long smallest = Long.MAX_VALUE;
    for (int p = 0; p < KafkaTopics.EVENT_PARTITIONS; p++) {
      smallest = Math.min(smallest, Math.min(newestExposureMs.get(p), newestOutcomeMs.get(p)));
    }
    return smallest;
  }

  @Override
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }

  private static AtomicLongArray newest() {
    AtomicLongArray newest = new AtomicLongArray(KafkaTopics.EVENT_PARTITIONS);
    for (int p = 0; p < newest.length(); p++) {
      newest.set(p, Long.MIN_VALUE);
    }
    return newest;
  }

  private static void raise(AtomicLongArray newest, int partition, long timeMs) {
    // A broker whose topics have more partitions is none of ours to wait for.
    if (partition < newest.length()) {
      newest.accumulateAndGet(partition, timeMs, Math::max);
    }
  }
}
