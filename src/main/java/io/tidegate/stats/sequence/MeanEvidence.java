package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.LiftSet;

/**
 * What a mean sequence says at one look. The interval covers the current contrast; intervals of
 * different looks are not to be intersected. Critical values are found by iteration, once, when
 * asked for: most tests ask for an e-value alone.
 */
public final class MeanEvidence {

  private final MeanContrast contrast;
  private final MixtureAverage mixture;
  private final double alpha;
  private final double kappa;
  private double criticalTwo = Double.NaN;
  private double criticalOne = Double.NaN;

  private MeanEvidence(MeanContrast contrast, MixtureAverage mixture, double alpha, double kappa) {
    this.contrast = contrast;
    this.mixture = mixture;
    this.alpha = alpha;
    this.kappa = kappa;
  }

  /** Evidence from an admitted contrast under {@code tuning}, whose alpha sets the bounds. */
  public static MeanEvidence of(MeanContrast contrast, Tuning tuning, MixtureAverage mixture) {
    return new MeanEvidence(
        contrast, mixture, tuning.alpha(), tuning.kappa(contrast.information()));
  }

  /** The estimate and its moments. */
  public MeanContrast contrast() {
    return contrast;
  }

  /** Level of the interval and of the two one-sided bounds, each on its own. */
  public double alpha() {
    return alpha;
  }

  /** Information in units of the prior, at N* itself. */
  public double kappa() {
    return kappa;
  }

  /**
   * Natural log of the e-value on {@code side}: {@code GREATER} is that of treatment > factor ×
   * control + offset.
   */
  public double logE(Side side) {
    return mixture.logE(side, z(), kappa);
  }

  /** |z| at which the two-sided e-value is 1/alpha. */
  public double criticalTwo() {
    if (Double.isNaN(criticalTwo)) {
      criticalTwo = mixture.critical(Side.TWO, kappa, alpha);
    }
    return criticalTwo;
  }

  /** z at which a one-sided e-value is 1/alpha. */
  public double criticalOne() {
    if (Double.isNaN(criticalOne)) {
      criticalOne = mixture.critical(Side.GREATER, kappa, alpha);
    }
    return criticalOne;
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
    double half = criticalTwo() * standardError();
    return new Interval(estimate() - half, estimate() + half);
  }

  /** Lower bound that holds at all times with probability 1 − alpha. */
  public double lowerBound() {
    return estimate() - criticalOne() * standardError();
  }

  /** Upper bound that holds at all times with probability 1 − alpha. */
  public double upperBound() {
    return estimate() + criticalOne() * standardError();
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
    return positiveControl().flatMap(control -> fieller(criticalTwo()));
  }

  /** One-sided lower bound of the relative effect. */
  public Stated<Double> relativeLowerBound() {
    return positiveControl().flatMap(control -> fieller(criticalOne())).map(Interval::lower);
  }

  /** One-sided upper bound of the relative effect. */
  public Stated<Double> relativeUpperBound() {
    return positiveControl().flatMap(control -> fieller(criticalOne())).map(Interval::upper);
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
