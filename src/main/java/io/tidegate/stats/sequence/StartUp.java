package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;

/**
 * What a metric has seen, judged by the start-up rule (statistics.md §2.6): before it is met a mean
 * sequence is not said, its e-value is 1 and its interval the whole line.
 *
 * @param nonZeroUnits units of both variants together with a total other than zero
 * @param denominatorControl control's sum of the denominator of a ratio metric
 * @param denominatorTreatment the treatment's
 */
public record StartUp(long nonZeroUnits, double denominatorControl, double denominatorTreatment) {

  /** Refuses what is no number. */
  public StartUp {
    if (Double.isNaN(denominatorControl) || Double.isNaN(denominatorTreatment)) {
      throw new IllegalArgumentException("a denominator must be a number, got NaN");
    }
  }

  /** Units a variant needs. */
  public static final long MIN_UNITS = 100;

  /** Non-zero units that a 0/1 or zero-inflated metric needs in both variants together. */
  public static final long MIN_NON_ZERO_UNITS = 20;

  /** Denominator a ratio metric needs in a variant. */
  public static final double MIN_DENOMINATOR = 100;

  private static final StartUp UNITS_ONLY =
      new StartUp(Long.MAX_VALUE, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** A metric that only needs units. */
  public static StartUp unitsOnly() {
    return UNITS_ONLY;
  }

  /** A 0/1 or zero-inflated metric. */
  public static StartUp nonZero(long nonZeroUnits) {
    return new StartUp(nonZeroUnits, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** A ratio metric. */
  public static StartUp ratio(
      long nonZeroUnits, double denominatorControl, double denominatorTreatment) {
    return new StartUp(nonZeroUnits, denominatorControl, denominatorTreatment);
  }

  /** The contrast once it may be judged; {@code START_UP} with what is missing before. */
  public Stated<MeanContrast> admit(MeanContrast contrast) {
    long fewest = StrictMath.min(contrast.unitsControl(), contrast.unitsTreatment());
    if (fewest < MIN_UNITS) {
      return wait("units in the smaller variant", fewest, MIN_UNITS);
    }
    if (nonZeroUnits < MIN_NON_ZERO_UNITS) {
      return wait("non-zero units in both variants", nonZeroUnits, MIN_NON_ZERO_UNITS);
    }
    double denominator = StrictMath.min(denominatorControl, denominatorTreatment);
    if (denominator < MIN_DENOMINATOR) {
      return wait("denominator in the smaller variant", denominator, MIN_DENOMINATOR);
    }
    return Stated.of(contrast);
  }

  private static Stated<MeanContrast> wait(String what, Number seen, Number needed) {
    return Stated.cannotSay(Reason.START_UP, what + ": " + seen + " of " + needed);
  }
}
