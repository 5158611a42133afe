package io.tidegate.cli.bench;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One run of one engine over one world.
 *
 * @param found what it found, by {@link Totals#key}; empty of an engine that finds nothing
 * @param stateBytes bytes of state in its last checkpoint; 0 where it has none
 * @param refreshes CPU-seconds from the first record to the result of each boundary, by boundary;
 *     empty of an engine that has none
 */
record Run(
    Stopwatch.Lap lap,
    Map<String, Totals> found,
    long stateBytes,
    NavigableMap<Long, Double> refreshes) {

  Run(Stopwatch.Lap lap, Map<String, Totals> found, long stateBytes) {
    this(lap, found, stateBytes, new TreeMap<>());
  }

  Run {
    found = Map.copyOf(found);
    refreshes = new TreeMap<>(refreshes);
  }
}
