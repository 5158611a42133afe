package io.tidegate.stats.season;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Buckets of history, week after week, in arrays: what {@link SeasonFitter} reads. Mutable. */
public final class SeasonHistory {
  private static final int FEW = 64;

  double[] counts = new double[FEW];
  double[] denominators = new double[FEW];
  int[] slots = new int[FEW];
  int[] weeks = new int[FEW];
  boolean[] masked = new boolean[FEW];
  private int size;

  /**
   * One bucket.
   *
   * @param count y, at least 0
   * @param denominator 1 for counts, what a rate is per otherwise; at least 0
   * @param slot in [0, slots)
   * @param week any increasing number of the week
   * @param masked whether an incident or holiday keeps it out of the fit
   */
  public record Point(double count, double denominator, int slot, int week, boolean masked) {
    /** Refuses what is negative or not finite. */
    public Point {
      check(count, denominator, slot);
    }
  }

  /** Buckets in any order. */
  public static SeasonHistory of(List<Point> points) {
    SeasonHistory history = new SeasonHistory();
    points.stream()
        .sorted(Comparator.comparingInt(Point::week))
        .forEach(p -> history.add(p.count, p.denominator, p.slot, p.week, p.masked));
    return history;
  }

  /** Adds a {@link Point} of the same week as the one before it, or a later one. */
  public void add(double count, double denominator, int slot, int week, boolean isMasked) {
    check(count, denominator, slot);
    if (size > 0 && week < weeks[size - 1]) {
      throw new IllegalArgumentException("week " + week + " comes after " + weeks[size - 1]);
    }
    if (size == counts.length) {
      grow(2 * size);
    }
    counts[size] = count;
    denominators[size] = denominator;
    slots[size] = slot;
    weeks[size] = week;
    masked[size++] = isMasked;
  }

  private static void check(double count, double denominator, int slot) {
    if (!(count >= 0 && denominator >= 0 && Double.isFinite(count + denominator)) || slot < 0) {
      throw new IllegalArgumentException(
          "count %s, denominator %s and slot %d must be finite and >= 0"
              .formatted(count, denominator, slot));
    }
  }

  private void grow(int length) {
    counts = Arrays.copyOf(counts, length);
    denominators = Arrays.copyOf(denominators, length);
    slots = Arrays.copyOf(slots, length);
    weeks = Arrays.copyOf(weeks, length);
    masked = Arrays.copyOf(masked, length);
  }

  /** Buckets so far. */
  public int size() {
    return size;
  }
}
