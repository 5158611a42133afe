package io.tidegate.stats.sums;

import static io.tidegate.stats.sums.SumWords.D;
import static io.tidegate.stats.sums.SumWords.DD;
import static io.tidegate.stats.sums.SumWords.NON_ZERO;
import static io.tidegate.stats.sums.SumWords.UNITS;
import static io.tidegate.stats.sums.SumWords.WORDS;
import static io.tidegate.stats.sums.SumWords.Y;
import static io.tidegate.stats.sums.SumWords.YD;
import static io.tidegate.stats.sums.SumWords.YY;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Exact sums over units of a total y and, for ratio metrics, a denominator d: n, Σy, Σy², Σd, Σd²,
 * Σyd and the number of units with y ≠ 0. Mutable, not thread-safe.
 *
 * <p>Totals are fixed-point: millionths of the metric's unit. Σy and Σd have 128 bits, the second
 * moments 192, so that no sum of fewer than 2^63 units overflows, and addition is exactly
 * associative and commutative. An instance may hold a <em>difference</em>: counts and sums may be
 * negative until it is added to a population. Updates and merges allocate nothing.
 *
 * <p>Formulas: Chan, Golub and LeVeque 1983 (centred sums from raw ones), taken in exact integers.
 */
public final class UnitSums {
  /** Fixed-point steps per unit of the metric. */
  public static final long SCALE = 1_000_000L;

  /** Most bytes that {@link #writeTo} writes. */
  public static final int MOST_BYTES = SumWords.MOST_BYTES;

  private static final BigInteger SCALE_1 = BigInteger.valueOf(SCALE);
  private static final BigInteger SCALE_2 = SCALE_1.multiply(SCALE_1);

  private final long[] words = new long[WORDS];

  /** A unit enters with totals y and d (millionths; any long but −2^63). */
  public void enter(long y, long d) {
    SumWords.enter(words, 0, y, d);
  }

  /** A unit's totals go from (yOld, dOld) to (yNew, dNew); n stays. */
  public void move(long yOld, long dOld, long yNew, long dNew) {
    SumWords.move(words, 0, yOld, dOld, yNew, dNew);
  }

  /** A unit with totals y and d is taken out again: the exact inverse of {@link #enter}. */
  public void leave(long y, long d) {
    SumWords.leave(words, 0, y, d);
  }

  /** Adds another instance's sums to this one. */
  public void add(UnitSums other) {
    words[UNITS] = StrictMath.addExact(words[UNITS], other.words[UNITS]);
    words[NON_ZERO] += other.words[NON_ZERO];
    WideInts.add(words, other.words, Y, 2);
    WideInts.add(words, other.words, D, 2);
    WideInts.add(words, other.words, YY, 3);
    WideInts.add(words, other.words, DD, 3);
    WideInts.add(words, other.words, YD, 3);
  }

  /** Takes another instance's sums from this one: the exact inverse of {@link #add}. */
  public void subtract(UnitSums other) {
    words[UNITS] = StrictMath.subtractExact(words[UNITS], other.words[UNITS]);
    words[NON_ZERO] -= other.words[NON_ZERO];
    WideInts.subtract(words, other.words, Y, 2);
    WideInts.subtract(words, other.words, D, 2);
    WideInts.subtract(words, other.words, YY, 3);
    WideInts.subtract(words, other.words, DD, 3);
    WideInts.subtract(words, other.words, YD, 3);
  }

  /** Whether every sum is 0, as in a new instance. */
  public boolean isZero() {
    return SumWords.isZero(words, 0);
  }

  /** Makes every sum 0. */
  public void reset() {
    Arrays.fill(words, 0);
  }

  /** A separate instance with the same sums. */
  public UnitSums copy() {
    UnitSums copy = new UnitSums();
    copy.set(this);
    return copy;
  }

  /** Makes this instance equal to another. */
  public void set(UnitSums other) {
    System.arraycopy(other.words, 0, words, 0, WORDS);
  }

  /** n; negative in a difference. */
  public long units() {
    return words[UNITS];
  }

  /** Units whose total y is not 0. */
  public long unitsNonZero() {
    return words[NON_ZERO];
  }

  /** Σy in millionths. */
  public BigInteger sumY() {
    return big(Y, 2);
  }

  /** Σd in millionths. */
  public BigInteger sumD() {
    return big(D, 2);
  }

  /** Σy² in units of 10^-12. */
  public BigInteger sumSquaresY() {
    return big(YY, 3);
  }

