package io.tidegate.stats.tail;

/**
 * The two parts of a gamma-function density that do not cancel for large arguments (Loader 2000,
 * Fast and accurate computation of binomial probabilities).
 */
final class Deviance {
  private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
  private static final double SERIES_FROM = 15;

  private Deviance() {}

  /**
   * δ(z) = log Γ(z) − (z − ½) log z + z − ½ log 2π for z &gt; 0, the error of Stirling's formula.
   */
  static double stirlingError(double z) {
    double shifted = z;
    double correction = 0;
    while (shifted < SERIES_FROM) {
      correction += (shifted + 0.5) * StrictMath.log1p(1 / shifted) - 1;
      shifted += 1;
    }
    double square = 1 / (shifted * shifted);
    double series =
        (1.0 / 12
                - square
                    * (1.0 / 360
                        - square
                            * (1.0 / 1260
                                - square
                                    * (1.0 / 1680
                                        - square * (1.0 / 1188 - square * 691 / 360360)))))
            / shifted;
    return series + correction;
  }

  /** bd₀(x, m) = x log(x/m) + m − x for x, m &gt; 0, without cancellation where x ≈ m. */
  static double deviance(double x, double m) {
    double difference = x - m;
    if (StrictMath.abs(difference) < 0.1 * (x + m)) {
      double v = difference / (x + m);
      double sum = difference * v;
      double term = 2 * x * v;
      double square = v * v;
      for (int j = 1; j < 1000; j++) {
        term *= square;
        double next = sum + term / (2 * j + 1);
        if (next == sum) {
          return next;
        }
        sum = next;
      }
    }
    return x * StrictMath.log(x / m) + m - x;
  }

  /** log of e^−m m^x/Γ(x + 1) for x ≥ 0, m &gt; 0. */
  static double logPoisson(double x, double m) {
    if (x == 0) {
      return -m;
    }
    return -stirlingError(x) - deviance(x, m) - HALF_LOG_TWO_PI - 0.5 * StrictMath.log(x);
  }

  /** log of x^a y^b Γ(a + b)/(Γ(a)Γ(b)) for a, b &gt; 0, x + y = 1. */
  static double logBetaKernel(double a, double b, double x, double y) {
    double n = a + b;
    return 0.5 * (StrictMath.log(a) - StrictMath.log(n) + StrictMath.log(b))
        - HALF_LOG_TWO_PI
        + stirlingError(n)
        - stirlingError(a)
        - stirlingError(b)
        - deviance(a, n * x)
        - deviance(b, n * y);
  }
}
