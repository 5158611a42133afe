package io.tidegate.stats.season;

/**
 * Buckets of one week, their slots ascending; a week has a second row where a slot comes again. In
 * arrays by slot, so that whole arrays are worked on; a slot without a bucket counts 0 of 0.
 */
final class SeasonRow {
  final int week;
  final double[] counts;
  final double[] denominators;

  /** 1/√ of the denominators; 0 where one is 0. */
  final double[] inverseRoots;

  private final int[] present;
  private int size;
  private boolean usable;

  SeasonRow(int week, int slots) {
    this.week = week;
    counts = new double[slots];
    denominators = new double[slots];
    inverseRoots = new double[slots];
    present = new int[slots];
  }

  /** Whether a slot comes after those so far. */
  boolean takes(int slot) {
    return size == 0 || slot > present[size - 1];
  }

  void add(double count, double denominator, int slot) {
    counts[slot] = count;
    denominators[slot] = denominator;
    inverseRoots[slot] = inverseRoot(denominator);
    present[size++] = slot;
    usable |= denominator > 0;
  }

  /** Whether any bucket has a denominator. */
  boolean usable() {
    return usable;
  }

  /** Copies the buckets' part of values by slot; returns the place after them. */
  int gather(double[] values, double[] into, int at) {
    if (size == values.length) {
      System.arraycopy(values, 0, into, at, size);
    } else {
      for (int i = 0; i < size; i++) {
        into[at + i] = values[present[i]];
      }
    }
    return at + size;
  }

  /** 0 where nothing is expected. */
  static double inverseRoot(double value) {
    return value > 0 ? 1 / StrictMath.sqrt(value) : 0;
  }
}
