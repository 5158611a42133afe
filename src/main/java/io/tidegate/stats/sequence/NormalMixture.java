package io.tidegate.stats.sequence;

/**
 * The normal mixture of a standardised estimate z observed with information kappa, in units of the
 * prior (statistics.md §2.1; Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021).
 *
 * <p>An e-value at or above 1/alpha at any time has probability at most alpha under the null when
 * the sum process is Brownian in the clock that kappa measures.
 */
public final class NormalMixture {

  private static final double LOG_TWO = StrictMath.log(2);
  private static final int NEWTON_STEPS = 60;

  private NormalMixture() {}

  /** log E on one side, or on both, at standardised estimate {@code z}. */
  public static double logE(Side side, double z, double kappa) {
    return switch (side) {
      case TWO -> logETwo(z, kappa);
      case GREATER -> logEGreater(z, kappa);
      case LESS -> logEGreater(-z, kappa);
    };
  }

  /** Two-sided, κ ≥ 0 and finite: log E = −log(1+κ)/2 + z²κ/(2(1+κ)). */
  public static double logETwo(double z, double kappa) {
    requireInformation(z, kappa);
    if (kappa == 0) {
      return 0;
    }
    return risenTwo(z, kappa, logHeight(kappa));
  }

  /** Two-sided log E from the height of {@link #logHeight}, κ > 0. */
  static double risenTwo(double z, double kappa, double logHeight) {
    return logHeight + 0.5 * z * z * kappa / (1 + kappa);
  }

  /** The part of log E that does not depend on z, −log(1+κ)/2. */
  static double logHeight(double kappa) {
    return -0.5 * StrictMath.log1p(kappa);
  }

  /**
   * One-sided, the exact half-normal mixture: log E = log 2 − log(1+κ)/2 + y²/2 + log Φ(y), y =
   * z√(κ/(1+κ)).
   */
  public static double logEGreater(double z, double kappa) {
    requireInformation(z, kappa);
    return risenGreater(z * StrictMath.sqrt(kappa / (1 + kappa)), logHeight(kappa));
  }

  /** One-sided log E from that height, at y = z√(κ/(1+κ)). */
  static double risenGreater(double y, double logHeight) {
    return LOG_TWO + logHeight + NormalTail.halfNormalLog(y);
  }

  /**
   * |z| at which the two-sided e-value is 1/alpha, infinite at κ = 0: √((1+1/κ)(log(1+κ) + 2
   * log(1/α))).
   */
  public static double criticalTwo(double kappa, double alpha) {
    requireAlpha(alpha);
    requireInformation(0, kappa);
    return kappa == 0
        ? Double.POSITIVE_INFINITY
        : StrictMath.sqrt((1 + 1 / kappa) * (StrictMath.log1p(kappa) - 2 * StrictMath.log(alpha)));
  }

  /** z at which the one-sided e-value is 1/alpha, by Newton's method on y²/2 + log Φ(y). */
  public static double criticalOne(double kappa, double alpha) {
    requireAlpha(alpha);
    requireInformation(0, kappa);
    if (kappa == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double level = -StrictMath.log(alpha) - LOG_TWO + 0.5 * StrictMath.log1p(kappa);
    double y =
        level < 600
            ? StrictMath.sqrt(2 * StrictMath.log(0.5 + StrictMath.exp(level)))
            : StrictMath.sqrt(2 * level);
    for (int i = 0; i < NEWTON_STEPS; i++) {
      double next = y - (NormalTail.halfNormalLog(y) - level) / (y + NormalTail.inverseMills(y));
      boolean settled = StrictMath.abs(next - y) <= 2e-16 * StrictMath.max(1, StrictMath.abs(y));
      y = next;
      if (settled) {
        break;
      }
    }
    return y * StrictMath.sqrt((1 + kappa) / kappa);
  }

  /** The wider closed form of the one-sided critical value, √(2(1+1/κ) log(1 + √(1+κ)/(2α))). */
  public static double criticalOneClosed(double kappa, double alpha) {
    requireAlpha(alpha);
    requireInformation(0, kappa);
    if (kappa == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return StrictMath.sqrt(
        2 * (1 + 1 / kappa) * StrictMath.log1p(StrictMath.sqrt(1 + kappa) / (2 * alpha)));
  }

  /**
   * The kappa at which the two-sided boundary of level alpha is tightest: the root of (1+x)e^−x =
   * α², that is −W₋₁(−α²/e) − 1.
   */
  public static double tunedKappa(double alpha) {
    requireAlpha(alpha);
    double level = -2 * StrictMath.log(alpha);
    double x = approximateTunedKappa(alpha);
    for (int i = 0; i < NEWTON_STEPS; i++) {
      double next = x - (x - StrictMath.log1p(x) - level) * (1 + x) / x;
      boolean settled = StrictMath.abs(next - x) <= 2e-16 * x;
      x = next;
      if (settled) {
        break;
      }
    }
    return x;
  }

  /** The closed approximation −2 log α + log(1 − 2 log α) of {@link #tunedKappa}. */
  public static double approximateTunedKappa(double alpha) {
    requireAlpha(alpha);
    double level = -2 * StrictMath.log(alpha);
    return level + StrictMath.log1p(level);
  }

  /**
   * GrowthBook's rho for a sequence tuned to {@code units} in both variants together; 0 at level 1.
   */
  public static double growthBookRho(double alpha, double units) {
    if (!(units > 0 && Double.isFinite(units))) {
      throw new IllegalArgumentException("units must be finite and > 0, got " + units);
    }
    return alpha == 1 ? 0 : StrictMath.sqrt(approximateTunedKappa(alpha) / units);
  }

  private static void requireInformation(double z, double kappa) {
    if (!(kappa >= 0 && kappa < Double.POSITIVE_INFINITY && Double.isFinite(z))) {
      throw new IllegalArgumentException(
          "a mixture needs finite z and kappa >= 0, got " + z + " and " + kappa);
    }
  }

  static void requireAlpha(double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must lie in (0, 1), got " + alpha);
    }
  }
}
