package io.tidegate.stats.sequence;

/**
 * One stratum's user-level moments of a metric in both variants. For a ratio metric the mean is the
 * ratio and the variance that of the linearised score.
 *
 * @param unitsControl units in control
 * @param meanControl their mean; not read where there are no units
 * @param varianceControl their sample variance, divisor n − 1; not read below two units; NaN where
 *     it is not known
 * @param unitsTreatment units in the treatment
 * @param meanTreatment their mean; not read where there are no units
 * @param varianceTreatment their sample variance, likewise
 */
public record MeanStratum(
    long unitsControl,
    double meanControl,
    double varianceControl,
    long unitsTreatment,
    double meanTreatment,
    double varianceTreatment) {

  public MeanStratum {
    check("control", unitsControl, meanControl, varianceControl);
    check("treatment", unitsTreatment, meanTreatment, varianceTreatment);
  }

  private static void check(String variant, long units, double mean, double variance) {
    if (units < 0) {
      throw new IllegalArgumentException(variant + " units must be >= 0, got " + units);
    }
    if (units > 0 && !Double.isFinite(mean)) {
      throw new IllegalArgumentException(variant + " mean must be finite, got " + mean);
    }
    if (units > 1 && (variance < 0 || Double.isInfinite(variance))) {
      throw new IllegalArgumentException(
          variant + " variance must be finite and >= 0, got " + variance);
    }
  }

  /** Whether both variants have units. */
  public boolean bothPresent() {
    return unitsControl > 0 && unitsTreatment > 0;
  }

  /** n_A n_B/(n_A + n_B): the effective sample and the Mantel–Haenszel weight; 0 without units. */
  public double effectiveUnits() {
    return !bothPresent()
        ? 0
        : (double) unitsControl * unitsTreatment / ((double) unitsControl + unitsTreatment);
  }
}
