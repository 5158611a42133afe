package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sums.DoubleDouble;

/**
 * Sums over strata that a contrast needs, in double-double: mutable, one stratum at a time, for any
 * number of strata.
 */
public final class ContrastSums {

  private final boolean varianceFloor;
  private long unitsControl;
  private long unitsTreatment;
  private DoubleDouble weight = DoubleDouble.ZERO;
  private DoubleDouble control = DoubleDouble.ZERO;
  private DoubleDouble difference = DoubleDouble.ZERO;
  private DoubleDouble squaresControl = DoubleDouble.ZERO;
  private DoubleDouble squaresTreatment = DoubleDouble.ZERO;
  private DoubleDouble pooledSquares = DoubleDouble.ZERO;
  private long pooledFreedom;
  private long strata;
  private long skipped;
  private boolean controlSeen;
  private boolean treatmentSeen;

  /** Without strata yet; {@code varianceFloor} as in {@link MeanContrast#of}. */
  public ContrastSums(boolean varianceFloor) {
    this.varianceFloor = varianceFloor;
  }

  /**
   * Adds one stratum; false where it drops out, for lack of units or of a variance in one variant.
   */
  public boolean add(MeanStratum s) {
    strata++;
    controlSeen |= s.unitsControl() > 0;
    treatmentSeen |= s.unitsTreatment() > 0;
    if (!usable(s)) {
      skipped++;
      return false;
    }
    double vA = s.unitsControl() > 1 ? s.varianceControl() : 0;
    double vB = s.unitsTreatment() > 1 ? s.varianceTreatment() : 0;
    pool(s.unitsControl(), vA);
    pool(s.unitsTreatment(), vB);
    if (varianceFloor && s.unitsControl() < s.unitsTreatment()) {
      vA = StrictMath.max(vA, vB);
    } else if (varianceFloor && s.unitsTreatment() < s.unitsControl()) {
      vB = StrictMath.max(vB, vA);
    }
    double n = s.effectiveUnits();
    unitsControl += s.unitsControl();
    unitsTreatment += s.unitsTreatment();
    weight = weight.plus(DoubleDouble.of(n));
    control = control.plus(DoubleDouble.product(n, s.meanControl()));
    DoubleDouble gap = DoubleDouble.sum(s.meanTreatment(), -s.meanControl());
    difference = difference.plus(gap.times(DoubleDouble.of(n)));
    squaresControl = squaresControl.plus(DoubleDouble.of(n * n * (vA / s.unitsControl())));
    squaresTreatment = squaresTreatment.plus(DoubleDouble.of(n * n * (vB / s.unitsTreatment())));
    return true;
  }

  /**
   * The contrast so far. Cannot say as {@link MeanContrast#of}.
   *
   * @param factor 1 + relative margin, finite
   * @param offset absolute margin in the metric's unit, finite
   */
  public Stated<MeanContrast> contrast(double factor, double offset) {
    double total = weight.value();
    if (total == 0) {
      return nothing();
    }
    long fewest = StrictMath.min(unitsControl, unitsTreatment);
    if (fewest < 2) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS, "a mean needs two units in each variant, one has " + fewest);
    }
    double squareA = squaresControl.value() / total / total;
    double squareB = squaresTreatment.value() / total / total;
    if (!(squareA < Double.POSITIVE_INFINITY && squareB < Double.POSITIVE_INFINITY)) {
      return Stated.cannotSay(
          Reason.OUT_OF_RANGE, "the numbers given are beyond the range of a double");
    }
    MeanContrast c =
        new MeanContrast(
            factor,
            offset,
            unitsControl,
            unitsTreatment,
            control.dividedBy(weight).value(),
            control.plus(difference).dividedBy(weight).value(),
            difference.dividedBy(weight).value(),
            squareA,
            squareB,
            total,
            skipped);
    double se = c.standardError();
    return !(se <= 0)
        ? Stated.ofFinite(c, c.estimate(), c.control(), c.treatment(), c.information(), se)
        : Stated.cannotSay(Reason.ZERO_VARIANCE, "every unit of both variants has the same value");
  }

  /**
   * The pooled user-level sample variance over variants and strata, the variance target where there
   * is no baseline. Cannot say without two units in a cell, or at zero variance.
   */
  public Stated<Double> pooledVariance() {
    if (pooledFreedom == 0) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "a variance needs two units in a variant");
    }
    double squares = pooledSquares.value();
    return !(squares <= 0)
        ? Stated.ofFinite(squares / pooledFreedom, squares)
        : Stated.cannotSay(Reason.ZERO_VARIANCE, "every unit has the same value");
  }

  private boolean usable(MeanStratum s) {
    boolean controlSays = s.unitsControl() > 1;
    boolean treatmentSays = s.unitsTreatment() > 1;
    boolean enough = varianceFloor ? controlSays || treatmentSays : controlSays && treatmentSays;
    boolean unknown =
        (controlSays && Double.isNaN(s.varianceControl()))
            || (treatmentSays && Double.isNaN(s.varianceTreatment()));
    return s.bothPresent() && enough && !unknown;
  }

  private void pool(long units, double variance) {
    if (units > 1) {
      pooledSquares = pooledSquares.plus(DoubleDouble.product(units - 1.0, variance));
      pooledFreedom += units - 1;
    }
  }

  private Stated<MeanContrast> nothing() {
    if (!controlSeen && !treatmentSeen) {
      return Stated.cannotSay(Reason.NO_DATA, "no units in either variant");
    }
    if (!controlSeen || !treatmentSeen) {
      return Stated.cannotSay(
          Reason.EMPTY_VARIANT, (controlSeen ? "the treatment" : "control") + " has no units");
    }
    return Stated.cannotSay(
        Reason.TOO_FEW_UNITS, "none of " + strata + " strata has units enough for a variance");
  }
}
