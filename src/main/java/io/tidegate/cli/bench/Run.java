package io.tidegate.cli.bench;

import java.util.Map;

/**
 * One run of one engine over one world.
 *
 * @param found what it found, by {@link Totals#key}; empty of an engine that finds nothing
 * @param stateBytes bytes of state in its last checkpoint; 0 where it has none
 */
record Run(Stopwatch.Lap lap, Map<String, Totals> found, long stateBytes) {

  Run {
    found = Map.copyOf(found);
  }
}
