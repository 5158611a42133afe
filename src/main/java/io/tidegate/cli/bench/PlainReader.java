package io.tidegate.cli.bench;

import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.connector.UnitKeys;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;

/**
 * Threads with a consumer each and nothing else: no checkpoint, no time, no order but that of the
 * partitions. A unit's records are in partitions of one number, so that each thread reads exposures
 * first and then outcomes.
 */
final class PlainReader implements Engine {

  /** How much is done with a record. */
  enum Work {
    /** It is discarded. */
    READ,
    /** It is decoded by the product's decoder, then discarded. */
    DECODE,
    /** It is decoded and counted in memory. */
    FOLD
  }

  private final Work work;
  private final int threads;

  PlainReader(Work work, int threads) {
    this.work = work;
    this.threads = threads;
  }

  @Override
  public String name() {
    return switch (work) {
      case READ -> "raw_read";
      case DECODE -> "decode";
      case FOLD -> "fold";
    };
  }

  @Override
  public boolean counts() {
    return work == Work.FOLD;
  }

  @Override
  public Run run(World.Written world) throws Exception {
    TidegateConfig config = world.config();
    Map<TopicPartition, KafkaTopics.Range> exposures;
    Map<TopicPartition, KafkaTopics.Range> outcomes;
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      exposures = topics.ranges(config.kafka().topics().exposures());
      outcomes = topics.ranges(config.kafka().topics().outcomes());
    }
    Map<String, Totals> found = new TreeMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Map<String, Totals>>> parts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Part part = new Part(work, config);
        Map<TopicPartition, KafkaTopics.Range> first = share(exposures, t);
        Map<TopicPartition, KafkaTopics.Range> second = share(outcomes, t);
        parts.add(pool.submit(() -> part.read(first, second)));
      }
      for (Future<Map<String, Totals>> part : parts) {
        Totals.merge(found, part.get());
      }
    } finally {
      pool.shutdown();
    }
    Stopwatch.stop();
    return new Run(Stopwatch.lap(), found, 0);
  }

  private Map<TopicPartition, KafkaTopics.Range> share(
      Map<TopicPartition, KafkaTopics.Range> all, int thread) {
    Map<TopicPartition, KafkaTopics.Range> own = new HashMap<>(all);
    own.keySet().removeIf(partition -> partition.partition() % threads != thread);
    return own;
  }

  /** A unit that has been exposed. */
  private static final class Unit {
    private final String key;
    private final long firstMs;
    private boolean converted;

    Unit(String key, long firstMs) {
      this.key = key;
      this.firstMs = firstMs;
    }
  }

  /** What one thread does. */
  private static final class Part {
    private final Work work;
    private final KafkaConfig kafka;
    private final EventDecoder decoder;
    private final Map<String, Unit> units = new HashMap<>();
    private final Map<String, long[]> tally = new HashMap<>();

    Part(Work work, TidegateConfig config) {
      this.work = work;
      this.kafka = config.kafka();
      this.decoder =
          new EventDecoder(config.events().limits(), UnitKeys.pseudonymiser(config.privacy()));
    }

    Map<String, Totals> read(
        Map<TopicPartition, KafkaTopics.Range> exposures,
        Map<TopicPartition, KafkaTopics.Range> outcomes) {
      if (!exposures.isEmpty()) {
        TopicReader.read(kafka, exposures, r -> exposure(r.value(), r.timestamp()));
        TopicReader.read(kafka, outcomes, r -> outcome(r.value(), r.timestamp()));
      }
      Map<String, Totals> totals = new TreeMap<>();
      tally.forEach((key, n) -> totals.put(key, Totals.of(n)));
      return totals;
    }

    private void exposure(byte[] value, long recordTimeMs) {
      if (work != Work.READ
          && decoder.exposure(value, recordTimeMs) instanceof Decoded.Event<Exposure> decoded
          && work == Work.FOLD) {
        Exposure e = decoded.event();
        units.computeIfAbsent(
            e.unitId(),
            id -> {
              Unit unit = new Unit(Totals.key(e.flagKey(), e.variant()), e.eventTimeMs());
              sums(unit)[0]++;
              return unit;
            });
      }
    }

    private void outcome(byte[] value, long recordTimeMs) {
      if (work != Work.READ
          && decoder.outcome(value, recordTimeMs) instanceof Decoded.Event<Outcome> decoded
          && work == Work.FOLD) {
        Unit unit = units.get(decoded.event().unitId());
        if (unit != null && decoded.event().eventTimeMs() >= unit.firstMs) {
          fold(unit, decoded.event());
        }
      }
    }

    private void fold(Unit unit, Outcome outcome) {
      long[] sums = sums(unit);
      switch (outcome.name()) {
        case "purchase" -> {
          sums[3] += outcome.valueMicros();
          if (!unit.converted) {
            unit.converted = true;
            sums[1]++;
          }
        }
        case "request" -> sums[2]++;
        case "error" -> sums[4]++;
        default -> {}
      }
    }

    private long[] sums(Unit unit) {
      return tally.computeIfAbsent(unit.key, key -> new long[5]);
    }
  }
}
