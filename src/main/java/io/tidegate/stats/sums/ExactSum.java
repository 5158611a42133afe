package io.tidegate.stats.sums;

import java.util.Arrays;

/**
 * A sum of doubles without any rounding: an expansion of parts that do not overlap, in ascending
 * order of size (Shewchuk 1997, Grow-Expansion). Mutable; equal values in any order give the same
 * {@link #value()}. Sums beyond the double range are infinite or NaN.
 */
final class ExactSum {
  private double[] parts = new double[4];
  private int size;

  /** Adds one double. */
  void add(double term) {
    double carry = term;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      DoubleDouble sum = DoubleDouble.sum(carry, parts[i]);
      if (sum.lo() != 0) {
        parts[kept++] = sum.lo();
      }
      carry = sum.hi();
    }
    if (kept == parts.length) {
      parts = Arrays.copyOf(parts, 2 * kept);
    }
    size = kept;
    if (carry != 0) {
      parts[size++] = carry;
    }
  }

  /** Adds both parts of a double-double. */
  void add(DoubleDouble term) {
    add(term.lo());
    add(term.hi());
  }

  /** Takes a double-double out. */
  void subtract(DoubleDouble term) {
    add(-term.lo());
    add(-term.hi());
  }

  /** Adds another sum. */
  void add(ExactSum other) {
    for (int i = 0; i < other.size; i++) {
      add(other.parts[i]);
    }
  }

  /** Takes another sum out. */
  void subtract(ExactSum other) {
    for (int i = 0; i < other.size; i++) {
      add(-other.parts[i]);
    }
  }

  /** Makes this sum equal to another. */
  void set(ExactSum other) {
    parts = other.parts.clone();
    size = other.size;
  }

  /** The sum to about 32 digits. */
  DoubleDouble value() {
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < size; i++) {
      sum = DoubleDouble.of(parts[i]).plus(sum);
    }
    return sum;
  }
}
