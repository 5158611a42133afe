package io.tidegate.stats.sequence;

import org.apache.commons.math3.special.Beta;

/**
 * The confidence sequence of one variant's own rate of a 0/1 outcome from the Beta(½, ½) mixture of
 * its likelihood (Robbins 1970; design.md §4): {p : log B(½+x, ½+n−x) − log B(½, ½) − x log p −
 * (n−x) log(1−p) < log 1/α}. Exact at every n.
 */
public final class RateSequence {

  private RateSequence() {}

  /**
   * The interval of the rate after {@code events} of {@code units}; [0, 1] without units. With 0
   * events in 8,000 units the upper end is 0.1 % at alpha 0.05.
   */
  public static Interval interval(long events, long units, double alpha) {
    NormalMixture.requireAlpha(alpha);
    if (events < 0 || events > units) {
      throw new IllegalArgumentException(
          "events must lie in [0, units], got " + events + " of " + units);
    }
    double logMixture = Beta.logBeta(0.5 + events, 0.5 + units - events) - Beta.logBeta(0.5, 0.5);
    LabelLikelihood likelihood = LabelLikelihood.ofRate(events, units);
    Interval odds = likelihood.levelSet(logMixture + StrictMath.log(alpha), likelihood.likely());
    return new Interval(LogScale.logistic(odds.lower()), LogScale.logistic(odds.upper()));
  }

  /** The upper end of {@link #interval}. */
  public static double upperBound(long events, long units, double alpha) {
    return interval(events, units, alpha).upper();
  }
}
