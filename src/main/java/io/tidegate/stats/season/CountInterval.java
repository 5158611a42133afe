package io.tidegate.stats.season;

import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.CountDistribution;
import io.tidegate.stats.tail.Tails;

/** Where a count should lie around its expectation, and how far from it one is. */
public final class CountInterval {
  /** Scores are cut here. */
  public static final double LARGEST_SCORE = 8;

  private CountInterval() {}

  /**
   * The α/2 and 1 − α/2 quantiles of the negative binomial with the given mean and variance μ +
   * τ²μ² (Poisson at τ² = 0).
   */
  public static Interval of(CountDistribution expected, double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha " + alpha + " must lie in (0, 1)");
    }
    return new Interval(
        (double) expected.lowerQuantile(alpha / 2), (double) expected.upperQuantile(alpha / 2));
  }

  /**
   * Φ⁻¹ of the mid-p value P(Y &lt; y) + ½ P(Y = y), computed in the nearer tail and cut at ±8.
   *
   * @param count y, at least 0
   */
  public static double score(CountDistribution expected, long count) {
    double half = 0.5 * expected.probability(count);
    double above = expected.upper(count) + half;
    if (above < 0.5) {
      return above <= 0 ? LARGEST_SCORE : cut(Tails.normalUpperQuantile(above));
    }
    double below = expected.cdf(count - 1) + half;
    return below <= 0 ? -LARGEST_SCORE : cut(-Tails.normalUpperQuantile(below));
  }

  private static double cut(double score) {
    return StrictMath.max(-LARGEST_SCORE, StrictMath.min(LARGEST_SCORE, score));
  }
}
