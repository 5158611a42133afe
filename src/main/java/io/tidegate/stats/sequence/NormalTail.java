package io.tidegate.stats.sequence;

/**
 * The normal distribution function on the log scale, accurate to a few units in the last place for
 * every finite argument.
 *
 * <p>The scaled complementary error function uses the rational Chebyshev approximations of Cody
 * (1969), Math. Comp. 23, 631–637.
 */
public final class NormalTail {

  private static final double SQRT_HALF = 0.7071067811865475244;
  private static final double INVERSE_SQRT_PI = 0.56418958354775628695;
  private static final double SQRT_TWO_OVER_PI = 0.79788456080286535588;
  private static final double SMALL = 0.46875;

  private static final double[] A = {
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
    1.85777706184603153e-1
  };
  private static final double[] B = {
    2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03, 2.84423683343917062e03
  };
  private static final double[] C = {
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e01,
    2.98635138197400131e02,
    8.81952221241769090e02,
    1.71204761263407058e03,
    2.05107837782607147e03,
    1.23033935479799725e03,
    2.15311535474403846e-8
  };
  private static final double[] D = {
    1.57449261107098347e01,
    1.17693950891312499e02,
    5.37181101862009858e02,
    1.62138957456669019e03,
    3.29079923573345963e03,
    4.36261909014324716e03,
    3.43936767414372164e03,
    1.23033935480374942e03
  };
  private static final double[] P = {
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
    1.63153871373020978e-2
  };
  private static final double[] Q = {
    2.56852019228982242e00,
    1.87295284992346725e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
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
