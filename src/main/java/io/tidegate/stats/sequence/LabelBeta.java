package io.tidegate.stats.sequence;

import io.tidegate.stats.tail.BetaTail;
import org.apache.commons.math3.special.Beta;

/**
 * The label e-process of one stratum under one Beta(kπ, k(1 − π)) prior, in closed form
 * (statistics.md §2.4, {@code label.beta}; Lindon and Malek 2022). {@link LabelTest} is the gate's
 * test; this one serves comparison with savvi and Optimizely's ssrm.
 *
 * @param logETwo natural log of the two-sided e-value
 * @param logEGreater that of a treatment share above π among the events, the prior cut there
 * @param logELess that of a share below π
 * @param share interval of the treatment's share of the events
 * @param ratio interval of the odds of that share over the odds of π
 */
public record LabelBeta(
    double logETwo, double logEGreater, double logELess, Interval share, Interval ratio) {

  private static final double SMALLEST_PRIOR = 1e-6;
  private static final double LARGEST_PRIOR = 1e15;

  /** Evidence from one stratum with prior concentration {@code k} at level {@code alpha}. */
  public static LabelBeta of(LabelStratum stratum, double k, double alpha) {
    NormalMixture.requireAlpha(alpha);
    if (!(k >= SMALLEST_PRIOR && k <= LARGEST_PRIOR)) {
      throw new IllegalArgumentException(
          "the prior concentration must lie in [1e-6, 1e15], got " + k);
    }
    double pi = stratum.treatmentShare();
    double cA = stratum.eventsControl();
    double cB = stratum.eventsTreatment();
    double a = k * pi;
    double b = k * (1 - pi);
    double logMixture = Beta.logBeta(a + cB, b + cA) - Beta.logBeta(a, b);
    double two = logMixture - cB * StrictMath.log(pi) - cA * StrictMath.log1p(-pi);
    double greater = two + BetaTail.logCdf(1 - pi, b + cA, a + cB) - BetaTail.logCdf(1 - pi, b, a);
    double less = two + BetaTail.logCdf(pi, a + cB, b + cA) - BetaTail.logCdf(pi, a, b);
    LabelLikelihood likelihood =
        LabelLikelihood.ofRate(
            stratum.eventsTreatment(), stratum.eventsTreatment() + stratum.eventsControl());
    Interval odds = likelihood.levelSet(logMixture + StrictMath.log(alpha), likelihood.likely());
    double null0 = StrictMath.log(pi) - StrictMath.log1p(-pi);
    return new LabelBeta(
        two,
        greater,
        less,
        new Interval(LogScale.logistic(odds.lower()), LogScale.logistic(odds.upper())),
        new Interval(StrictMath.exp(odds.lower() - null0), StrictMath.exp(odds.upper() - null0)));
  }
}
