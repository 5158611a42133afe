package io.tidegate.stats.season;

import java.util.Arrays;

/** Medians. */
final class Medians {
  /** The factor that makes a median absolute deviation estimate a normal standard deviation. */
  static final double MAD_TO_SD = 1.4826;

  private Medians() {}

  /** The median of at least one value; the mean of the middle two of an even number. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
