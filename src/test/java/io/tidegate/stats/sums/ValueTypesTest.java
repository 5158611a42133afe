package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypesTest {

  @Test
  void moments_stateOnlyWhatTheyKnow() {
    assertReason(Moments.EMPTY.statedMean(), Reason.NO_DATA);
    assertReason(Moments.EMPTY.variance(), Reason.TOO_FEW_UNITS);
    assertReason(Moments.of(1, 5, 3).variance(), Reason.TOO_FEW_UNITS);
    assertReason(Moments.of(1, 5, 3).meanVariance(), Reason.TOO_FEW_UNITS);
    Moments three = Moments.of(3, 5, 2);
    assertThat(three.m2()).isEqualTo(4);
    assertThat(three.sum()).isEqualTo(15);
    assertThat(three.statedMean().orThrow()).isEqualTo(5);
    assertThat(three.variance().orThrow()).isEqualTo(2);
    assertThat(three.meanVariance().orThrow()).isEqualTo(2.0 / 3);
    assertThat(Moments.of(2, 0, 3).m2()).isEqualTo(3);
  }

  @Test
  void moments_ofSuccesses_haveTheBinomialSquares() {
    Moments moments = Moments.ofSuccesses(3, 12);
    assertThat(moments.mean()).isEqualTo(0.25);
    assertThat(moments.m2()).isEqualTo(2.25);
    assertThat(Moments.ofSuccesses(0, 0)).isEqualTo(Moments.EMPTY);
    assertThat(Moments.ofSuccesses(12, 12).m2()).isZero();
    assertThatThrownBy(() -> Moments.ofSuccesses(-1, 3))
        .hasMessage("successes -1 must be in [0, 3]");
    assertThatThrownBy(() -> Moments.ofSuccesses(4, 3)).hasMessage("successes 4 must be in [0, 3]");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0",
    "2, NaN, 0",
    "2, Infinity, 0",
    "2, 0, NaN",
    "2, 0, Infinity",
    "2, 0, -1",
    "0, 1, 0",
    "0, 0, 1",
    "1, 0, 1"
  })
  void moments_outOfRange_areRefused(long n, double mean, double m2) {
    assertThatThrownBy(() -> new Moments(n, mean, m2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ratioMoments_outOfRange_areRefused() {
    assertThatThrownBy(() -> new RatioMoments(-1, 0, 0, 0, 0, 0, 0))
        .hasMessage("n -1 must be >= 0");
    for (int bad = 0; bad < 3; bad++) {
      double[] m = {bad == 0 ? -1 : 0, bad == 1 ? -1 : 0, bad == 2 ? -1 : 0};
      assertThatThrownBy(() -> new RatioMoments(2, 0, 0, m[0], m[1], 0, m[2]))
          .hasMessageStartingWith("moments must be finite, squares >= 0");
    }
    assertThatThrownBy(() -> new RatioMoments(2, Double.NaN, 0, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ratioMoments_stateOnlyWhatTheyKnow() {
    assertReason(new RatioMoments(0, 0, 0, 0, 0, 0, 0).score(), Reason.NO_DATA);
    assertReason(new RatioMoments(2, 1, 0, 0, 0, 0, 0).score(), Reason.ZERO_DENOMINATOR);
    assertReason(new RatioMoments(2, 1, -1, 0, 0, 0, 0).score(), Reason.ZERO_DENOMINATOR);
    assertReason(new RatioMoments(1, 1, 1, 0, 0, 0, 0).covariance(), Reason.TOO_FEW_UNITS);
    RatioMoments pairs = new RatioMoments(4, 6, 3, 8, 2, 1, 5);
    assertThat(pairs.score().orThrow()).isEqualTo(new Moments(4, 2, 5));
    assertThat(pairs.numerator()).isEqualTo(new Moments(4, 6, 8));
    assertThat(pairs.denominator()).isEqualTo(new Moments(4, 3, 2));
    assertThat(pairs.denominatorSum()).isEqualTo(12);
    assertThat(pairs.covariance().orThrow()).isEqualTo(1.0 / 3);
    assertThat(new RatioMoments(1, 6, 3, 0, 0, 0, 9).score().orThrow())
        .isEqualTo(new Moments(1, 2, 0));
  }

  @Test
  void cap_cutsEveryForm() {
    Cap cap = new Cap(-1, 10.5);
    assertThat(new double[] {cap.clip(-2), cap.clip(3), cap.clip(11)}).containsExactly(-1, 3, 10.5);
    assertThat(cap.clipMicros(-1_000_001)).isEqualTo(-1_000_000);
    assertThat(cap.clipMicros(7)).isEqualTo(7);
    assertThat(cap.clipMicros(10_500_001)).isEqualTo(10_500_000);
    assertThat(cap.clip(new DoubleDouble(10.5, 1e-20)).lo()).isZero();
    assertThat(cap.clip(new DoubleDouble(-1, -1e-20)).lo()).isZero();
    assertThat(cap.clip(new DoubleDouble(-1, 1e-20)).lo()).isEqualTo(1e-20);
    assertThat(cap.clip(new DoubleDouble(10.5, -1e-20)).lo()).isEqualTo(-1e-20);
    assertThat(cap.clip(DoubleDouble.of(-9.0)).hi()).isEqualTo(-1);
    assertThat(cap.clip(DoubleDouble.of(99.0)).hi()).isEqualTo(10.5);
    assertThat(new Cap(Double.NEGATIVE_INFINITY, 1e300).clipMicros(Long.MIN_VALUE))
        .isEqualTo(-Long.MAX_VALUE);
    assertThatThrownBy(() -> new Cap(2, 1)).hasMessage("cap needs lower <= upper, got 2.0, 1.0");
    assertThatThrownBy(() -> new Cap(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rational_isCorrectlyRounded() {
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      BigInteger a = new BigInteger(1 + random.nextInt(200), random);
      BigInteger b = new BigInteger(1 + random.nextInt(200), random).add(BigInteger.ONE);
      BigInteger signed = random.nextBoolean() ? a : a.negate();
      double expected =
          new BigDecimal(signed).divide(new BigDecimal(b), new MathContext(200)).doubleValue();
      assertThat(Rational.toDouble(signed, b)).isEqualTo(expected);
    }
    BigInteger half = BigInteger.ONE.shiftLeft(54).add(BigInteger.ONE.shiftLeft(1));
    assertThat(Rational.toDouble(half, BigInteger.ONE)).isEqualTo(half.doubleValue());
    assertThatThrownBy(() -> Rational.toDouble(BigInteger.ONE, BigInteger.ZERO))
        .hasMessage("denominator 0 must be > 0");
  }

  @Test
  void doubleDouble_hasThirtyDigits() {
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      DoubleDouble a = random(random);
      DoubleDouble b = random(random);
      assertExact(a.plus(b), big(a).add(big(b)), big(a).abs().add(big(b).abs()));
      assertExact(a.minus(b), big(a).subtract(big(b)), big(a).abs().add(big(b).abs()));
      assertExact(a.times(b), big(a).multiply(big(b)), big(a).multiply(big(b)));
      BigDecimal quotient = big(a).divide(big(b), new MathContext(60));
      assertExact(a.dividedBy(b), quotient, quotient);
    }
    assertThat(DoubleDouble.of(1.0).dividedBy(DoubleDouble.ZERO).value()).isInfinite();
    assertThat(DoubleDouble.ZERO.dividedBy(DoubleDouble.of(3.0)).value()).isZero();
  }

  @Test
  void doubleDouble_ofLongs_isExact() {
    long[] values = {0, 1, -1, (1L << 53) + 1, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE};
    for (long value : values) {
      assertThat(big(DoubleDouble.of(value))).isEqualByComparingTo(BigDecimal.valueOf(value));
    }
  }

  private static DoubleDouble random(Random random) {
    double hi = random.nextGaussian() * Math.scalb(1.0, random.nextInt(40) - 20);
    return DoubleDouble.sum(hi, hi * random.nextGaussian() * 0x1p-54);
  }

  private static BigDecimal big(DoubleDouble value) {
    return new BigDecimal(value.hi()).add(new BigDecimal(value.lo()));
  }

  private static void assertExact(DoubleDouble got, BigDecimal want, BigDecimal scale) {
    double error = big(got).subtract(want).doubleValue();
    assertThat(error).isCloseTo(0, within(Math.abs(scale.doubleValue()) * 1e-30));
  }

  static void assertReason(Stated<?> stated, Reason reason) {
    assertThat(stated)
        .isInstanceOfSatisfying(
            Stated.CannotSay.class, c -> assertThat(c.reason()).isEqualTo(reason));
  }
}
