package io.tidegate.stats.sequence;

/**
 * The normal distribution function on the log scale, with a relative error below 1e-14 for every
 * finite argument.
 *
 * <p>The scaled complementary error function uses the rational Chebyshev approximations of Cody
 * (1969), Math. Comp. 23, 631–637.
 */
public final class NormalTail {

  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double INVERSE_SQRT_PI = 0.5641895835477563;
  private static final double SQRT_TWO_OVER_PI = 0.7978845608028654;
  private static final double SMALL = 0.46875;

  private static final double[] A = {
    3.1611237438705655,
    113.86415415105016,
    377.485237685302,
    3209.3775891384694,
    0.18577770618460315
  };
  private static final double[] B = {
    23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171
  };
  private static final double[] C = {
    0.5641884969886701,
    8.883149794388377,
    66.11919063714163,
    298.6351381974001,
    881.952221241769,
    1712.0476126340707,
    2051.0783778260716,
    1230.3393547979972,
    2.1531153547440383e-08
  };
  private static final double[] D = {
    15.744926110709835,
    117.6939508913125,
    537.1811018620099,
    1621.3895745666903,
    3290.7992357334597,
    4362.619090143247,
    3439.3676741437216,
    1230.3393548037495
  };
  private static final double[] P = {
    0.30532663496123236,
    0.36034489994980445,
    0.12578172611122926,
    0.016083785148742275,
    0.0006587491615298378,
    0.016315387137302097
  };
  private static final double[] Q = {
    2.568520192289822,
    1.8729528499234673,
    0.5279051029514285,
    0.06051834131244132,
    0.0023352049762686918
  };

  private NormalTail() {}

  /** log Φ(y). */
  public static double logCdf(double y) {
    if (y < -1) {
      return StrictMath.log(0.5 * erfcx(-y * SQRT_HALF)) - 0.5 * y * y;
    }
    return y < 0 ? StrictMath.log(0.5 * erfc(-y * SQRT_HALF)) : upperLogCdf(y);
  }

  /** Φ⁻¹(p) by Newton steps on log Φ; p in (0, 1). */
  public static double quantile(double p) {
    if (!(p > 0 && p < 1)) {
      throw new IllegalArgumentException("a probability must lie in (0, 1), got " + p);
    }
    if (p > 0.5) {
      return -quantile(1 - p);
    }
    double level = StrictMath.log(p);
    double y = -StrictMath.sqrt(StrictMath.max(0, -2 * level - 1.3862943611198906));
    for (int i = 0; i < 100; i++) {
      double next = y - (logCdf(y) - level) / inverseMills(y);
      if (StrictMath.abs(next - y) <= 1e-15 * StrictMath.max(1, StrictMath.abs(next))) {
        return next;
      }
      y = next;
    }
    return y;
  }

  /** y²/2 + log Φ(y), without the cancellation of the two terms at negative y. */
  static double halfNormalLog(double y) {
    return y < 0 ? StrictMath.log(0.5 * erfcx(-y * SQRT_HALF)) : 0.5 * y * y + upperLogCdf(y);
  }

  /** φ(y)/Φ(y), the derivative of log Φ. */
  static double inverseMills(double y) {
    if (y < 0) {
      return SQRT_TWO_OVER_PI / erfcx(-y * SQRT_HALF);
    }
    double density = 0.5 * SQRT_TWO_OVER_PI * StrictMath.exp(-0.5 * y * y);
    return density / (1 - 0.5 * erfc(y * SQRT_HALF));
  }

  /** e^(x²) erfc(x) for x >= 0. */
  static double erfcx(double x) {
    return x <= SMALL ? StrictMath.exp(x * x) * (1 - erfSmall(x)) : scaledTail(x);
  }

  private static double upperLogCdf(double y) {
    return StrictMath.log1p(-0.5 * erfc(y * SQRT_HALF));
  }

  private static double erfc(double x) {
    return x <= SMALL ? 1 - erfSmall(x) : StrictMath.exp(-x * x) * scaledTail(x);
  }

  private static double erfSmall(double x) {
    double square = x * x;
    double top = A[4] * square;
    double bottom = square;
    for (int i = 0; i < 3; i++) {
      top = (top + A[i]) * square;
      bottom = (bottom + B[i]) * square;
    }
    return x * (top + A[3]) / (bottom + B[3]);
  }

  private static double scaledTail(double x) {
    if (x <= 4) {
      double top = C[8] * x;
      double bottom = x;
      for (int i = 0; i < 7; i++) {
        top = (top + C[i]) * x;
        bottom = (bottom + D[i]) * x;
      }
      return (top + C[7]) / (bottom + D[7]);
    }
    double inverse = 1 / (x * x);
    double top = P[5] * inverse;
    double bottom = inverse;
    for (int i = 0; i < 4; i++) {
      top = (top + P[i]) * inverse;
      bottom = (bottom + Q[i]) * inverse;
    }
    double rest = inverse * (top + P[4]) / (bottom + Q[4]);
    return (INVERSE_SQRT_PI - rest) / x;
  }
}
