package io.tidegate.stats.sequence;

/**
 * A curved boundary for a sum process with intrinsic time v (Howard, Ramdas, McAuliffe and Sekhon
 * 2021, parametrised as their package confseq): the value that the process passes at any time with
 * probability at most alpha.
 */
public sealed interface SumBoundary permits NormalBoundary, BetaBinomialBoundary {

  /** log of the mixture supermartingale at sum {@code s} and time {@code v} > 0, finite. */
  double logMixture(double s, double v);

  /** The boundary of level {@code alpha} at time {@code v}. */
  double bound(double v, double alpha);

  /** ρ at which the two-sided normal mixture is tightest at {@code vOpt}, in closed form. */
  static double tunedRho(double vOpt, double alphaOpt) {
    NormalMixture.requireAlpha(alphaOpt);
    return requireTime(vOpt) / NormalMixture.approximateTunedKappa(alphaOpt);
  }

  /** Refuses an intrinsic time that is not positive and finite. */
  static double requireTime(double v) {
    if (!(v > 0 && Double.isFinite(v))) {
      throw new IllegalArgumentException("the intrinsic time must be finite and > 0, got " + v);
    }
    return v;
  }
}
