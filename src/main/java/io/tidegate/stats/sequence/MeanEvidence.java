package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.LiftSet;

/**
 * What a mean sequence says at one look. The interval covers the current contrast; intervals of
 * different looks are not to be intersected.
 *
 * @param contrast the estimate and its moments
 * @param alpha level of the interval and of the two one-sided bounds, each on its own
 * @param kappa information in units of the prior, at N* itself
 * @param logETwo natural log of the two-sided e-value
 * @param logEGreater that of treatment > factor × control + offset
 * @param logELess that of treatment < factor × control + offset
 * @param criticalTwo |z| at which the two-sided e-value is 1/alpha
 * @param criticalOne z at which a one-sided e-value is 1/alpha
 */
public record MeanEvidence(
    MeanContrast contrast,
    double alpha,
    double kappa,
    double logETwo,
    double logEGreater,
    double logELess,
    double criticalTwo,
    double criticalOne) {

  /** Evidence from an admitted contrast under {@code tuning}, whose alpha sets the bounds. */
  public static MeanEvidence of(MeanContrast contrast, Tuning tuning, MixtureAverage mixture) {
    double kappa = tuning.kappa(contrast.information());
    double z = contrast.estimate() / contrast.standardError();
    double alpha = tuning.alpha();
    return new MeanEvidence(
        contrast,
        alpha,
        kappa,
        mixture.logE(Side.TWO, z, kappa),
        mixture.logE(Side.GREATER, z, kappa),
        mixture.logE(Side.LESS, z, kappa),
        mixture.critical(Side.TWO, kappa, alpha),
        mixture.critical(Side.GREATER, kappa, alpha));
  }

  /** Natural log of the e-value on {@code side}. */
  public double logE(Side side) {
    return switch (side) {
      case TWO -> logETwo;
      case GREATER -> logEGreater;
      case LESS -> logELess;
    };
  }

  /** treatment − factor × control − offset. */
  public double estimate() {
    return contrast.estimate();
  }

  /** Standard error of the estimate, in the metric's unit, greater than 0. */
  public double standardError() {
    return contrast.standardError();
  }

  /** estimate/standard error. */
  public double z() {
    return contrast.estimate() / contrast.standardError();
  }

  /** The two-sided confidence sequence of level alpha. */
  public Interval interval() {
    double half = criticalTwo * standardError();
    return new Interval(estimate() - half, estimate() + half);
  }

  /** Lower bound that holds at all times with probability 1 − alpha. */
  public double lowerBound() {
    return estimate() - criticalOne * standardError();
  }

  /** Upper bound that holds at all times with probability 1 − alpha. */
  public double upperBound() {
    return estimate() + criticalOne * standardError();
  }

  /**
   * treatment/control − 1. Cannot say for a control mean of 0 ({@code ZERO_DENOMINATOR}) or below
   * ({@code NON_POSITIVE_BASELINE}).
   */
  public Stated<Double> relativeEstimate() {
    return positiveControl()
        .map(control -> contrast.difference() / control)
        .flatMap(relative -> Stated.ofFinite(relative, relative));
  }

  /** Fieller's two-sided interval of the relative effect with the anytime critical value. */
  public Stated<Interval> relativeInterval() {
    return positiveControl().flatMap(control -> fieller(criticalTwo));
  }

  /** One-sided lower bound of the relative effect. */
  public Stated<Double> relativeLowerBound() {
    return positiveControl().flatMap(control -> fieller(criticalOne)).map(Interval::lower);
  }

  /** One-sided upper bound of the relative effect. */
  public Stated<Double> relativeUpperBound() {
    return positiveControl().flatMap(control -> fieller(criticalOne)).map(Interval::upper);
  }

  private Stated<Double> positiveControl() {
    double control = contrast.control();
    if (control == 0) {
      return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "control mean is 0");
    }
    return control > 0
        ? Stated.of(control)
        : Stated.cannotSay(Reason.NON_POSITIVE_BASELINE, "control mean is " + control);
  }

  /** Fieller's set where it is an interval. */
  private Stated<Interval> fieller(double critical) {
    LiftSet set =
        LiftSet.fieller(
            contrast.control(),
            contrast.squaredErrorControl(),
            contrast.treatment(),
            contrast.squaredErrorTreatment(),
            critical);
    return set instanceof LiftSet.Between between
        ? Stated.of(new Interval(between.low(), between.high()))
        : Stated.cannotSay(
            Reason.UNBOUNDED,
            "control mean " + contrast.control() + " is within its own uncertainty of 0");
  }
}
