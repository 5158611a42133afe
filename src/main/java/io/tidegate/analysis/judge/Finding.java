package io.tidegate.analysis.judge;

/**
 * Whether the evidence reaches what a step needs.
 *
 * @param shown whether it does
 * @param measure what was observed, such as {@code log e}
 * @param observed the figure
 * @param threshold what it was held against
 */
record Finding(boolean shown, String measure, double observed, double threshold) {

  static Finding ofLogE(double logE, double alpha) {
    double threshold = StrictMath.log(1 / alpha);
    return new Finding(logE >= threshold, "log e", logE, threshold);
  }
}
