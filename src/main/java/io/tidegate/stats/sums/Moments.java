package io.tidegate.stats.sums;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;

/**
 * Count, mean and centred sum of squares of one number per unit.
 *
 * @param n units, at least 0
 * @param mean in the metric's own unit; 0 where n = 0, so ask {@link #statedMean()} for display
 * @param m2 Σ(y − mean)², at least 0; 0 where n &lt; 2
 */
public record Moments(long n, double mean, double m2) {
  /** No unit at all. */
  public static final Moments EMPTY = new Moments(0, 0, 0);

  /** Refuses negative counts, a negative or infinite m2, and a mean or m2 that n rules out. */
  public Moments {
    if (n < 0) {
      throw new IllegalArgumentException("n " + n + " must be >= 0");
    }
    if (!Double.isFinite(mean) || !Double.isFinite(m2) || m2 < 0) {
      throw new IllegalArgumentException(
          "mean " + mean + " and m2 " + m2 + " must be finite, m2 >= 0");
    }
    if ((n == 0 && mean != 0) || (n < 2 && m2 != 0)) {
      throw new IllegalArgumentException("n " + n + " rules out mean " + mean + ", m2 " + m2);
    }
  }

  /**
   * Moments from a count, a mean and a sample variance with divisor n − 1.
   *
   * @param variance ignored (0 is stored) where n &lt; 2
   */
  public static Moments of(long n, double mean, double variance) {
    return new Moments(n, mean, n < 2 ? 0 : variance * (n - 1));
  }

  /** Moments of a 0/1 metric: variance n p (1 − p)/(n − 1), so m2 = x (n − x)/n. */
  public static Moments ofSuccesses(long successes, long n) {
    if (successes < 0 || successes > n) {
      throw new IllegalArgumentException("successes " + successes + " must be in [0, " + n + "]");
    }
    if (n == 0) {
      return EMPTY;
    }
    double mean = (double) successes / n;
    return new Moments(n, mean, mean * (n - successes));
  }

  /** Σy, in the metric's own unit. */
  public double sum() {
    return n * mean;
  }

  /** The mean; cannot say where n = 0. */
  public Stated<Double> statedMean() {
    return n == 0 ? Stated.cannotSay(Reason.NO_DATA, "mean of no units") : Stated.of(mean);
  }

  /** The sample variance m2/(n − 1); cannot say where n &lt; 2. */
  public Stated<Double> variance() {
    return n < 2
        ? Stated.cannotSay(Reason.TOO_FEW_UNITS, "variance needs 2 units, has " + n)
        : Stated.of(m2 / (n - 1));
  }

  /** The squared standard error of the mean, m2/(n − 1)/n; cannot say where n &lt; 2. */
  public Stated<Double> meanVariance() {
    return variance().map(v -> v / n);
  }
}
