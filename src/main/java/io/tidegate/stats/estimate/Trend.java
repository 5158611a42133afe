package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.tail.Tails;

/**
 * A line through independent estimates with known standard errors.
 *
 * @param slope change of y per unit of x
 * @param intercept y at x = 0
 * @param slopeSe standard error of the slope
 * @param interceptSe standard error of the intercept
 * @param z slope/slopeSe
 * @param pValue two-sided, normal
 */
public record Trend(
    double slope, double intercept, double slopeSe, double interceptSe, double z, double pValue) {

  /**
   * Weighted least squares with weights 1/se² and known variances. Cannot say below two distinct x,
   * or ({@code OUT_OF_RANGE}) where a sum leaves the range of doubles.
   *
   * @param x finite
   * @param y finite, one a point
   * @param se greater than 0, one a point
   */
  public static Stated<Trend> weighted(double[] x, double[] y, double[] se) {
    if (x.length != y.length || x.length != se.length) {
      throw new IllegalArgumentException(
          "x, y and se differ in length: %d, %d, %d".formatted(x.length, y.length, se.length));
    }
    double weight = 0;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < x.length; i++) {
      if (!(se[i] > 0 && Double.isFinite(se[i]))) {
        throw new IllegalArgumentException("standard error " + se[i] + " must be > 0");
      }
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new IllegalArgumentException("point " + x[i] + ", " + y[i] + " must be finite");
      }
      double w = 1 / (se[i] * se[i]);
      weight += w;
      sumX += w * x[i];
      sumY += w * y[i];
    }
    if (x.length == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "a line through no points");
    }
    double meanX = sumX / weight;
    double meanY = sumY / weight;
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < x.length; i++) {
      double w = 1 / (se[i] * se[i]);
      sxx += w * (x[i] - meanX) * (x[i] - meanX);
      sxy += w * (x[i] - meanX) * (y[i] - meanY);
    }
    if (!(sxx > 0)) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "a line needs two different x");
    }
    if (!Double.isFinite(sxx) || !Double.isFinite(sxy)) {
      return Stated.cannotSay(
          Reason.OUT_OF_RANGE, "weights 1/se² are beyond the range of a double");
    }
    double slope = sxy / sxx;
    double slopeSe = StrictMath.sqrt(1 / sxx);
    double intercept = meanY - slope * meanX;
    double interceptSe = StrictMath.sqrt(1 / weight + meanX * meanX / sxx);
    double z = slope / slopeSe;
    return Stated.ofFinite(
        new Trend(slope, intercept, slopeSe, interceptSe, z, Tails.normalTwoSided(z)),
        intercept,
        interceptSe,
        z);
  }
}
