package io.tidegate.stats.sequence;

import java.util.List;

/**
 * The label e-process of an event that happens at most once a unit (statistics.md §2.4, {@code
 * label.grid}; Lindon and Malek 2022): whose label does each event carry? Exact at every number of
 * events, with no start-up rule.
 *
 * <p>θ is the log rate ratio of the treatment to control; an event belongs to the treatment with
 * probability π e^θ/(π e^θ + 1 − π).
 *
 * @param theta0 null value of θ: log(1 + m) for a margin m of the rate ratio
 * @param alpha level of the bounds
 * @param events events of both variants in all strata
 * @param logETwo natural log of the two-sided e-value
 * @param logEGreater that of θ > theta0
 * @param logELess that of θ < theta0
 * @param ratio two-sided interval of the rate ratio; unlimited on a side without events
 * @param ratioLowerBound one-sided lower bound of the rate ratio, 0 where there is none
 * @param ratioUpperBound one-sided upper bound of the rate ratio, infinite where there is none
 */
public record LabelTest(
    double theta0,
    double alpha,
    long events,
    double logETwo,
    double logEGreater,
    double logELess,
    Interval ratio,
    double ratioLowerBound,
    double ratioUpperBound) {

  /** Evidence from all strata together. */
  public static LabelTest of(List<LabelStratum> strata, double theta0, double alpha) {
    NormalMixture.requireAlpha(alpha);
    if (!Double.isFinite(theta0)) {
      throw new IllegalArgumentException("theta0 must be finite, got " + theta0);
    }
    LabelLikelihood likelihood = new LabelLikelihood(strata);
    double greater = likelihood.logE(theta0, 1);
    double less = likelihood.logE(theta0, -1);
    return new LabelTest(
        theta0,
        alpha,
        likelihood.events(),
        LogScale.logMean(greater, less),
        greater,
        less,
        likelihood.ratioInterval(alpha),
        StrictMath.exp(likelihood.lowerBound(alpha)),
        StrictMath.exp(likelihood.upperBound(alpha)));
  }

  /** The e-values alone, without bounds. */
  public static double logE(List<LabelStratum> strata, double theta0, Side side) {
    LabelLikelihood likelihood = new LabelLikelihood(strata);
    return switch (side) {
      case GREATER -> likelihood.logE(theta0, 1);
      case LESS -> likelihood.logE(theta0, -1);
      case TWO -> LogScale.logMean(likelihood.logE(theta0, 1), likelihood.logE(theta0, -1));
    };
  }

  /** Natural log of the e-value on {@code side}. */
  public double logE(Side side) {
    return switch (side) {
      case TWO -> logETwo;
      case GREATER -> logEGreater;
      case LESS -> logELess;
    };
  }

  /** Two-sided interval of the log rate ratio. */
  public Interval theta() {
    return new Interval(StrictMath.log(ratio.lower()), StrictMath.log(ratio.upper()));
  }
}
