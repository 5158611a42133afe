package io.tidegate.stats.season;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Buckets of history, week after week: what {@link SeasonFitter} reads. Mutable. */
public final class SeasonHistory {
  final int slots;
  final List<SeasonRow> rows = new ArrayList<>();

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

  /**
   * Without a bucket.
   *
   * @param slots slots in a week
   */
  public SeasonHistory(int slots) {
    this.slots = slots;
  }

  /** Buckets in any order. */
  public static SeasonHistory of(List<Point> points, int slots) {
    SeasonHistory history = new SeasonHistory(slots);
    points.stream()
        .sorted(Comparator.comparingInt(Point::week))
        .forEach(p -> history.add(p.count, p.denominator, p.slot, p.week, p.masked));
    return history;
  }

  /** Adds a {@link Point} of the same week as the one before it, or a later one. */
  public void add(double count, double denominator, int slot, int week, boolean isMasked) {
    check(count, denominator, slot);
    if (slot >= slots) {
      throw new IllegalArgumentException("slot " + slot + " must be below the profile's " + slots);
    }
    SeasonRow last = rows.isEmpty() ? start(week, slot) : rows.get(rows.size() - 1);
    if (week < last.week) {
      throw new IllegalArgumentException("week " + week + " comes after " + last.week);
    }
    if (week > last.week) {
      last = start(week, slot);
    }
    if (!isMasked) {
      SeasonRow row = last.takes(slot) ? last : start(week, slot);
      row.add(count, denominator, slot);
    }
  }

  private SeasonRow start(int week, int slot) {
    SeasonRow row = new SeasonRow(week, slot, slots);
    rows.add(row);
    return row;
  }

  private static void check(double count, double denominator, int slot) {
    if (!(count >= 0 && denominator >= 0 && Double.isFinite(count + denominator)) || slot < 0) {
      throw new IllegalArgumentException(
          "count %s, denominator %s and slot %d must be finite and >= 0"
              .formatted(count, denominator, slot));
    }
  }

  /** Rows so far: one a week, more of a week in which a slot comes again or out of turn. */
  public int size() {
    return rows.size();
  }
}
