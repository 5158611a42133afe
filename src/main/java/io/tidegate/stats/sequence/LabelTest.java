package io.tidegate.stats.sequence;

import java.util.List;

/**
 * The label e-process of an event that happens at most once a unit (statistics.md §2.4, {@code
 * label.grid}; Lindon and Malek 2022): whose label does each event carry? Exact at every number of
 * events, with no start-up rule.
 *
 * <p>θ is the log rate ratio of the treatment to control; an event belongs to the treatment with
 * probability π e^θ/(π e^θ + 1 − π). Bounds are found when asked for.
 */
public final class LabelTest {

  private final LabelLikelihood likelihood;
  private final double theta0;
  private final double alpha;
  private final double logEGreater;
  private final double logELess;

  private LabelTest(LabelLikelihood likelihood, double theta0, double alpha) {
    this.likelihood = likelihood;
    this.theta0 = theta0;
    this.alpha = alpha;
    this.logEGreater = likelihood.logE(theta0, 1);
    this.logELess = likelihood.logE(theta0, -1);
  }

  /**
   * Evidence from all strata together.
   *
   * @param theta0 null value of θ: log(1 + m) for a margin m of the rate ratio
   * @param alpha level of the bounds
   */
  public static LabelTest of(List<LabelStratum> strata, double theta0, double alpha) {
    NormalMixture.requireAlpha(alpha);
    requireFinite(theta0);
    return new LabelTest(new LabelLikelihood(strata), theta0, alpha);
  }

  /** One e-value alone, as its natural log. */
  public static double logE(List<LabelStratum> strata, double theta0, Side side) {
    requireFinite(theta0);
    LabelLikelihood likelihood = new LabelLikelihood(strata);
    return switch (side) {
      case GREATER -> likelihood.logE(theta0, 1);
      case LESS -> likelihood.logE(theta0, -1);
      case TWO -> LogScale.logMean(likelihood.logE(theta0, 1), likelihood.logE(theta0, -1));
    };
  }

  private static void requireFinite(double theta0) {
    if (!Double.isFinite(theta0)) {
      throw new IllegalArgumentException("theta0 must be finite, got " + theta0);
    }
  }

  /** The null value of θ. */
  public double theta0() {
    return theta0;
  }

  /** Level of the interval and of the one-sided bounds. */
  public double alpha() {
    return alpha;
  }

  /** Events of both variants in all strata. */
  public long events() {
    return likelihood.events();
  }

  /** Natural log of the two-sided e-value, the mean of the one-sided ones. */
  public double logETwo() {
    return LogScale.logMean(logEGreater, logELess);
  }

  /** Natural log of the e-value of θ > theta0. */
  public double logEGreater() {
    return logEGreater;
  }

  /** Natural log of the e-value of θ < theta0. */
  public double logELess() {
    return logELess;
  }

  /** Natural log of the e-value on {@code side}. */
  public double logE(Side side) {
    return switch (side) {
      case TWO -> logETwo();
      case GREATER -> logEGreater;
      case LESS -> logELess;
    };
  }

  /** Two-sided interval of the log rate ratio; unlimited on a side without events. */
  public Interval theta() {
    return likelihood.thetaInterval(alpha);
  }

  /** Two-sided interval of the rate ratio, from 0 or to infinity on a side without events. */
  public Interval ratio() {
    Interval theta = theta();
    return new Interval(StrictMath.exp(theta.lower()), StrictMath.exp(theta.upper()));
  }

  /** One-sided lower bound of the rate ratio, 0 where there is none. */
  public double ratioLowerBound() {
    return StrictMath.exp(likelihood.bound(alpha, 1));
  }

  /** One-sided upper bound of the rate ratio, infinite where there is none. */
  public double ratioUpperBound() {
    return StrictMath.exp(likelihood.bound(alpha, -1));
  }
}
