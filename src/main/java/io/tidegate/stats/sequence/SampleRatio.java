package io.tidegate.stats.sequence;

import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * The sequential test of the split (statistics.md §2.8, {@code srm.sequential}; Lindon and Malek
 * 2022): Dirichlet(k × declared shares) against the declared multinomial, mean over k = 100, 1000,
 * 10000. Exact at every number of units; log e-values of strata with disjoint units add.
 *
 * @param units units of all strata
 * @param logE natural log of the e-value
 * @param pValue min(1, 1/E)
 */
public record SampleRatio(long units, double logE, double pValue) {

  private static final double[] CONCENTRATIONS = {100, 1000, 10000};

  /** Evidence against the declared shares from all strata. */
  public static SampleRatio of(List<RatioStratum> strata) {
    return of(strata, CONCENTRATIONS);
  }

  /** The same with the mean taken over other prior concentrations. */
  public static SampleRatio of(List<RatioStratum> strata, double... concentrations) {
    long units = 0;
    double logE = 0;
    for (RatioStratum s : strata) {
      units += s.units();
      double[] logs = new double[concentrations.length];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = logE(s, concentrations[i]);
      }
      logE += LogScale.logMean(logs);
    }
    return new SampleRatio(units, logE, LogScale.pValue(logE));
  }

  /** log e-value of one stratum under one prior concentration k. */
  public static double logE(RatioStratum stratum, double concentration) {
    if (!(concentration >= 1e-6 && concentration <= 1e15)) {
      throw new IllegalArgumentException(
          "the prior concentration must lie in [1e-6, 1e15], got " + concentration);
    }
    double[] shares = stratum.shares();
    double total = 0;
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      double count = stratum.counts().get(i);
      double prior = concentration * shares[i];
      sum += Gamma.logGamma(prior + count) - Gamma.logGamma(prior);
      sum -= count * StrictMath.log(shares[i]);
      total += count;
    }
    return sum - Gamma.logGamma(concentration + total) + Gamma.logGamma(concentration);
  }
}
