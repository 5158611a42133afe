package io.tidegate.stats.sequence;

/**
 * A set of values between two bounds; a bound is infinite where the data do not limit that side.
 *
 * @param lower lower bound, {@code -Infinity} where there is none
 * @param upper upper bound, {@code +Infinity} where there is none
 */
public record Interval(double lower, double upper) {

  public Interval {
    if (Double.isNaN(lower) || Double.isNaN(upper) || lower > upper) {
      throw new IllegalArgumentException(
          "an interval needs lower <= upper, got [" + lower + ", " + upper + "]");
    }
  }

  /** The whole line: the data say nothing yet. */
  public static Interval unlimited() {
    return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Whether {@code value} lies in the closed interval. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }
}
