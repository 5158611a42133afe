package io.tidegate.stats.tail;

import io.tidegate.stats.sequence.NormalTail;
import org.apache.commons.math3.special.Gamma;

/**
 * Upper tails of the normal, Student, chi-squared and binomial distributions and their quantiles.
 * Every p-value is taken in its own tail, never as 1 − cdf.
 */
public final class Tails {
  private Tails() {}

  /** P(Z ≥ z) for a standard normal Z. */
  public static double normalUpper(double z) {
    return StrictMath.exp(NormalTail.logCdf(-z));
  }

  /** P(|Z| ≥ |z|) for a standard normal Z. */
  public static double normalTwoSided(double z) {
    return StrictMath.min(1, 2 * normalUpper(StrictMath.abs(z)));
  }

  /** The z with P(Z ≥ z) = p, p in (0, 1). */
  public static double normalUpperQuantile(double p) {
    return -NormalTail.quantile(p);
  }

  /**
   * P(T ≥ t) for Student's t: ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0 (Abramowitz and Stegun 26.7.1).
   *
   * @param df ν, greater than 0
   */
  public static double studentUpper(double t, double df) {
    double square = t * t;
    double half = 0.5 * BetaTail.cdf(df / (df + square), square / (df + square), df / 2, 0.5);
    return t >= 0 ? half : 1 - half;
  }

  /**
   * The t with P(T ≥ t) = p, p in (0, 1), as DCDFLIB and scipy give it: relative error up to 5e-9.
   *
   * @param df ν, greater than 0
   */
  public static double studentUpperQuantile(double p, double df) {
    if (!(p > 0 && p < 1 && df > 0)) {
      throw new IllegalArgumentException(
          "t quantile needs p in (0, 1) and df > 0, got " + p + ", " + df);
    }
    return p <= 0.5 ? -StudentQuantile.lower(p, df) : StudentQuantile.lower(1 - p, df);
  }

  /** P(X ≥ x) for a chi-squared X: Q(ν/2, x/2) (Abramowitz and Stegun 26.4.19). */
  public static double chiSquaredUpper(double x, double df) {
    if (Double.isNaN(x) || !(df > 0 && df <= 1e12)) {
      throw new IllegalArgumentException(
          "chi-squared needs a number and df in (0, 1e12], got " + x + ", " + df);
    }
    if (x > 1e6 && x > 10 * df) {
      return 0;
    }
    return x <= 0 ? 1 : Gamma.regularizedGammaQ(df / 2, x / 2, 1e-16, 100_000);
  }

  /** P(X ≤ k) for X binomial(n, p): I_{1−p}(n − k, k + 1). */
  public static double binomialCdf(long k, long n, double p) {
    if (k < 0) {
      return 0;
    }
    return k >= n ? 1 : BetaTail.cdf(1 - p, p, (double) n - k, k + 1.0);
  }

  /** The smallest k with P(X ≤ k) ≥ q for X binomial(n, p). */
  public static long binomialQuantile(double q, long n, double p) {
    long below = -1;
    long at = n;
    while (at - below > 1) {
      long middle = below + (at - below) / 2;
      if (binomialCdf(middle, n, p) >= q) {
        at = middle;
      } else {
        below = middle;
      }
    }
    return at;
  }
}
