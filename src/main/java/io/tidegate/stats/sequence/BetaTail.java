package io.tidegate.stats.sequence;

import org.apache.commons.math3.special.Beta;

/** The Beta distribution on the log scale, where the plain functions underflow. */
final class BetaTail {

  private static final int TERMS = 1_000_000;
  private static final double PRECISION = 1e-16;
  private static final double TINY = 1e-300;

  private BetaTail() {}

  /** log B(a, b). */
  static double logBeta(double a, double b) {
    return Beta.logBeta(a, b);
  }

  /** log I_x(a, b), the regularised incomplete beta function; 0 < x < 1. */
  static double logRegularized(double x, double a, double b) {
    if (x <= (a + 1) / (a + b + 2)) {
      return lower(StrictMath.log(x), StrictMath.log1p(-x), x, a, b);
    }
    double upper = lower(StrictMath.log1p(-x), StrictMath.log(x), 1 - x, b, a);
    return StrictMath.log1p(-StrictMath.exp(upper));
  }

  private static double lower(double logX, double logY, double x, double a, double b) {
    return a * logX
        + b * logY
        - StrictMath.log(a)
        - logBeta(a, b)
        + StrictMath.log(continuedFraction(x, a, b));
  }

  /** DLMF 8.17.22 by the modified Lentz method. */
  private static double continuedFraction(double x, double a, double b) {
    double c = 1;
    double d = inverse(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = inverse(1 + even * d);
      c = away(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = inverse(1 + odd * d);
      c = away(1 + odd / c);
      double factor = d * c;
      h *= factor;
      if (StrictMath.abs(factor - 1) < PRECISION) {
        break;
      }
    }
    return h;
  }

  private static double inverse(double v) {
    return 1 / away(v);
  }

  private static double away(double v) {
    return StrictMath.abs(v) < TINY ? TINY : v;
  }
}
