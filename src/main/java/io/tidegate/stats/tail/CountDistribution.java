package io.tidegate.stats.tail;

import java.util.function.LongPredicate;
import org.apache.commons.math3.special.Gamma;

/**
 * The negative binomial distribution of a count with mean μ and variance μ + τ²μ²; Poisson where τ²
 * = 0. Size r = 1/τ², success probability 1/(1 + τ²μ).
 *
 * @param mean μ, in [0, 1e15]; every count is 0 at 0
 * @param dispersion τ², in [0, 1e6]
 */
public record CountDistribution(double mean, double dispersion) {
  private static final double POISSON_BELOW = 1e-12;
  private static final double LARGEST_MEAN = 1e15;
  private static final double LARGEST = 1e6;

  /** Refuses a mean or dispersion out of range. */
  public CountDistribution {
    if (!(mean >= 0 && mean <= LARGEST_MEAN && dispersion >= 0 && dispersion <= LARGEST)) {
      throw new IllegalArgumentException(
          "count needs mean in [0, 1e15] and dispersion in [0, 1e6], got "
              + mean
              + ", "
              + dispersion);
    }
  }

  /** P(Y = k), 0 where k < 0. */
  public double probability(long k) {
    if (k < 0) {
      return 0;
    }
    if (mean == 0) {
      return k == 0 ? 1 : 0;
    }
    if (poisson()) {
      return StrictMath.exp(Deviance.logPoisson((double) k, mean));
    }
    double size = 1 / dispersion;
    if (k == 0) {
      return StrictMath.exp(-size * StrictMath.log1p(dispersion * mean));
    }
    return StrictMath.exp(Deviance.logBetaKernel(size, (double) k, success(), failure())) / k;
  }

  /** P(Y ≤ k). */
  public double cdf(long k) {
    if (k < 0) {
      return 0;
    }
    return poisson()
        ? Gamma.regularizedGammaQ(k + 1.0, mean, 1e-15, 1_000_000)
        : BetaTail.cdf(success(), failure(), 1 / dispersion, k + 1.0);
  }

  /** P(Y &gt; k), in its own tail. */
  public double upper(long k) {
    if (k < 0) {
      return 1;
    }
    return poisson()
        ? Gamma.regularizedGammaP(k + 1.0, mean, 1e-15, 1_000_000)
        : BetaTail.cdf(failure(), success(), k + 1.0, 1 / dispersion);
  }

  /** The smallest k with P(Y ≤ k) ≥ q, q in (0, 1). */
  public long lowerQuantile(double q) {
    requireLevel(q);
    return search(k -> cdf(k) >= q);
  }

  /** The smallest k with P(Y &gt; k) ≤ q, q in (0, 1): the 1 − q quantile. */
  public long upperQuantile(double q) {
    requireLevel(q);
    return search(k -> upper(k) <= q);
  }

  /** √(μ + τ²μ²). */
  public double standardDeviation() {
    return StrictMath.sqrt(mean + dispersion * mean * mean);
  }

  private long search(LongPredicate reached) {
    long below = -1;
    long at = (long) mean + 1;
    while (!reached.test(at)) {
      below = at;
      at = 2 * at + 1;
    }
    while (at - below > 1) {
      long middle = below + (at - below) / 2;
      if (reached.test(middle)) {
        at = middle;
      } else {
        below = middle;
      }
    }
    return at;
  }

  private static void requireLevel(double q) {
    if (!(q > 0 && q < 1)) {
      throw new IllegalArgumentException("a quantile's level must lie in (0, 1), got " + q);
    }
  }

  private boolean poisson() {
    return dispersion * mean < POISSON_BELOW;
  }

  private double success() {
    return 1 / (1 + dispersion * mean);
  }

  private double failure() {
    return dispersion * mean / (1 + dispersion * mean);
  }
}
