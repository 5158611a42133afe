package io.tidegate.cli.bench;

import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EventsConfig;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicFollower;
import io.tidegate.connector.TopicReader;
import io.tidegate.connector.Topics;
import io.tidegate.job.GateJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The time from what moves the watermark past a boundary to a reader of committed signals. The gate
 * runs as in production, by the wall's clock, while events come at a steady pace. What moves the
 * watermark is the last, over all partitions, of the first events or ticks that are far enough past
 * the boundary; it arrives, at the earliest, at its own time.
 */
final class LatencyRun {

  private static final Duration LOOKS = Duration.ofSeconds(1);
  private static final long LONGEST_WARM_UP_MS = 10_000;
  private static final long PATIENCE_MS = 60_000;
  private static final long SLACK_MS = 3_000;

  private final BenchPlan plan;
  private final TidegateConfig platform;

  LatencyRun(BenchPlan plan, TidegateConfig platform) {
    this.plan = plan;
    this.platform = platform;
  }

  /**
   * What was seen.
   *
   * @param seconds of each boundary, in ascending order
   * @param rate records a second that were written
   */
  record Latency(List<Double> seconds, double rate) {

    /** The smallest that at least this share of the boundaries does not exceed. */
    double quantile(double share) {
      return seconds.get((int) Math.ceil(share * seconds.size()) - 1);
    }
  }

  /**
   * Throws an IllegalStateException where a boundary gets no signal.
   *
   * @param name of this run, new
   * @param rate records a second
   */
  Latency run(String name, GateConfig.Delivery delivery, double rate) throws Exception {
    long warmUpMs = Math.min(LONGEST_WARM_UP_MS, plan.latencySeconds() * 1_000L);
    long lengthMs = plan.outOfOrderMs() + warmUpMs + plan.latencySeconds() * 1_000L + SLACK_MS;
    int records = (int) Math.min(Integer.MAX_VALUE, (long) (rate * lengthMs / 1_000));
    int most = records / Scenario.EVENTS_A_SESSION;
    Scenario scenario =
        Scenario.of(name, records, Math.max(1, Math.min(plan.units(), most)), Scenario.Kind.TOTALS);
    try (World world = World.live(scenario, live(delivery), rate)) {
      Map<Long, Long> received = new ConcurrentHashMap<>();
      world.define(System.currentTimeMillis() - 2 * LOOKS.toMillis(), LOOKS);
      JobClient job = start(GateJob.environment(world.config()));
      TopicFollower follower =
          TopicFollower.start(
              world.config().kafka(),
              List.of(world.config().kafka().topics().gateSignals()),
              record -> received.putIfAbsent(boundary(record.value()), System.currentTimeMillis()));
      try (follower) {
        long startMs = System.currentTimeMillis();
        world.events();
        long tookMs = System.currentTimeMillis() - startMs;
        long last = floor(startMs + tookMs - plan.outOfOrderMs() - SLACK_MS);
        await(received, last, job);
        return new Latency(
            latencies(world.config(), received, floor(startMs + warmUpMs) + LOOKS.toMillis(), last),
            world.records() * 1_000.0 / tookMs);
      } finally {
        job.cancel().get();
      }
    }
  }

  private TidegateConfig live(GateConfig.Delivery delivery) {
    EventsConfig events = platform.events();
    return platform
        .withEvents(
            new EventsConfig(
                EventsConfig.Clock.WALL,
                plan.outOfOrderMs(),
                events.idleMs(),
                events.maxFutureMs(),
                events.maxPastMs(),
                events.maxBytes(),
                events.formats(),
                events.dimensions()))
        .withRuntime(platform.runtime().withBounded(false))
        .withGate(platform.gate().withSignals(delivery));
  }

  private static JobClient start(StreamExecutionEnvironment environment) throws Exception {
    JobClient job = environment.executeAsync("gate latency");
    JobStatus status = job.getJobStatus().get();
    while (status != JobStatus.RUNNING) {
      if (status.isTerminalState()) {
        throw new IllegalStateException("the gate is " + status + " before it ran");
      }
      Thread.sleep(50);
      status = job.getJobStatus().get();
    }
    return job;
  }

  private static void await(Map<Long, Long> received, long last, JobClient job) throws Exception {
    long untilMs = System.currentTimeMillis() + PATIENCE_MS;
    while (!received.containsKey(last)) {
      if (System.currentTimeMillis() > untilMs) {
        throw new IllegalStateException(
            "no signal within a minute; the job is " + job.getJobStatus().get());
      }
      Thread.sleep(50);
    }
  }

  private List<Double> latencies(
      TidegateConfig config, Map<Long, Long> received, long first, long last) {
    List<NavigableMap<Long, Long>> movers = movers(config);
    List<Double> seconds = new ArrayList<>();
    for (long boundary = first; boundary <= last; boundary += LOOKS.toMillis()) {
      Long at = received.get(boundary);
      if (at == null) {
        throw new IllegalStateException("no signal of boundary " + boundary);
      }
      long arrivalMs = Long.MIN_VALUE;
      for (NavigableMap<Long, Long> partition : movers) {
        Map.Entry<Long, Long> mover = partition.ceilingEntry(boundary);
        if (mover == null) {
          throw new IllegalStateException("a partition has nothing past boundary " + boundary);
        }
        arrivalMs = Math.max(arrivalMs, mover.getValue());
      }
      seconds.add((at - arrivalMs) / 1e3);
    }
    if (seconds.isEmpty()) {
      throw new IllegalStateException("too short for a boundary");
    }
    Collections.sort(seconds);
    return seconds;
  }

  /** Of each partition the time of the first record that moves its watermark past a boundary. */
  private List<NavigableMap<Long, Long>> movers(TidegateConfig config) {
    Topics topics = config.kafka().topics();
    Map<TopicPartition, KafkaTopics.Range> ranges = new HashMap<>();
    try (KafkaTopics known = KafkaTopics.connect(config.kafka())) {
      for (String topic : List.of(topics.exposures(), topics.outcomes(), topics.rollouts())) {
        ranges.putAll(known.ranges(topic));
      }
    }
    Map<TopicPartition, NavigableMap<Long, Long>> movers = new HashMap<>();
    ranges.keySet().forEach(partition -> movers.put(partition, new TreeMap<>()));
    TopicReader.read(
        config.kafka(),
        ranges,
        record -> {
          if (record.topic().equals(topics.rollouts()) && !isTick(record)) {
            return;
          }
          NavigableMap<Long, Long> own =
              movers.get(new TopicPartition(record.topic(), record.partition()));
          if (own != null) {
            own.putIfAbsent(
                floor(record.timestamp() - plan.outOfOrderMs() - 1), record.timestamp());
          }
        });
    return List.copyOf(movers.values());
  }

  private static boolean isTick(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null;
  }

  private static long boundary(byte[] signal) {
    try {
      return SignalCodec.readSignal(signal).boundaryMs();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last boundary of the grid at or before an instant. */
  private static long floor(long timeMs) {
    return Math.floorDiv(timeMs, LOOKS.toMillis()) * LOOKS.toMillis();
  }
}
