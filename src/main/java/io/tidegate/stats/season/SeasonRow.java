package io.tidegate.stats.season;

/**
 * Buckets of one week, their slots ascending from where the week begins and on from slot 0; a week
 * has a second row where a slot comes again. In arrays by slot, so that whole arrays are worked on;
 * a slot without a bucket counts 0 of 0.
 */
final class SeasonRow {
  final int week;

  /** Slot that buckets are ordered from. */
  final int origin;

  final double[] counts;
  final double[] denominators;

  /** 1/√ of the denominators; 0 where one is 0. */
  final double[] inverseRoots;

  private final int[] present;
  private int size;
  private boolean usable;

  SeasonRow(int week, int origin, int slots) {
    this.week = week;
    this.origin = origin;
    counts = new double[slots];
    denominators = new double[slots];
    inverseRoots = new double[slots];
    present = new int[slots];
  }

  /** Whether a slot comes after those so far. */
  boolean takes(int slot) {
    return size == 0 || place(slot) > place(present[size - 1]);
  }

  private int place(int slot) {
    return slot < origin ? slot - origin + present.length : slot - origin;
  }

  void add(double count, double denominator, int slot) {
    counts[slot] = count;
    denominators[slot] = denominator;
    inverseRoots[slot] = denominator == 1 ? 1 : inverseRoot(denominator);
    present[size++] = slot;
    usable |= denominator > 0;
  }

  /** Whether any bucket has a denominator. */
  boolean usable() {
    return usable;
  }

  /** Whether every slot has a bucket. */
  boolean complete() {
    return size == present.length;
  }

  /** Copies the buckets' part of values by slot; returns the place after them. */
  int gather(double[] values, int from, double[] into, int at) {
    for (int i = 0; i < size; i++) {
      into[at + i] = values[from + present[i]];
    }
    return at + size;
  }

  /** 0 where nothing is expected. */
  static double inverseRoot(double value) {
    return value > 0 ? 1 / StrictMath.sqrt(value) : 0;
  }
}
