package io.tidegate.stats.tail;

import java.util.function.LongPredicate;
import org.apache.commons.math3.special.Gamma;

/**
 * The negative binomial distribution of a count with mean μ and variance μ + τ²μ²; Poisson where τ²
 * = 0. Size r = 1/τ², success probability 1/(1 + τ²μ).
 *
 * @param mean μ, at least 0; every count is 0 at 0
 * @param dispersion τ², at least 0
 */
public record CountDistribution(double mean, double dispersion) {
  private static final double POISSON_BELOW = 1e-12;

  /** Refuses a mean that is negative or not finite, and a negative dispersion. */
  public CountDistribution {
    if (!(mean >= 0 && Double.isFinite(mean) && dispersion >= 0 && Double.isFinite(dispersion))) {
      throw new IllegalArgumentException(
          "count needs mean >= 0 and dispersion >= 0, got " + mean + ", " + dispersion);
    }
  }

  /** P(Y = k), k ≥ 0. */
  public double probability(long k) {
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
    return search(k -> cdf(k) >= q);
  }

  /** The smallest k with P(Y &gt; k) ≤ q, q in (0, 1): the 1 − q quantile. */
  public long upperQuantile(double q) {
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
