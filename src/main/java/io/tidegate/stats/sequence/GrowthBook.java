package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;

/**
 * GrowthBook's sequential interval, for comparison ({@code asympcs.growthbook}): the user clock
 * kappa = (n_A + n_B) ρ² with one target number of users for every metric, no variance floor.
 *
 * @param estimate absolute or relative difference
 * @param standardError its standard error, relative ones by the delta method
 * @param rho tuning, √(x/units)
 * @param kappa information in units of the prior
 * @param halfWidth half the width of the two-sided interval
 * @param pValue always-valid p-value of the two-sided test
 */
public record GrowthBook(
    double estimate,
    double standardError,
    double rho,
    double kappa,
    double halfWidth,
    double pValue) {

  /** A one-sided bound with the closed-form critical value. */
  public record Bound(
      double estimate, double standardError, double rho, double kappa, double bound) {}

  /** The two-sided interval; cannot say without a variance or, if relative, at control mean 0. */
  public static Stated<GrowthBook> twoSided(
      MeanStratum arms, double alpha, double units, boolean relative) {
    double control = arms.meanControl();
    if (relative && control == 0) {
      return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "control mean is 0");
    }
    double scale = relative ? StrictMath.abs(control) : 1;
    double slope = relative ? arms.meanTreatment() / control : 1;
    double rho = NormalMixture.growthBookRho(alpha, units);
    return standardError(arms, scale, slope)
        .flatMap(
            se -> {
              double estimate = (arms.meanTreatment() - control) / scale;
              double kappa = kappa(arms, rho);
              double half = se * NormalMixture.criticalTwo(kappa, alpha);
              double log = NormalMixture.logETwo(estimate / se, kappa);
              return Stated.ofFinite(
                  new GrowthBook(estimate, se, rho, kappa, half, LogScale.pValue(log)),
                  estimate,
                  half);
            });
  }

  /** Lower bound for {@code GREATER}, upper bound for {@code LESS}; tuned with 2 alpha. */
  public static Stated<Bound> oneSided(MeanStratum arms, double alpha, double units, Side side) {
    if (side == Side.TWO) {
      throw new IllegalArgumentException("a one-sided bound needs GREATER or LESS, got TWO");
    }
    double rho = NormalMixture.growthBookRho(2 * alpha, units);
    return standardError(arms, 1, 1)
        .flatMap(
            se -> {
              double estimate = arms.meanTreatment() - arms.meanControl();
              double kappa = kappa(arms, rho);
              double half = se * NormalMixture.criticalOneClosed(kappa, alpha);
              double bound = side == Side.GREATER ? estimate - half : estimate + half;
              return Stated.ofFinite(new Bound(estimate, se, rho, kappa, bound), estimate, bound);
            });
  }

  private static Stated<Double> standardError(MeanStratum arms, double scale, double slope) {
    if (arms.unitsControl() < 2 || arms.unitsTreatment() < 2) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "a variance needs two units in each variant");
    }
    double square =
        arms.varianceTreatment() / arms.unitsTreatment()
            + slope * slope * arms.varianceControl() / arms.unitsControl();
    return !(square <= 0)
        ? Stated.ofFinite(StrictMath.sqrt(square) / scale, square, square / scale / scale)
        : Stated.cannotSay(Reason.ZERO_VARIANCE, "every unit has the same value");
  }

  private static double kappa(MeanStratum arms, double rho) {
    return ((double) arms.unitsControl() + arms.unitsTreatment()) * rho * rho;
  }
}
