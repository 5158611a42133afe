package io.tidegate.stats.season;

import io.tidegate.stats.sequence.LogScale;

/**
 * The two-sided Shiryaev–Roberts detector of a shift in standard normal scores: one recursion per
 * direction, then the mean of the two (Shin, Ramdas and Rinaldo 2024). An alarm where the statistic
 * reaches A has a mean time of at least A scores between false alarms.
 *
 * @param logUp log of the upward recursion; −∞ before the first score
 * @param logDown log of the downward recursion; −∞ before the first score
 */
public record ShiryaevRoberts(double logUp, double logDown) {
  private static final double LARGEST = 1e6;

  /** Before any score. */
  public static final ShiryaevRoberts START =
      new ShiryaevRoberts(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /**
   * The detector after one more score: R ← (1 + R) exp(±δz − δ²/2).
   *
   * @param z the score, cut to ±{@code cap}
   * @param delta δ, the shift looked for, in standard deviations
   */
  public ShiryaevRoberts next(double z, double delta, double cap) {
    if (Double.isNaN(z) || !(delta > 0 && cap > 0 && delta * (cap + delta) < LARGEST)) {
      throw new IllegalArgumentException(
          "a score must be a number, delta and cap > 0 and small, got %s, %s and %s"
              .formatted(z, delta, cap));
    }
    double score = StrictMath.max(-cap, StrictMath.min(cap, z));
    return new ShiryaevRoberts(
        LogScale.logAdd(0, logUp) + delta * score - delta * delta / 2,
        LogScale.logAdd(0, logDown) - delta * score - delta * delta / 2);
  }

  /** log of the mean of the two recursions; compare with log A. */
  public double logStatistic() {
    return LogScale.logMean(logUp, logDown);
  }

  /**
   * A score freed of its correlation with the one before: (z_t − ρ z_{t−1})/√(1 − ρ²)
   * (statistics.md §4).
   *
   * @param rho lag-one correlation from history, in (−1, 1)
   */
  public static double whitened(double z, double previous, double rho) {
    if (!Double.isFinite(z) || !Double.isFinite(previous)) {
      throw new IllegalArgumentException("scores must be finite, got " + z + " and " + previous);
    }
    if (!(rho > -1 && rho < 1)) {
      throw new IllegalArgumentException("rho " + rho + " must lie in (-1, 1)");
    }
    return (z - rho * previous) / StrictMath.sqrt(1 - rho * rho);
  }
}
