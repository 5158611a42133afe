package io.tidegate.stats.lifetime;

/**
 * What the models need of one customer since its first purchase; times in any one unit.
 *
 * @param repeats x, days with a purchase after the first one
 * @param last t_x, time from the first purchase to the last; 0 without repeats
 * @param age T, time from the first purchase to where the data end
 * @param meanValue mean value of a repeat purchase; 0 without repeats
 */
public record Buyer(int repeats, double last, double age, double meanValue) {

  /** Refuses a last purchase beyond the end, or one without repeats. */
  public Buyer {
    if (!(repeats >= 0 && last >= 0 && last <= age) || (repeats == 0) != (last == 0)) {
      throw new IllegalArgumentException(
          "repeats %d, last %s, age %s: expected 0 <= last <= age, and last = 0 without repeats"
              .formatted(repeats, last, age));
    }
  }
}
