package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events that took part, by outcome, and units that entered, by variant. Mutable. */
final class Activity {

  /** Every variant, and units whose variant is not known yet. */
  static final int ALL = -1;

  private final List<Map<Integer, Long>> events = new ArrayList<>();
  private final long[] entered;

  Activity(int variants) {
    for (int v = ALL; v < variants; v++) {
      events.add(new HashMap<>());
    }
    entered = new long[variants + 1];
  }

  /**
   * Adds units or events of a cell that is of no dimension; other channels count for nothing.
   *
   * @param segment of {@link CellKey#USED} the outcome's number
   */
  void add(int variant, int segment, int channel, long units) {
    for (int row : variant < 0 ? new int[] {0} : new int[] {0, variant + 1}) {
      if (channel == CellKey.USED) {
        events.get(row).merge(segment, units, Long::sum);
      } else if (channel == CellKey.UNITS) {
        entered[row] += units;
      }
    }
  }

  /** What happened here and not there; the same variants. */
  Activity minus(Activity other) {
    Activity left = new Activity(entered.length - 1);
    for (int row = 0; row < entered.length; row++) {
      Map<Integer, Long> mine = left.events.get(row);
      mine.putAll(events.get(row));
      other.events.get(row).forEach((outcome, units) -> mine.merge(outcome, -units, Long::sum));
      left.entered[row] = entered[row] - other.entered[row];
    }
    return left;
  }

  /** Events that took part; the outcome by its number, 0 for exposures. */
  long events(int variant, int outcome) {
    return events.get(variant + 1).getOrDefault(outcome, 0L);
  }

  long events(int variant) {
    return events.get(variant + 1).values().stream().mapToLong(Long::longValue).sum();
  }

  long entered(int variant) {
    return entered[variant + 1];
  }
}
