package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sums.CovariateMoments;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;

/**
 * Differences of means adjusted by a pre-exposure covariate (CUPED; Deng, Xu, Kohavi and Walker
 * 2013; Lin 2013). Pairs hold the outcome as y and the covariate as d.
 */
public final class Cuped {
  private Cuped() {}

  /**
   * An adjusted difference.
   *
   * @param theta slope of the outcome on the covariate; 0 where the covariate does not vary
   * @param difference B − A of ȳ − θ x̄
   * @param se its standard error, from the sample variances of y − θ x
   * @param varianceRatio se² over the unadjusted se²; cannot say where the latter is 0
   * @param adjustedA ȳ − θ x̄ and y − θ x's squares in control
   * @param adjustedB the same in the treatment
   */
  public record Adjusted(
      double theta,
      double difference,
      double se,
      Stated<Double> varianceRatio,
      Moments adjustedA,
      Moments adjustedB) {}

  /**
   * An adjusted difference relative to control's unadjusted mean.
   *
   * @param relative difference/|ȳ_A|
   * @param se by the delta method
   */
  public record Relative(double relative, double se) {}

  /**
   * θ = cov(y, x)/var(x) over both variants thrown together (gbstats' and tea-tasting's rule).
   * Cannot say below two units in a variant.
   */
  public static Stated<Adjusted> joint(RatioMoments a, RatioMoments b) {
    double n = (double) a.n() + b.n();
    double between = n == 0 ? 0 : (double) a.n() * b.n() / n * (b.meanD() - a.meanD());
    double sxx = a.m2D() + b.m2D() + between * (b.meanD() - a.meanD());
    double sxy = a.cYd() + b.cYd() + between * (b.meanY() - a.meanY());
    return adjust(sxx > 0 ? sxy / sxx : 0, a, b);
  }

  /**
   * θ = (Sxy_A + Sxy_B)/(Sxx_A + Sxx_B) from sums centred within variants: the slope of y ~ 1 +
   * treat + x (ANCOVA), the engine's default. Cannot say below two units in a variant.
   */
  public static Stated<Adjusted> ancova(RatioMoments a, RatioMoments b) {
    double sxx = a.m2D() + b.m2D();
    return adjust(sxx > 0 ? (a.cYd() + b.cYd()) / sxx : 0, a, b);
  }

  /**
   * ANCOVA where some units lack the covariate: theirs is set to {@link #covariateMean}
   * (statistics.md §1.6). Cannot say below two units in a variant or where no unit has a covariate.
   */
  public static Stated<Adjusted> missing(CovariateMoments a, CovariateMoments b) {
    return covariateMean(a, b).flatMap(centre -> ancova(a.filled(centre), b.filled(centre)));
  }

  /** The covariate's mean over all units of both variants that have one; cannot say where none. */
  public static Stated<Double> covariateMean(CovariateMoments a, CovariateMoments b) {
    double n = (double) a.present().n() + b.present().n();
    return n == 0
        ? Stated.cannotSay(Reason.NO_DATA, "no unit has a covariate")
        : Stated.of((a.covariateSum() + b.covariateSum()) / n);
  }

  /**
   * The adjusted difference over |ȳ_A| with gbstats' delta method: se² = V_B/(n_B ȳ_A²) + (v_Ay ρ²
   * − 2θ cov_A ρ + θ² v_Ax)/(n_A ȳ_A²), ρ = ȳ_B/ȳ_A. Cannot say at a control mean of 0.
   */
  public static Stated<Relative> relative(Adjusted adjusted, RatioMoments a, RatioMoments b) {
    if (a.meanY() == 0) {
      return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "relative to a control mean of 0");
    }
    double theta = adjusted.theta();
    double ratio = b.meanY() / a.meanY();
    double mean2 = a.meanY() * a.meanY();
    double squaresA =
        a.m2Y() * ratio * ratio - 2 * theta * a.cYd() * ratio + theta * theta * a.m2D();
    double partA = StrictMath.max(0, squaresA) / (a.n() - 1) / a.n() / mean2;
    return adjusted
        .adjustedB()
        .meanVariance()
        .map(
            v ->
                new Relative(
                    adjusted.difference() / StrictMath.abs(a.meanY()),
                    StrictMath.sqrt(v / mean2 + partA)));
  }

  private static Stated<Adjusted> adjust(double theta, RatioMoments a, RatioMoments b) {
    Moments adjustedA = adjusted(theta, a);
    Moments adjustedB = adjusted(theta, b);
    double difference = b.meanY() - a.meanY() - theta * (b.meanD() - a.meanD());
    return Welch.bothVary(
        adjustedA,
        adjustedB,
        v -> {
          double plain = a.m2Y() / (a.n() - 1) / a.n() + b.m2Y() / (b.n() - 1) / b.n();
          Stated<Double> ratio =
              plain > 0
                  ? Stated.of((v.a() + v.b()) / plain)
                  : Stated.cannotSay(Reason.ZERO_VARIANCE, "the outcome does not vary");
          return new Adjusted(
              theta, difference, StrictMath.sqrt(v.a() + v.b()), ratio, adjustedA, adjustedB);
        });
  }

  /** Moments of y − θ x. */
  private static Moments adjusted(double theta, RatioMoments pairs) {
    double m2 = pairs.m2Y() - 2 * theta * pairs.cYd() + theta * theta * pairs.m2D();
    return new Moments(
        pairs.n(),
        pairs.meanY() - theta * pairs.meanD(),
        pairs.n() < 2 ? 0 : StrictMath.max(0, m2));
  }
}
