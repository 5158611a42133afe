package io.tidegate.cli.bench;

import java.nio.file.Path;

/**
 * What is measured.
 *
 * @param folder where broker and Flink keep their data
 * @param events records of each world, about
 * @param units units of each world but that with few
 * @param runs measured runs of each engine, after one that warms up
 * @param parallelism threads, or tasks of each step
 */
public record BenchPlan(Path folder, int events, int units, int runs, int parallelism) {

  /** One unit for this many in the world with few. */
  static final int FEW = 10;

  private static final int MOST_ROLLOUTS = 100;
  private static final int LEAST_UNITS_A_ROLLOUT = 200;
  static final long CHECKPOINT_INTERVAL_MS = 5_000;

  /** Fewest units of which the gate can say something. */
  public static final int LEAST_UNITS = 2_000;

  /** Fewest events for a number of units. */
  public static long leastEvents(int units) {
    return (long) units * Scenario.EVENTS_A_SESSION;
  }

  Scenario base() {
    return new Scenario("base", events, units, 1, 0, 0);
  }

  Scenario few() {
    return base().withUnits("few_units", units / FEW);
  }

  Scenario hundred() {
    return base().withRollouts("hundred_rollouts", rollouts(), 0);
  }

  Scenario hot() {
    return base().withRollouts("hot_rollout", rollouts(), 0.99);
  }

  /** A hundred, fewer where they would have too few units each. */
  private int rollouts() {
    return Math.min(MOST_ROLLOUTS, units / LEAST_UNITS_A_ROLLOUT);
  }

  Scenario poison() {
    return base().withMalformed("poison", 0.05);
  }
}
