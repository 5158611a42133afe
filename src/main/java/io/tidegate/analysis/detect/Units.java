package io.tidegate.analysis.detect;

import java.util.Arrays;

/**
 * The scale a series is modelled on. Where no value was negative: log(y + c), on which season,
 * level and noise multiply; continued straight below 0. Otherwise: y in robust standard deviations.
 *
 * @param logarithmic which of the two
 * @param offset c, or the standard deviation
 * @param counts whether values are whole and not negative, so that counting noise is at least
 *     Poisson
 * @param typical mean size of a value
 */
record Units(boolean logarithmic, double offset, boolean counts, double typical) {
  private static final double FARTHEST = 600;
  private static final double SMALLEST_MEAN = 1e-9;
  private static final double COUNT_OFFSET = 3;
  private static final double OFFSET_SHARE = 0.05;
  private static final double MAD_TO_SD = 1.4826;

  /** The units that suit the values; NaN where a row has none. */
  static Units of(double[] all) {
    double[] values = Arrays.stream(all).filter(v -> !Double.isNaN(v)).sorted().toArray();
    double mean = 0;
    boolean counts = true;
    for (int i = 0; i < values.length; i++) {
      mean += (StrictMath.abs(values[i]) - mean) / (i + 1);
      counts &= values[i] == StrictMath.rint(values[i]);
    }
    if (values.length == 0 || values[0] >= 0) {
      double offset = OFFSET_SHARE * mean;
      if (counts) {
        offset = StrictMath.max(COUNT_OFFSET, offset);
      }
      return new Units(true, offset > 0 ? offset : 1, counts, mean);
    }
    double centre = values[values.length / 2];
    double[] apart = Arrays.stream(values).map(v -> StrictMath.abs(v - centre)).sorted().toArray();
    double spread = MAD_TO_SD * apart[apart.length / 2];
    if (!(spread > 0)) {
      spread = apart[apart.length - 1] > 0 ? apart[apart.length - 1] : 1;
    }
    return new Units(false, spread, false, mean);
  }

  /** A value on the scale. */
  double scaled(double value) {
    if (!logarithmic) {
      return cut(value / offset);
    }
    return value >= 0
        ? StrictMath.log(value + offset)
        : StrictMath.log(offset) + cut(value / offset);
  }

  /** The value at a place of the scale. */
  double value(double scaled) {
    if (!logarithmic) {
      return scaled * offset;
    }
    double start = StrictMath.log(offset);
    return scaled >= start
        ? StrictMath.exp(StrictMath.min(FARTHEST, scaled)) - offset
        : (scaled - start) * offset;
  }

  /** Variance on the scale that counting alone gives a bucket expected at {@code value}. */
  double counting(double value) {
    return counts ? 1 / (StrictMath.max(SMALLEST_MEAN, value) + offset) : 0;
  }

  /**
   * What to add to a scaled count for its mean to be the scaled mean (second-order delta method).
   */
  double correction(double value) {
    double mean = StrictMath.max(SMALLEST_MEAN, value);
    double sum = mean + offset;
    return counts ? 0.5 * mean / (sum * sum) : 0;
  }

  /** Weight of a bucket against a large one, {@code half} typical values weighing half. */
  double weight(double value, double half) {
    if (!logarithmic) {
      return 1;
    }
    double size = StrictMath.max(SMALLEST_MEAN, value) + offset;
    return size / (size + half * typical);
  }

  private static double cut(double scaled) {
    return StrictMath.max(-1e6, StrictMath.min(1e6, scaled));
  }
}
