package io.tidegate.stats.sums;

import java.math.BigInteger;

/** Quotients of integers as doubles. */
final class Rational {
  /** Bits of the quotient before the sticky bit; more than the 53 of a double. */
  private static final int QUOTIENT_BITS = 62;

  /** Bits of an integer that a double holds exactly. */
  private static final int EXACT_BITS = 53;

  private Rational() {}

  /**
   * numerator / denominator, correctly rounded (half to even) where the result is a normal double.
   *
   * @param denominator greater than 0
   */
  static double toDouble(BigInteger numerator, BigInteger denominator) {
    if (denominator.signum() <= 0) {
      throw new IllegalArgumentException("denominator " + denominator + " must be > 0");
    }
    if (numerator.signum() == 0) {
      return 0.0;
    }
    if (numerator.bitLength() <= EXACT_BITS && denominator.bitLength() <= EXACT_BITS) {
      // A division of doubles is correctly rounded too.
      return (double) numerator.longValue() / denominator.longValue();
    }
    BigInteger size = numerator.abs();
    int shift = QUOTIENT_BITS - (size.bitLength() - denominator.bitLength());
    BigInteger[] parts =
        shift >= 0
            ? size.shiftLeft(shift).divideAndRemainder(denominator)
            : size.divideAndRemainder(denominator.shiftLeft(-shift));
    long quotient = parts[0].longValueExact();
    if (parts[1].signum() != 0) {
      quotient |= 1;
    }
    double result = StrictMath.scalb((double) quotient, -shift);
    return numerator.signum() < 0 ? -result : result;
  }
}
