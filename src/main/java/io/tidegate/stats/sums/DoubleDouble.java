package io.tidegate.stats.sums;

/**
 * An unevaluated sum of two doubles, about 32 significant digits (Dekker 1971; Knuth, TAOCP 2,
 * 4.2.2). Components beyond the double range become infinite as doubles do.
 *
 * @param hi the double nearest to the value
 * @param lo the rest, at most half a unit in the last place of {@code hi}
 */
public record DoubleDouble(double hi, double lo) {
  /** 0. */
  public static final DoubleDouble ZERO = new DoubleDouble(0, 0);

  /** An exact double. */
  public static DoubleDouble of(double value) {
    return new DoubleDouble(value, 0);
  }

  /** An exact long. */
  public static DoubleDouble of(long value) {
    double hi = (double) value;
    return hi == 0x1p63
        ? new DoubleDouble(hi, (double) (value - Long.MAX_VALUE) - 1)
        : new DoubleDouble(hi, (double) (value - (long) hi));
  }

  /** a + b without error (TwoSum, Knuth). */
  public static DoubleDouble sum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return new DoubleDouble(s, (a - (s - t)) + (b - t));
  }

  /** a · b without error barring underflow (TwoProd by a fused multiply-add). */
  public static DoubleDouble product(double a, double b) {
    double p = a * b;
    return new DoubleDouble(p, StrictMath.fma(a, b, -p));
  }

  /** The sum. */
  public DoubleDouble plus(DoubleDouble other) {
    DoubleDouble high = sum(hi, other.hi);
    DoubleDouble low = sum(lo, other.lo);
    DoubleDouble first = quickSum(high.hi, high.lo + low.hi);
    return quickSum(first.hi, first.lo + low.lo);
  }

  /** The difference. */
  public DoubleDouble minus(DoubleDouble other) {
    return plus(other.negated());
  }

  /** The value with the other sign. */
  public DoubleDouble negated() {
    return new DoubleDouble(-hi, -lo);
  }

  /** The product. */
  public DoubleDouble times(DoubleDouble other) {
    DoubleDouble p = product(hi, other.hi);
    return quickSum(p.hi, p.lo + (hi * other.lo + lo * other.hi));
  }

  /** The quotient; division by 0 gives what doubles give. */
  public DoubleDouble dividedBy(DoubleDouble divisor) {
    double first = hi / divisor.hi;
    if (!Double.isFinite(first) || first == 0) {
      return of(first);
    }
    DoubleDouble rest = minus(divisor.times(of(first)));
    double second = rest.hi / divisor.hi;
    rest = rest.minus(divisor.times(of(second)));
    double third = rest.hi / divisor.hi;
    DoubleDouble two = quickSum(first, second);
    return two.plus(of(third));
  }

  /** The nearest double. */
  public double value() {
    return hi + lo;
  }

  private static DoubleDouble quickSum(double a, double b) {
    double s = a + b;
    return new DoubleDouble(s, b - (s - a));
  }
}
