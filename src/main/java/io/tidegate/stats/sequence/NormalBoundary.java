package io.tidegate.stats.sequence;

/**
 * The normal mixture boundary ({@code confseq.normal_mixture}).
 *
 * @param rho prior precision in units of v
 * @param oneSided half-normal mixture
 */
public record NormalBoundary(double rho, boolean oneSided) implements SumBoundary {

  public NormalBoundary {
    if (!(rho > 0 && Double.isFinite(rho))) {
      throw new IllegalArgumentException("rho must be finite and > 0, got " + rho);
    }
  }

  /** Tightest near {@code vOpt} at level {@code alphaOpt}. */
  public static NormalBoundary tuned(double vOpt, double alphaOpt, boolean oneSided) {
    double level = oneSided ? 2 * alphaOpt : alphaOpt;
    return new NormalBoundary(SumBoundary.tunedRho(vOpt, level), oneSided);
  }

  @Override
  public double logMixture(double s, double v) {
    SumBoundary.requireTime(v);
    return NormalMixture.logE(oneSided ? Side.GREATER : Side.TWO, s / StrictMath.sqrt(v), v / rho);
  }

  @Override
  public double bound(double v, double alpha) {
    double kappa = SumBoundary.requireTime(v) / rho;
    return StrictMath.sqrt(v)
        * (oneSided
            ? NormalMixture.criticalOne(kappa, alpha)
            : NormalMixture.criticalTwo(kappa, alpha));
  }
}
