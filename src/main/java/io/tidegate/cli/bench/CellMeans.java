package io.tidegate.cli.bench;

import io.tidegate.model.Estimate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mean of every metric in every cell, as estimates give them: what can be held against sums.
 * Mutable.
 */
final class CellMeans {

  private static final double MOST_RELATIVE_ERROR = 1e-9;

  private final Map<String, Map<String, Double>> means = new HashMap<>();

  /** Notes both variants' means. */
  void add(Estimate row) {
    add(row, World.VARIANTS[0], row.control());
    add(row, World.VARIANTS[1], row.treatment());
  }

  private void add(Estimate row, String variant, @Nullable Double mean) {
    if (mean == null) {
      return;
    }
    String cell =
        Totals.key(row.rolloutId(), variant) + "/" + row.dimension() + "=" + row.segment();
    means.computeIfAbsent(cell, c -> new HashMap<>()).put(row.metric(), mean);
  }

  /**
   * Throws an IllegalStateException, naming the engine, where a mean of a cell is missing or
   * another. A return on the second day is none before that has passed.
   */
  void require(String engine, Map<String, Totals> cells) {
    Map<String, String> differing = new TreeMap<>();
    cells.forEach(
        (cell, sums) ->
            UnitNumbers.means(sums)
                .forEach(
                    (metric, mean) -> {
                      Double found = means.getOrDefault(cell, Map.of()).get(metric);
                      if (found == null
                          || !(Math.abs(found - mean) <= MOST_RELATIVE_ERROR * mean)) {
                        differing.put(cell + " " + metric, found + " instead of " + mean);
                      }
                    }));
    if (!differing.isEmpty()) {
      throw new IllegalStateException(
          engine
              + " found other means in "
              + differing.size()
              + " places: "
              + new TreeSet<>(
                  differing.entrySet().stream().limit(4).map(Object::toString).toList()));
    }
  }
}
