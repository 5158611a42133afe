package io.tidegate.stats.sequence;

/** Sums and means of numbers held as natural logarithms; e-values may pass 1e300. */
public final class LogScale {

  private LogScale() {}

  /** log(e^a + e^b). */
  public static double logAdd(double a, double b) {
    double high = StrictMath.max(a, b);
    if (Double.isInfinite(high)) {
      return high;
    }
    return high + StrictMath.log1p(StrictMath.exp(-StrictMath.abs(a - b)));
  }

  /** log of the sum of e^v, added in the order given; {@code -Infinity} for no values. */
  public static double logSum(double... values) {
    double high = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      high = StrictMath.max(high, v);
    }
    if (Double.isInfinite(high)) {
      return high;
    }
    double sum = 0;
    for (double v : values) {
      sum += StrictMath.exp(v - high);
    }
    return high + StrictMath.log(sum);
  }

  /** log of the arithmetic mean of e^v. The mean of e-values on one filtration is an e-value. */
  public static double logMean(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("the mean of no e-values does not exist");
    }
    return logSum(values) - StrictMath.log(values.length);
  }

  /** p = min(1, 1/E), from the natural log of the e-value. */
  public static double pValue(double logE) {
    if (Double.isNaN(logE)) {
      throw new IllegalArgumentException("a log e-value must be a number, got NaN");
    }
    return logE <= 0 ? 1.0 : StrictMath.exp(-logE);
  }

  /** 1/(1 + e^-x). */
  static double logistic(double x) {
    if (x >= 0) {
      return 1 / (1 + StrictMath.exp(-x));
    }
    double e = StrictMath.exp(x);
    return e / (1 + e);
  }
}
