package io.tidegate.stats.estimate;

import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.tail.Tails;

/**
 * A test and interval from a t statistic.
 *
 * @param df degrees of freedom, greater than 0
 * @param statistic t
 * @param pValue in [0, 1], taken in its own tail
 * @param interval of the estimate; one-sided tests leave the other side infinite
 */
public record TTest(double df, double statistic, double pValue, Interval interval) {

  /**
   * The test of {@code estimate} against {@code nullValue} with standard error {@code se} &gt; 0.
   */
  static TTest of(
      double estimate, double se, double df, Side side, double alpha, double nullValue) {
    requireAlpha(alpha);
    double t = (estimate - nullValue) / se;
    return switch (side) {
      case TWO -> {
        double width = Tails.studentUpperQuantile(alpha / 2, df) * se;
        double p = StrictMath.min(1, 2 * Tails.studentUpper(StrictMath.abs(t), df));
        yield new TTest(df, t, p, new Interval(estimate - width, estimate + width));
      }
      case GREATER -> {
        double width = Tails.studentUpperQuantile(alpha, df) * se;
        yield new TTest(
            df,
            t,
            Tails.studentUpper(t, df),
            new Interval(estimate - width, Double.POSITIVE_INFINITY));
      }
      case LESS -> {
        double width = Tails.studentUpperQuantile(alpha, df) * se;
        yield new TTest(
            df,
            t,
            Tails.studentUpper(-t, df),
            new Interval(Double.NEGATIVE_INFINITY, estimate + width));
      }
    };
  }

  /** Welch–Satterthwaite degrees of freedom from two squared standard errors. */
  static double welchDf(double se2A, long nA, double se2B, long nB) {
    double total = se2A + se2B;
    double shareA = se2A / total;
    double shareB = se2B / total;
    return 1 / (shareA * shareA / (nA - 1) + shareB * shareB / (nB - 1));
  }

  static void requireAlpha(double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha " + alpha + " must lie in (0, 1)");
    }
  }
}
