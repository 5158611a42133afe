package io.tidegate.stats.sums;

/**
 * Bounds to which a unit's total is cut (winsorised) before it enters a sum; frozen before exposure
 * and the same in every variant. A capped metric's sums move from {@code clip(old)} to {@code
 * clip(new)}.
 *
 * @param lower smallest total that counts as itself, in the metric's unit
 * @param upper largest total that counts as itself, at least {@code lower}
 */
public record Cap(double lower, double upper) {

  /** Refuses NaN and bounds in the wrong order. */
  public Cap {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException("cap needs lower <= upper, got " + lower + ", " + upper);
    }
  }

  /** The total cut to the bounds. */
  public double clip(double total) {
    return StrictMath.min(StrictMath.max(total, lower), upper);
  }

  /** The double-double total cut to the bounds. */
  public DoubleDouble clip(DoubleDouble total) {
    double nearest = total.value();
    if (nearest < lower || (nearest == lower && total.lo() < 0)) {
      return DoubleDouble.of(lower);
    }
    return nearest > upper || (nearest == upper && total.lo() > 0) ? DoubleDouble.of(upper) : total;
  }

  /** The fixed-point total (millionths) cut to the bounds, each rounded to millionths. */
  public long clipMicros(long totalMicros) {
    return StrictMath.min(StrictMath.max(totalMicros, micros(lower)), micros(upper));
  }

  private static long micros(double bound) {
    return StrictMath.max(StrictMath.round(bound * UnitSums.SCALE), -Long.MAX_VALUE);
  }
}
