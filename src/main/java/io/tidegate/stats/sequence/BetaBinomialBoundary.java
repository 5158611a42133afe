package io.tidegate.stats.sequence;

import io.tidegate.stats.tail.BetaTail;
import io.tidegate.stats.tail.Roots;
import org.apache.commons.math3.special.Beta;

/**
 * The beta-binomial mixture boundary for increments between −g and h ({@code
 * confseq.beta_binomial}; Howard and Ramdas 2022, theorem 1 uses it for quantiles).
 *
 * @param r prior strength
 * @param g lower range of an increment
 * @param h upper range of an increment
 * @param oneSided mixture over one direction only
 */
public record BetaBinomialBoundary(double r, double g, double h, boolean oneSided)
    implements SumBoundary {

  public BetaBinomialBoundary {
    if (!(r > 0 && g > 0 && h > 0 && r + g + h < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "r, g and h must be > 0 and finite, got " + r + ", " + g + " and " + h);
    }
  }

  /** Tightest near {@code vOpt} at level {@code alphaOpt}. */
  public static BetaBinomialBoundary tuned(
      double vOpt, double alphaOpt, double g, double h, boolean oneSided) {
    double rho = SumBoundary.tunedRho(vOpt, oneSided ? 2 * alphaOpt : alphaOpt);
    return new BetaBinomialBoundary(StrictMath.max(rho - g * h, 1e-3 * g * h), g, h, oneSided);
  }

  @Override
  public double logMixture(double s, double v) {
    SumBoundary.requireTime(v);
    if (!(r + v - g * s > 0 && r + v + h * s > 0)) {
      throw new IllegalArgumentException("no sum can be " + s + " at time " + v);
    }
    double width = g + h;
    return v / (g * h) * StrictMath.log(width)
        - (v + h * s) / (h * width) * StrictMath.log(g)
        - (v - g * s) / (g * width) * StrictMath.log(h)
        + logIncomplete((r + v - g * s) / (g * width), (r + v + h * s) / (h * width))
        - logIncomplete(r / (g * width), r / (h * width));
  }

  @Override
  public double bound(double v, double alpha) {
    NormalMixture.requireAlpha(alpha);
    SumBoundary.requireTime(v);
    if (isCapped(v, alpha)) {
      return cap(v);
    }
    double level = -StrictMath.log(alpha);
    return Roots.increasing(s -> logMixture(s, v) - level, 0, cap(v));
  }

  /** Whether the mixture stays below 1/alpha up to the largest possible sum v/g. */
  public boolean isCapped(double v, double alpha) {
    return logMixture(cap(v), v) < -StrictMath.log(alpha);
  }

  private double cap(double v) {
    return v / g;
  }

  private double logIncomplete(double a, double b) {
    double whole = Beta.logBeta(a, b);
    return oneSided ? whole + BetaTail.logCdf(h / (g + h), a, b) : whole;
  }
}
