package io.tidegate.stats.tail;

import java.util.function.DoubleUnaryOperator;

/** The regularised incomplete beta function and its inverse. */
public final class BetaTail {
  private static final int LARGEST_STEPS = 1_000_000;
  private static final double TINY = 1e-300;

  private BetaTail() {}

  /**
   * I_x(a, b) = P(Beta(a, b) ≤ x), relative error about 1e-16 (a + b) in both tails (continued
   * fraction, DLMF 8.17.22, by Lentz's method; prefactor by Loader 2000).
   *
   * @param x in [0, 1]
   * @param a greater than 0
   * @param b greater than 0
   */
  public static double cdf(double x, double a, double b) {
    return cdf(x, 1 - x, a, b);
  }

  /** I_x(a, b) with the complement {@code y} = 1 − x given, so that neither end is rounded away. */
  public static double cdf(double x, double y, double a, double b) {
    require(x, y, a, b);
    if (x <= 0) {
      return 0;
    }
    if (y <= 0) {
      return 1;
    }
    return x < (a + 1) / (a + b + 2) ? lower(x, y, a, b) : 1 - lower(y, x, b, a);
  }

  /** 1 − I_x(a, b), accurate where it is small. */
  public static double upper(double x, double a, double b) {
    return cdf(1 - x, x, b, a);
  }

  /** log I_x(a, b), where I_x(a, b) itself may underflow. */
  public static double logCdf(double x, double a, double b) {
    double y = 1 - x;
    require(x, y, a, b);
    if (x <= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (y <= 0) {
      return 0;
    }
    return x < (a + 1) / (a + b + 2)
        ? Deviance.logBetaKernel(a, b, x, y) - StrictMath.log(a) + StrictMath.log(fraction(x, a, b))
        : StrictMath.log1p(-lower(y, x, b, a));
  }

  private static double lower(double x, double y, double a, double b) {
    return StrictMath.exp(Deviance.logBetaKernel(a, b, x, y)) / a * fraction(x, a, b);
  }

  /** The value x with I_x(a, b) = p, p in (0, 1); by root finding on the logit of x. */
  public static double quantile(double p, double a, double b) {
    double logit = logitQuantile(p, a, b);
    return logit < 0
        ? StrictMath.exp(logit) / (1 + StrictMath.exp(logit))
        : 1 / (1 + StrictMath.exp(-logit));
  }

  /** log(x/(1 − x)) of the quantile, which keeps its accuracy at both ends. */
  static double logitQuantile(double p, double a, double b) {
    if (!(p > 0 && p < 1)) {
      throw new IllegalArgumentException("probability " + p + " must lie in (0, 1)");
    }
    boolean lowerTail = p <= 0.5;
    double level = lowerTail ? StrictMath.log(p) : StrictMath.log1p(-p);
    DoubleUnaryOperator f =
        s -> {
          double e = StrictMath.exp(-StrictMath.abs(s));
          double small = e / (1 + e);
          double large = 1 / (1 + e);
          double x = s < 0 ? small : large;
          double y = s < 0 ? large : small;
          return lowerTail
              ? StrictMath.log(cdf(x, y, a, b)) - level
              : level - StrictMath.log(cdf(y, x, b, a));
        };
    double centre = StrictMath.log(a / b);
    double step = 1;
    double low = centre - step;
    while (f.applyAsDouble(low) > 0 && low > -740) {
      step *= 2;
      low -= step;
    }
    step = 1;
    double high = centre + step;
    while (f.applyAsDouble(high) < 0 && high < 740) {
      step *= 2;
      high += step;
    }
    return Roots.increasing(f, low, high);
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m <= LARGEST_STEPS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      double factor = d * c;
      h *= factor;
      if (StrictMath.abs(factor - 1) < 3e-16) {
        return h;
      }
    }
    throw new ArithmeticException(
        "incomplete beta does not converge at x %s, a %s, b %s".formatted(x, a, b));
  }

  private static double nonZero(double value) {
    return StrictMath.abs(value) < TINY ? TINY : value;
  }

  private static boolean inRange(double shape) {
    return shape >= 1e-100 && shape <= 1e100;
  }

  private static void require(double x, double y, double a, double b) {
    if (!(x >= 0 && y >= 0 && x <= 1 && y <= 1 && inRange(a) && inRange(b))) {
      throw new IllegalArgumentException(
          "incomplete beta needs x in [0, 1], a and b in [1e-100, 1e100], got x %s, a %s, b %s"
              .formatted(x, a, b));
    }
  }
}
