package io.tidegate.report;

import io.tidegate.model.RevenuePoint;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a change has brought by each day since its first stage: units by the day they entered, times
 * the effect at the age they then had. Lower and upper come from the curves' own bounds taken
 * together, which is on the safe side.
 */
final class PayBack {

  /** Which of a curve's three lines. */
  enum Line {
    LOWER,
    BEST,
    UPPER
  }

  private static final long DAY_MS = 86_400_000L;

  private final List<Cohort> cohorts = new ArrayList<>();
  private int days;

  /** One stage's units: how many were followed at least so many days, and the effect by age. */
  private record Cohort(int endDay, TreeMap<Integer, RevenuePoint> byAge) {

    double value(int day, Line line) {
      double value = 0;
      int oldest = byAge.lastKey();
      for (int followed = 1; followed <= oldest; followed++) {
        int age = day - (endDay - followed);
        if (age > 0) {
          value += entered(followed) * effect(Math.min(age, followed), line);
        }
      }
      return value;
    }

    /** Units that were followed for exactly so many whole days. */
    private long entered(int followed) {
      return reached(followed) - reached(followed + 1);
    }

    private long reached(int age) {
      Map.Entry<Integer, RevenuePoint> next = byAge.ceilingEntry(age);
      return next == null ? 0 : next.getValue().unitsMature();
    }

    private double effect(int age, Line line) {
      Map.Entry<Integer, RevenuePoint> last = byAge.floorEntry(age);
      if (last == null) {
        return 0;
      }
      RevenuePoint point = last.getValue();
      @Nullable Double effect =
          switch (line) {
            case LOWER -> point.effectSizeLower();
            case BEST -> point.effectSize();
            case UPPER -> point.effectSizeUpper();
          };
      return effect == null ? 0 : effect;
    }
  }

  /**
   * @param revenue rows of one metric and treatment, of whatever stage and segment
   * @param startMs when the first stage was entered
   */
  PayBack(List<RevenuePoint> revenue, long startMs) {
    Map<Integer, TreeMap<Integer, RevenuePoint>> byStage = new LinkedHashMap<>();
    for (RevenuePoint point : revenue) {
      if (point.epoch() >= 0
          && point.dimension().equals(SegmentDimension.ALL)
          && point.effectSize() != null) {
        byStage
            .computeIfAbsent(point.epoch(), epoch -> new TreeMap<>())
            .put(point.ageDays(), point);
      }
    }
    for (TreeMap<Integer, RevenuePoint> byAge : byStage.values()) {
      long endMs = byAge.firstEntry().getValue().censoredAtMs();
      int endDay = (int) ((endMs - startMs) / DAY_MS);
      cohorts.add(new Cohort(endDay, byAge));
      days = Math.max(days, endDay);
    }
  }

  /** Days since the first stage of which the value is known. */
  int days() {
    return days;
  }

  /** Value brought in the first {@code day} days. */
  double value(int day, Line line) {
    return cohorts.stream().mapToDouble(cohort -> cohort.value(day, line)).sum();
  }

  /** The first day from which the value stays above what the rollout cost by then. */
  OptionalInt breakEvenDay(double costPerDay, Line line) {
    int found = -1;
    for (int day = days; day > 0 && value(day, line) >= day * costPerDay; day--) {
      found = day;
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }
}
