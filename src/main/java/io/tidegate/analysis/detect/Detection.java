package io.tidegate.analysis.detect;

/**
 * What earlier rows said of a row.
 *
 * @param expected NaN where nothing can be said yet
 * @param lower 2.5 % lie below; NaN where it cannot be said
 * @param upper 2.5 % lie above; NaN where it cannot be said
 * @param score in [0, 1]: 1 − p, p being the chance of a value as far out; NaN where unknown
 * @param anomaly whether an alarm is raised
 * @param basis what the answer rests on
 * @param cause of the alarm
 */
public record Detection(
    double expected,
    double lower,
    double upper,
    double score,
    boolean anomaly,
    Basis basis,
    Cause cause) {

  /** What an answer rests on. */
  public enum Basis {
    /** Less than a week, or no forecast: no answer. */
    NONE,
    /** All values so far were the same: how much they vary cannot be said. */
    CONSTANT,
    /** One to two weeks: a doubled interval, no alarms. */
    PROVISIONAL,
    /** Two weeks or more. */
    HISTORY
  }

  /** Why an alarm is raised. */
  public enum Cause {
    NONE,
    /** The row itself is too far out. */
    OUTLIER,
    /** Rows up to this one have left their level. */
    SHIFT,
    /** Rows before this one are missing as never before. */
    GAP
  }

  /** Nothing can be said. */
  static final Detection UNKNOWN =
      new Detection(Double.NaN, Double.NaN, Double.NaN, Double.NaN, false, Basis.NONE, Cause.NONE);
}
