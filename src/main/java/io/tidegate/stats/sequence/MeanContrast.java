package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import java.util.List;

/**
 * The contrast treatment mean − factor × control mean − offset over strata with Mantel–Haenszel
 * weights N = n_A n_B/(n_A + n_B) (statistics.md §2.2, §5): W = Σ N d and V = Σ N² se². Its null
 * value is 0.
 *
 * @param factor 1 for a difference, 1 + m for a relative margin m
 * @param offset absolute margin, in the metric's unit
 * @param unitsControl units of control in the strata used
 * @param unitsTreatment units of the treatment in the strata used
 * @param control weighted mean of control
 * @param treatment weighted mean of the treatment
 * @param difference weighted mean difference treatment − control, formed stratum by stratum
 * @param squaredErrorControl squared standard error of {@code control}
 * @param squaredErrorTreatment squared standard error of {@code treatment}
 * @param weight Σ N, the effective sample
 * @param strataSkipped strata without units, or without any variance to use, in one variant
 */
public record MeanContrast(
    double factor,
    double offset,
    long unitsControl,
    long unitsTreatment,
    double control,
    double treatment,
    double difference,
    double squaredErrorControl,
    double squaredErrorTreatment,
    double weight,
    long strataSkipped) {

  /**
   * The contrast over {@code strata}. With the variance floor the variant with fewer units in a
   * stratum gets at least the other's variance there (statistics.md §2.3), and with one unit the
   * other's. Strata without units in a variant, or whose variance neither side gives, drop out.
   * Cannot say: no stratum left ({@code NO_DATA}, {@code EMPTY_VARIANT}, {@code TOO_FEW_UNITS}) or
   * zero variance ({@code ZERO_VARIANCE}), sums beyond the range of doubles ({@code OUT_OF_RANGE}).
   */
  public static Stated<MeanContrast> of(
      List<MeanStratum> strata, double factor, boolean varianceFloor) {
    ContrastSums sums = new ContrastSums(varianceFloor);
    strata.forEach(sums::add);
    return sums.contrast(factor, 0);
  }

  /** {@link ContrastSums#pooledVariance} of {@code strata}. */
  public static Stated<Double> pooledVariance(List<MeanStratum> strata) {
    ContrastSums sums = new ContrastSums(false);
    strata.forEach(sums::add);
    return sums.pooledVariance();
  }

  public MeanContrast {
    if (!Double.isFinite(factor) || !Double.isFinite(offset)) {
      throw new IllegalArgumentException(
          "a contrast's factor and offset must be finite, got " + factor + " and " + offset);
    }
    if (!(squaredErrorControl >= 0 && squaredErrorTreatment >= 0 && weight >= 0)) {
      throw new IllegalArgumentException(
          "squared errors and weight must be >= 0, got %s, %s and %s"
              .formatted(squaredErrorControl, squaredErrorTreatment, weight));
    }
  }

  /** treatment − factor × control − offset. */
  public double estimate() {
    return difference - (factor - 1) * control - offset;
  }

  /** Standard error of the estimate. */
  public double standardError() {
    return StrictMath.sqrt(squaredErrorTreatment + factor * factor * squaredErrorControl);
  }

  /** V = W² se², the variance of the sum process: the clock of the sequence. */
  public double information() {
    return weight * weight * (squaredErrorTreatment + factor * factor * squaredErrorControl);
  }

  /** The same moments against another null value. */
  public MeanContrast against(double otherFactor, double otherOffset) {
    return new MeanContrast(
        otherFactor,
        otherOffset,
        unitsControl,
        unitsTreatment,
        control,
        treatment,
        difference,
        squaredErrorControl,
        squaredErrorTreatment,
        weight,
        strataSkipped);
  }
}
