package io.tidegate.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is measured.
 *
 * @param folder where broker and Flink keep their data
 * @param events records of each world, about
 * @param units units of each world but those with few and many
 * @param manyUnits units of the world with many; 0 where there is no such world
 * @param runs measured runs of each engine, after those that warm up
 * @param warmUps runs of each engine before them
 * @param parallelism threads, or tasks of each step
 * @param checkpointIntervalMs of every job but the one over the world with many units
 * @param rocksDb whether the gate also runs with its state in RocksDB
 * @param latencySeconds how long latencies are measured, after a warm-up; 0 for not at all
 * @param outOfOrderMs out-of-order bound while they are
 * @param ratios names of the ratios for which alone is measured; empty for everything
 */
public record BenchPlan(
    Path folder,
    int events,
    int units,
    int manyUnits,
    int runs,
    int warmUps,
    int parallelism,
    long checkpointIntervalMs,
    boolean rocksDb,
    int latencySeconds,
    long outOfOrderMs,
    Set<String> ratios) {

  public BenchPlan {
    ratios = Set.copyOf(ratios);
  }

  /** One unit for this many in the world with few. */
  static final int FEW = 10;

  /** Records a second of event time where looks are few: what a gate that keeps up is given. */
  private static final int DENSE_RATE = 10_000;

  private static final int MOST_ROLLOUTS = 100;
  private static final int LEAST_UNITS_A_ROLLOUT = 200;
  private static final long LONGER = 12;

  /** Most points of history at which a refresh is measured. */
  static final int REFRESHES = 10;

  /** Fewest units of which the gate can say something. */
  public static final int LEAST_UNITS = 2_000;

  /** Fewest events for a number of units. */
  public static long leastEvents(int units) {
    return (long) units * Scenario.EVENTS_A_SESSION;
  }

  /** Names that {@link #ratios} may hold. */
  public static List<String> ratioNames() {
    return BenchResult.everyRatio(false).map(BenchResult.Ratio::name).toList();
  }

  /** Whether everything is measured. */
  boolean isWhole() {
    return ratios.isEmpty();
  }

  /** Whether an engine's rate is needed. */
  boolean wants(String figure) {
    return isWhole()
        || BenchResult.everyRatio(manyUnits > 0)
            .filter(ratio -> ratios.contains(ratio.name()))
            .anyMatch(ratio -> ratio.above().equals(figure) || ratio.below().equals(figure));
  }

  /** The worlds, the base first. */
  List<Scenario> scenarios() {
    Scenario base = Scenario.of(Bench.BASE, events, units, Scenario.Kind.WHOLE);
    List<Scenario> all = new ArrayList<>();
    all.add(base);
    all.add(Scenario.of("few_units", events, units / FEW, Scenario.Kind.TOTALS));
    if (manyUnits > 0) {
      int least = (int) Math.min(Integer.MAX_VALUE, leastEvents(manyUnits));
      all.add(Scenario.of(Bench.MANY, Math.max(events, least), manyUnits, Scenario.Kind.TOTALS));
    }
    all.add(base.withRollouts("hundred_rollouts", rollouts(), 0));
    all.add(base.withRollouts("hot_rollout", rollouts(), 0.99));
    all.add(base.withMalformed("poison", 0.05));
    all.add(Scenario.of("five_metrics", events, units, Scenario.Kind.FIVE_METRICS));
    Scenario dense = base.withRate("dense", DENSE_RATE);
    all.add(dense);
    all.add(dense.withRollouts("dense_hundred_rollouts", rollouts(), 0));
    return all;
  }

  /** A hundred, fewer where they would have too few units each. */
  private int rollouts() {
    return Math.min(MOST_ROLLOUTS, units / LEAST_UNITS_A_ROLLOUT);
  }

  /** Of the world with many units, whose checkpoints are large: a minute for five seconds. */
  long longCheckpointIntervalMs() {
    return LONGER * checkpointIntervalMs;
  }

  /** Measured runs with each kind of delivery. */
  int latencyRuns() {
    return latencySeconds == 0 ? 0 : Math.max(1, runs / 2);
  }
}
