package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import org.apache.commons.math3.special.Gamma;

/**
 * Pearson's test of the split at one look ({@code srm.chisq}), for display: under a look at every
 * event its false alarms are thirty times nominal.
 *
 * @param statistic Σ (observed − expected)²/expected
 * @param degreesOfFreedom variants − 1
 * @param pValue upper tail of the chi-square distribution
 */
public record ChiSquareSplit(double statistic, int degreesOfFreedom, double pValue) {

  /** The test on one stratum; cannot say without units. */
  public static Stated<ChiSquareSplit> of(RatioStratum stratum) {
    long units = stratum.units();
    if (units == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "no units in any variant");
    }
    double[] shares = stratum.shares();
    double statistic = 0;
    for (int i = 0; i < shares.length; i++) {
      double expected = units * shares[i];
      double gap = stratum.counts().get(i) - expected;
      statistic += gap * gap / expected;
    }
    int freedom = shares.length - 1;
    double p = statistic == 0 ? 1 : Gamma.regularizedGammaQ(freedom / 2.0, statistic / 2);
    return Stated.of(new ChiSquareSplit(statistic, freedom, p));
  }
}