  /** Σd² in units of 10^-12. */
  public BigInteger sumSquaresD() {
    return big(DD, 3);
  }

  /** Σyd in units of 10^-12. */
  public BigInteger sumProducts() {
    return big(YD, 3);
  }

  /**
   * Moments of y in the metric's own unit; mean and m2 = (n Σy² − (Σy)²)/n are exact in integers
   * and rounded once. An {@link IllegalStateException} where this is a difference, not a
   * population.
   */
  public Moments moments() {
    requirePopulation();
    long units = words[UNITS];
    if (units == 0) {
      return Moments.EMPTY;
    }
    BigInteger n = BigInteger.valueOf(units);
    BigInteger sum = sumY();
    return new Moments(
        units,
        Rational.toDouble(sum, n.multiply(SCALE_1)),
        Rational.toDouble(centred(n, YY, sum, sum), n.multiply(SCALE_2)));
  }

  /**
   * Joint moments of y and d in their own units, each exact in integers and rounded once, the
   * linearised score too (Deng, Knoblich and Lu 2018): Σu² = n²(D² Syy − 2 Y D Syd + Y² Sdd)/D⁴
   * with Y = Σy, D = Σd. An {@link IllegalStateException} where this is a difference.
   */
  public RatioMoments ratio() {
    requirePopulation();
    long units = words[UNITS];
    if (units == 0) {
      return new RatioMoments(0, 0, 0, 0, 0, 0, 0);
    }
    BigInteger n = BigInteger.valueOf(units);
    BigInteger y = sumY();
    BigInteger d = sumD();
    BigInteger yy = centred(n, YY, y, y);
    BigInteger dd = centred(n, DD, d, d);
    BigInteger yd = centred(n, YD, y, d);
    BigInteger step = n.multiply(SCALE_1);
    BigInteger square = n.multiply(SCALE_2);
    return new RatioMoments(
        units,
        Rational.toDouble(y, step),
        Rational.toDouble(d, step),
        Rational.toDouble(yy, square),
        Rational.toDouble(dd, square),
        Rational.toDouble(yd, square),
        scoreM2(n, y, d, yy, dd, yd));
  }

  private static double scoreM2(
      BigInteger n, BigInteger y, BigInteger d, BigInteger yy, BigInteger dd, BigInteger yd) {
    if (d.signum() <= 0) {
      return 0;
    }
    BigInteger d2 = d.multiply(d);
    BigInteger squares =
        d2.multiply(yy)
            .subtract(y.multiply(d).multiply(yd).shiftLeft(1))
            .add(y.multiply(y).multiply(dd));
    return Rational.toDouble(squares.multiply(n), d2.multiply(d2));
  }

  /** n Σab − Σa Σb, which is n times the centred sum of products. */
  private BigInteger centred(BigInteger n, int at, BigInteger sumA, BigInteger sumB) {
    return n.multiply(big(at, 3)).subtract(sumA.multiply(sumB));
  }

  private void requirePopulation() {
    long units = words[UNITS];
    long unitsNonZero = words[NON_ZERO];
    boolean holds =
        units > 0
            ? unitsNonZero >= 0 && unitsNonZero <= units && words[YY + 2] >= 0
            : units == 0 && isZero();
    if (!holds) {
      throw new IllegalStateException("moments of a difference, not of a population: " + this);
    }
  }

  private BigInteger big(int at, int count) {
    return WideInts.toBigInteger(words, at, count);
  }

  /**
   * Writes a version byte, the counts and the sums, each integer with only the bytes it needs; the
   * denominator's sums only where one is not 0.
   */
  public void writeTo(DataOutput out) throws IOException {
    byte[] bytes = new byte[MOST_BYTES];
    out.write(bytes, 0, SumWords.put(bytes, 0, words, 0));
  }

  /**
   * Replaces this instance's sums by those written by {@link #writeTo}; an {@link IOException} on
   * an unknown version.
   */
  public void readFrom(DataInput in) throws IOException {
    SumWords.readFrom(in, words);
  }

  /**
   * Replaces this instance's sums by those at a place of an array that {@link #writeTo} wrote; an
   * {@link IOException} on an unknown version.
   *
   * @return the place after them
   */
  public int get(byte[] bytes, int at) throws IOException {
    return SumWords.get(bytes, at, words);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnitSums that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "UnitSums[n=%d, nonZero=%d, y=%d, d=%d, yy=%d, dd=%d, yd=%d]"
        .formatted(
            units(), unitsNonZero(), sumY(), sumD(), sumSquaresY(), sumSquaresD(), sumProducts());
  }
}
