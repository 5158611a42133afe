package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class UnitSumsTest {
  private static final long LARGEST = Long.MAX_VALUE;

  @Test
  void sums_equalBigIntegerSumsForExtremeTotals() {
    Random random = new Random(1);
    UnitSums sums = new UnitSums();
    BigInteger[] expected = new BigInteger[5];
    Arrays.fill(expected, BigInteger.ZERO);
    for (int i = 0; i < 2000; i++) {
      long y = extreme(random);
      long d = extreme(random);
      sums.enter(y, d);
      accumulate(expected, y, d, 1);
      if (i % 3 == 0) {
        long y2 = extreme(random);
        long d2 = extreme(random);
        sums.move(y, d, y2, d2);
        accumulate(expected, y, d, -1);
        accumulate(expected, y2, d2, 1);
      }
    }
    assertThat(sums.units()).isEqualTo(2000);
    assertThat(sums.sumY()).isEqualTo(expected[0]);
    assertThat(sums.sumD()).isEqualTo(expected[1]);
    assertThat(sums.sumSquaresY()).isEqualTo(expected[2]);
    assertThat(sums.sumSquaresD()).isEqualTo(expected[3]);
    assertThat(sums.sumProducts()).isEqualTo(expected[4]);
  }

  private static void accumulate(BigInteger[] sums, long y, long d, int sign) {
    BigInteger a = BigInteger.valueOf(y);
    BigInteger b = BigInteger.valueOf(d);
    BigInteger s = BigInteger.valueOf(sign);
    BigInteger[] terms = {a, b, a.multiply(a), b.multiply(b), a.multiply(b)};
    for (int i = 0; i < terms.length; i++) {
      sums[i] = sums[i].add(terms[i].multiply(s));
    }
  }

  private static long extreme(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> LARGEST;
      case 1 -> -LARGEST;
      case 2 -> 0;
      case 3 -> random.nextInt(100) - 50;
      default -> Math.max(random.nextLong(), -LARGEST);
    };
  }

  @Test
  void move_equalsLeavingAndEnteringAgain() {
    UnitSums moved = new UnitSums();
    moved.enter(5, 7);
    moved.enter(0, 0);
    moved.move(5, 7, -9, 0);
    UnitSums again = new UnitSums();
    again.enter(5, 7);
    again.leave(5, 7);
    again.enter(-9, 0);
    again.enter(0, 0);
    assertThat(moved).isEqualTo(again).hasSameHashCodeAs(again);
    assertThat(moved.unitsNonZero()).isEqualTo(1);
  }

  @Test
  void leave_undoesEnterWholly() {
    UnitSums sums = new UnitSums();
    sums.enter(-LARGEST, LARGEST);
    assertThat(sums.isZero()).isFalse();
    sums.leave(-LARGEST, LARGEST);
    assertThat(sums.isZero()).isTrue();
  }

  @Test
  void merge_isTheSameForEveryOrderAndPartition() {
    Random random = new Random(2);
    List<long[]> units = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      units.add(new long[] {extreme(random), extreme(random)});
    }
    UnitSums whole = sum(units);
    for (int trial = 0; trial < 20; trial++) {
      Collections.shuffle(units, random);
      UnitSums merged = new UnitSums();
      for (int from = 0; from < units.size(); ) {
        int to = Math.min(units.size(), from + 1 + random.nextInt(100));
        merged.add(sum(units.subList(from, to)));
        from = to;
      }
      assertThat(merged).isEqualTo(whole);
      merged.subtract(whole);
      assertThat(merged.isZero()).isTrue();
    }
  }

  private static UnitSums sum(List<long[]> units) {
    UnitSums sums = new UnitSums();
    units.forEach(u -> sums.enter(u[0], u[1]));
    return sums;
  }

  @Test
  void bytes_roundTripAlsoOntoAUsedInstance() throws IOException {
    Random random = new Random(3);
    UnitSums target = new UnitSums();
    for (int i = 0; i < 500; i++) {
      UnitSums sums = new UnitSums();
      int steps = random.nextInt(4);
      for (int k = 0; k < steps; k++) {
        long y = extreme(random);
        long d = random.nextBoolean() ? 0 : extreme(random);
        if (random.nextBoolean()) {
          sums.enter(y, d);
        } else {
          sums.leave(y, d);
        }
      }
      target.readFrom(input(bytes(sums)));
      assertThat(target).isEqualTo(sums);
    }
  }

  @Test
  void bytes_areFewForSmallSums() throws IOException {
    UnitSums sums = new UnitSums();
    assertThat(bytes(sums)).hasSize(5);
    sums.enter(UnitSums.SCALE, 0);
    assertThat(bytes(sums)).hasSizeLessThanOrEqualTo(14);
  }

  @Test
  void readFrom_unknownFormat_isRefused() {
    assertThatThrownBy(() -> new UnitSums().readFrom(input(new byte[] {9})))
        .isInstanceOf(IOException.class)
        .hasMessage("unit sums of format 9, known is 1");
  }

  @Test
  void moments_ofMeansOf1e12WithTinyVariance_areExact() {
    UnitSums sums = new UnitSums();
    long base = 1_000_000_000_000L * UnitSums.SCALE;
    sums.enter(base + 1, 0);
    sums.enter(base + 2, 0);
    sums.enter(base + 3, 0);
    Moments moments = sums.moments();
    assertThat(moments.mean()).isEqualTo(1e12 + 2e-6);
    assertThat(moments.m2()).isEqualTo(2e-12);
    assertThat(moments.variance().orThrow()).isEqualTo(1e-12);
  }

  @Test
  void moments_afterATotalJumpsTo1e9AndBack_areThoseBefore() {
    UnitSums sums = new UnitSums();
    sums.enter(1_500_000, 0);
    sums.enter(2_500_000, 0);
    sums.move(1_500_000, 0, 1_000_000_000L * UnitSums.SCALE, 0);
    sums.move(1_000_000_000L * UnitSums.SCALE, 0, 1_500_000, 0);
    assertThat(sums.moments()).isEqualTo(new Moments(2, 2.0, 0.5));
  }

  @Test
  void ratio_ofProportionalTotals_hasNoVarianceAtAll() {
    UnitSums sums = new UnitSums();
    sums.enter(300_000, 100_000);
    sums.enter(900_000, 300_000);
    sums.enter(2_100_000, 700_000);
    Moments score = sums.ratio().score().orThrow();
    assertThat(score.mean()).isEqualTo(3.0, within(1e-15));
    assertThat(score.m2()).isZero();
  }

  @Test
  void ratio_withoutDenominator_cannotSay() {
    UnitSums sums = new UnitSums();
    sums.enter(5, 0);
    assertThat(sums.ratio().score().said()).isFalse();
    assertThat(new UnitSums().ratio().score().said()).isFalse();
  }

  @Test
  void moments_ofADifference_areRefused() {
    UnitSums sums = new UnitSums();
    sums.move(0, 0, 5, 0);
    assertThatThrownBy(sums::moments)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("moments of a difference, not of a population: UnitSums[n=0");
    assertThatThrownBy(sums::ratio).isInstanceOf(IllegalStateException.class);
    UnitSums left = new UnitSums();
    left.leave(5, 0);
    left.enter(0, 0);
    left.enter(0, 0);
    assertThatThrownBy(left::moments).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void moments_ofNoUnits_areEmpty() {
    assertThat(new UnitSums().moments()).isEqualTo(Moments.EMPTY);
    assertThat(new UnitSums().ratio()).isEqualTo(new RatioMoments(0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void moments_ofTotalsAllZeroOrNoneZero_exist() {
    UnitSums sums = new UnitSums();
    sums.enter(0, 0);
    sums.enter(0, 0);
    assertThat(sums.moments()).isEqualTo(new Moments(2, 0, 0));
    sums.move(0, 0, UnitSums.SCALE, 0);
    sums.move(0, 0, UnitSums.SCALE, 0);
    assertThat(sums.moments()).isEqualTo(new Moments(2, 1, 0));
  }

  @Test
  void isZero_isFalseWhereAnySumIsLeft() {
    UnitSums unit = new UnitSums();
    unit.enter(0, 0);
    assertThat(unit.isZero()).isFalse();
    UnitSums move = new UnitSums();
    move.move(0, 0, 0, 5);
    assertThat(move.isZero()).isFalse();
    move.move(0, 5, 0, 0);
    assertThat(move.isZero()).isTrue();
  }

  @Test
  void hashCode_tellsSumsApart() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      UnitSums sums = new UnitSums();
      sums.enter(i, i % 7);
      hashes.add(sums.hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(990);
  }

  @Test
  void ratio_scoreSquares_areThoseOfTheLinearisedScore() {
    UnitSums sums = new UnitSums();
    sums.enter(1_000_000, 2_000_000);
    sums.enter(3_000_000, 4_000_000);
    double ratio = 4.0 / 6;
    double first = (1 - ratio * 2) / 3;
    double second = (3 - ratio * 4) / 3;
    assertThat(sums.ratio().scoreM2()).isCloseTo(first * first + second * second, within(1e-15));
  }

  @Test
  void enter_outOfRange_isRefused() {
    long out = Long.MIN_VALUE;
    UnitSums sums = new UnitSums();
    List<ThrowingCallable> calls =
        List.of(
            () -> sums.enter(out, 0),
            () -> sums.enter(0, out),
            () -> sums.leave(out, 0),
            () -> sums.leave(0, out),
            () -> sums.move(out, 0, 0, 0),
            () -> sums.move(0, out, 0, 0),
            () -> sums.move(0, 0, out, 0),
            () -> sums.move(0, 0, 0, out));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a unit's total must be above -2^63 millionths");
    }
    assertThat(sums.isZero()).isTrue();
  }

  @Test
  void copy_isIndependent_andResetEmpties() {
    UnitSums sums = new UnitSums();
    sums.enter(3, 4);
    UnitSums copy = sums.copy();
    sums.reset();
    assertThat(sums).isEqualTo(new UnitSums());
    UnitSums expected = new UnitSums();
    expected.enter(3, 4);
    assertThat(copy).isEqualTo(expected);
  }

  private static byte[] bytes(UnitSums sums) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sums.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream input(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
