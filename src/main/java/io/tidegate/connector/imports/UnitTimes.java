package io.tidegate.connector.imports;

import io.tidegate.spec.ImportMapping.Clock;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When units were exposed, where that takes a look at the whole file: the rank of a made-up clock,
 * or the earliest row. Mutable; learnt in a first pass, asked in a second one.
 */
final class UnitTimes {

  private final Set<String> keys = new HashSet<>();
  private final Map<String, Long> ranks = new HashMap<>();
  private final Map<String, First> firsts = new HashMap<>();

  /** The earliest row of a unit. */
  record First(long timeMs, long row) {}

  void addKey(String key) {
    keys.add(key);
  }

  void addRow(String unit, long timeMs, long row) {
    firsts.merge(unit, new First(timeMs, row), (a, b) -> b.timeMs() < a.timeMs() ? b : a);
  }

  /** Ends the first pass: ranks the keys, by number where all are numbers. */
  void finish() {
    List<String> sorted;
    try {
      Map<String, BigDecimal> numbers = new HashMap<>();
      keys.forEach(key -> numbers.put(key, new BigDecimal(key)));
      sorted =
          keys.stream()
              .sorted(
                  Comparator.<String, BigDecimal>comparing(
                          key -> numbers.getOrDefault(key, BigDecimal.ZERO))
                      .thenComparing(Comparator.naturalOrder()))
              .toList();
    } catch (NumberFormatException e) {
      sorted = keys.stream().sorted().toList();
    }
    for (String key : sorted) {
      ranks.put(key, (long) ranks.size());
    }
    keys.clear();
  }

  /** Time of a unit by a made-up clock; its rank is that of its key. */
  long rankedMs(Clock.Ranked clock, String key) {
    return timeMs(clock, ranks.getOrDefault(key, 0L));
  }

  /** Time of a row by a made-up clock that ranks by the order of rows. */
  static long timeMs(Clock.Ranked clock, long rank) {
    return clock.start().toEpochMilli() + rank * clock.step().toMillis();
  }

  First firstOf(String unit) {
    First first = firsts.get(unit);
    if (first == null) {
      throw new IllegalStateException("unit was not seen in the first pass");
    }
    return first;
  }
}
