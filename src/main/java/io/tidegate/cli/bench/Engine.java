package io.tidegate.cli.bench;

import java.util.Map;

/** Something that reads a world's records from the broker. */
interface Engine {

  /** Part of the figures' names. */
  String name();

  /** Whether it finds totals, which must then be those of the world. */
  default boolean counts() {
    return true;
  }

  /** Whether its state knows the ids of events, so that a copy counts once. */
  default boolean keepsIds() {
    return false;
  }

  /** What it must find, by {@link Totals#key}; by default of each variant. */
  default Map<String, Totals> expected(World.Written world) {
    return world.expected();
  }

  Run run(World.Written world) throws Exception;

  /** Runs and checks the result; throws an IllegalStateException where it is not the world's. */
  default Run checked(World.Written world) throws Exception {
    Stopwatch.reset(world.config().kafka().topics().gateSignals());
    Run run = run(world);
    if (counts()) {
      Totals.require(name() + " on " + world.scenario().name(), run.found(), expected(world));
    }
    return run;
  }
}
