package io.tidegate.stats.sums;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;

/**
 * Joint moments of a numerator y and a denominator d per unit, for the ratio of their sums.
 *
 * @param n units, at least 0
 * @param meanY mean numerator; 0 where n = 0
 * @param meanD mean denominator; 0 where n = 0
 * @param m2Y Σ(y − ȳ)²
 * @param m2D Σ(d − d̄)²
 * @param cYd Σ(y − ȳ)(d − d̄)
 * @param scoreM2 Σu² of the linearised score u = (y − R d)/d̄ with R = Σy/Σd, which has mean 0; 0
 *     where d̄ ≤ 0
 */
public record RatioMoments(
    long n, double meanY, double meanD, double m2Y, double m2D, double cYd, double scoreM2) {

  /** Refuses negative counts or squares and anything not finite. */
  public RatioMoments {
    if (n < 0) {
      throw new IllegalArgumentException("n " + n + " must be >= 0");
    }
    if (!Double.isFinite(meanY + meanD + m2Y + m2D + cYd + scoreM2)
        || m2Y < 0
        || m2D < 0
        || scoreM2 < 0) {
      throw new IllegalArgumentException(
          "moments must be finite, squares >= 0: meanY %s, meanD %s, m2Y %s, m2D %s, cYd %s, score %s"
              .formatted(meanY, meanD, m2Y, m2D, cYd, scoreM2));
    }
  }

  /** The numerator alone. */
  public Moments numerator() {
    return new Moments(n, meanY, m2Y);
  }

  /** The denominator alone. */
  public Moments denominator() {
    return new Moments(n, meanD, m2D);
  }

  /** The sample covariance cYd/(n − 1); cannot say where n &lt; 2. */
  public Stated<Double> covariance() {
    return n < 2
        ? Stated.cannotSay(Reason.TOO_FEW_UNITS, "covariance needs 2 units, has " + n)
        : Stated.of(cYd / (n - 1));
  }

  /** Σd, the number of requests, orders or whatever the ratio is per. */
  public double denominatorSum() {
    return n * meanD;
  }

  /**
   * The ratio as a mean over units: mean R = Σy/Σd and the score's centred squares (delta method,
   * Deng, Knoblich and Lu 2018); its variance is (Syy − 2R Syd + R² Sdd)/(n − 1)/d̄². Cannot say
   * where there are no units or Σd ≤ 0.
   */
  public Stated<Moments> score() {
    if (n == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "ratio of no units");
    }
    if (meanD <= 0) {
      return Stated.cannotSay(
          Reason.ZERO_DENOMINATOR, "ratio needs a positive denominator, its mean is " + meanD);
    }
    return Stated.of(new Moments(n, meanY / meanD, n < 2 ? 0 : scoreM2));
  }
}
