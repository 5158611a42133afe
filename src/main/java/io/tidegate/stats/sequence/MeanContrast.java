package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.List;

/**
 * The contrast treatment mean − factor × control mean over strata with Mantel–Haenszel weights N =
 * n_A n_B/(n_A + n_B) (statistics.md §2.2, §5): W = Σ N d and V = Σ N² se².
 *
 * @param factor 1 for a difference, 1 + m for a relative margin m
 * @param unitsControl units of control in the strata used
 * @param unitsTreatment units of the treatment in the strata used
 * @param control weighted mean of control
 * @param treatment weighted mean of the treatment
 * @param squaredErrorControl squared standard error of {@code control}
 * @param squaredErrorTreatment squared standard error of {@code treatment}
 * @param weight Σ N, the effective sample
 * @param strataSkipped strata without units, or without any variance to use, in one variant
 */
public record MeanContrast(
    double factor,
    long unitsControl,
    long unitsTreatment,
    double control,
    double treatment,
    double squaredErrorControl,
    double squaredErrorTreatment,
    double weight,
    int strataSkipped) {

  /**
   * The contrast over {@code strata}. With the variance floor the variant with fewer units in a
   * stratum gets at least the other's variance there (statistics.md §2.3), and with one unit the
   * other's. Strata without units in a variant, or whose variance neither side gives, drop out.
   * Cannot say: no stratum left ({@code NO_DATA}, {@code EMPTY_VARIANT}, {@code TOO_FEW_UNITS}) or
   * zero variance ({@code ZERO_VARIANCE}).
   */
  public static Stated<MeanContrast> of(
      List<MeanStratum> strata, double factor, boolean varianceFloor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("the contrast's factor must be finite, got " + factor);
    }
    Accumulator sums = new Accumulator();
    for (MeanStratum s : strata) {
      sums.add(s, varianceFloor);
    }
    return sums.contrast(factor);
  }

  /** treatment − factor × control. */
  public double estimate() {
    return treatment - factor * control;
  }

  /** Standard error of the estimate. */
  public double standardError() {
    return StrictMath.sqrt(squaredErrorTreatment + factor * factor * squaredErrorControl);
  }

  /** V = W² se², the variance of the sum process: the clock of the sequence. */
  public double information() {
    return weight * weight * (squaredErrorTreatment + factor * factor * squaredErrorControl);
  }

  /** The same moments under another factor. */
  public MeanContrast withFactor(double other) {
    return new MeanContrast(
        other,
        unitsControl,
        unitsTreatment,
        control,
        treatment,
        squaredErrorControl,
        squaredErrorTreatment,
        weight,
        strataSkipped);
  }

  /**
   * The pooled user-level sample variance over variants and strata, the variance target where there
   * is no baseline. Cannot say below two units in every cell, or at zero variance.
   */
  public static Stated<Double> pooledVariance(List<MeanStratum> strata) {
    double squares = 0;
    long freedom = 0;
    for (MeanStratum s : strata) {
      if (s.unitsControl() > 1) {
        squares += (s.unitsControl() - 1) * s.varianceControl();
        freedom += s.unitsControl() - 1;
      }
      if (s.unitsTreatment() > 1) {
        squares += (s.unitsTreatment() - 1) * s.varianceTreatment();
        freedom += s.unitsTreatment() - 1;
      }
    }
    if (freedom == 0) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "a variance needs two units in a variant");
    }
    return squares > 0
        ? Stated.of(squares / freedom)
        : Stated.cannotSay(Reason.ZERO_VARIANCE, "every unit has the same value");
  }

  private static final class Accumulator {
    private long unitsControl;
    private long unitsTreatment;
    private double control;
    private double treatment;
    private double varianceControl;
    private double varianceTreatment;
    private double weight;
    private int strata;
    private int skipped;
    private boolean controlSeen;
    private boolean treatmentSeen;

    void add(MeanStratum s, boolean floor) {
      strata++;
      controlSeen |= s.unitsControl() > 0;
      treatmentSeen |= s.unitsTreatment() > 0;
      boolean controlSays = s.unitsControl() > 1;
      boolean treatmentSays = s.unitsTreatment() > 1;
      boolean usable = floor ? controlSays || treatmentSays : controlSays && treatmentSays;
      boolean known =
          !(controlSays && Double.isNaN(s.varianceControl()))
              && !(treatmentSays && Double.isNaN(s.varianceTreatment()));
      if (!s.bothPresent() || !usable || !known) {
        skipped++;
        return;
      }
      double vA = controlSays ? s.varianceControl() : 0;
      double vB = treatmentSays ? s.varianceTreatment() : 0;
      if (floor && s.unitsControl() < s.unitsTreatment()) {
        vA = StrictMath.max(vA, vB);
      } else if (floor && s.unitsTreatment() < s.unitsControl()) {
        vB = StrictMath.max(vB, vA);
      }
      double n = s.effectiveUnits();
      unitsControl += s.unitsControl();
      unitsTreatment += s.unitsTreatment();
      weight += n;
      control += n * s.meanControl();
      treatment += n * s.meanTreatment();
      varianceControl += n * n * (vA / s.unitsControl());
      varianceTreatment += n * n * (vB / s.unitsTreatment());
    }

    Stated<MeanContrast> contrast(double factor) {
      if (weight == 0) {
        return nothing();
      }
      long fewest = StrictMath.min(unitsControl, unitsTreatment);
      if (fewest < 2) {
        return Stated.cannotSay(
            Reason.TOO_FEW_UNITS, "a mean needs two units in each variant, one has " + fewest);
      }
      MeanContrast c =
          new MeanContrast(
              factor,
              unitsControl,
              unitsTreatment,
              control / weight,
              treatment / weight,
              varianceControl / weight / weight,
              varianceTreatment / weight / weight,
              weight,
              skipped);
      return c.standardError() > 0
          ? Stated.of(c)
          : Stated.cannotSay(
              Reason.ZERO_VARIANCE, "every unit of both variants has the same value");
    }

    private Stated<MeanContrast> nothing() {
      if (strata == 0 || (!controlSeen && !treatmentSeen)) {
        return Stated.cannotSay(Reason.NO_DATA, "no units in either variant");
      }
      if (!controlSeen || !treatmentSeen) {
        return Stated.cannotSay(
            Reason.EMPTY_VARIANT, (controlSeen ? "the treatment" : "control") + " has no units");
      }
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "no stratum has units enough for a variance");
    }
  }
}
