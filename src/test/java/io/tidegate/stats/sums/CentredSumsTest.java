package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CentredSumsTest {

  @Test
  void means_areExactInAnyOrder() {
    double[][] orders = {
      {1e100, 1, -1e100}, {1, 1e100, -1e100}, {1e100, -1e100, 1}, {-1e100, 1, 1e100}
    };
    for (double[] values : orders) {
      assertThat(CentredSums.of(values).moments().mean()).isEqualTo(1.0 / 3);
    }
    CentredSums parts = CentredSums.of(1e100, 1);
    parts.add(CentredSums.of(-1e100));
    assertThat(parts.moments().mean()).isEqualTo(1.0 / 3);
    parts.subtract(CentredSums.of(1e100));
    parts.leave(DoubleDouble.of(-1e100), DoubleDouble.ZERO);
    assertThat(parts.moments().mean()).isEqualTo(1);
  }

  @Test
  void sum_ofManySizes_isThatOfBigDecimals() {
    Random random = new Random(4);
    ExactSum sum = new ExactSum();
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < 2000; i++) {
      double term = random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30);
      sum.add(term);
      exact = exact.add(new BigDecimal(term));
    }
    assertThat(sum.value().value()).isEqualTo(exact.doubleValue());
    ExactSum copy = new ExactSum();
    copy.set(sum);
    sum.subtract(copy);
    assertThat(sum.value()).isEqualTo(DoubleDouble.ZERO);
    assertThat(copy.value().value()).isEqualTo(exact.doubleValue());
  }

  @Test
  void totalsTakenBack_leaveNothingAtAll() {
    CentredSums sums = new CentredSums();
    DoubleDouble zero = DoubleDouble.ZERO;
    for (int i = 0; i < 3; i++) {
      sums.enter(0, 0);
    }
    DoubleDouble[] totals = {DoubleDouble.of(0.1), DoubleDouble.of(1e9), DoubleDouble.of(-7.3)};
    for (DoubleDouble total : totals) {
      sums.move(zero, zero, total, total);
    }
    for (DoubleDouble total : totals) {
      sums.move(total, total, zero, zero);
    }
    assertThat(sums.moments()).isEqualTo(new Moments(3, 0, 0));
    assertThat(sums.ratio()).isEqualTo(new RatioMoments(3, 0, 0, 0, 0, 0, 0));
  }

  private static final Percentage EXACT = Percentage.withPercentage(1e-13);

  @Test
  void meansOf1e12WithTinyVariance_keepTheirVariance() {
    double step = Math.scalb(1.0, -12);
    Moments moments = CentredSums.of(1e12, 1e12 + step, 1e12 + 2 * step).moments();
    assertThat(moments.mean()).isEqualTo(1e12 + step);
    assertThat(moments.m2()).isCloseTo(2 * step * step, EXACT);
  }

  @Test
  void totalJumpingTo1e9AndBack_leavesWhatWasThere() {
    CentredSums sums = CentredSums.of(1.25, 2.5, 4);
    Moments before = sums.moments();
    DoubleDouble small = DoubleDouble.of(2.5);
    DoubleDouble large = small.plus(DoubleDouble.of(1e9));
    sums.move(small, DoubleDouble.ZERO, large, DoubleDouble.ZERO);
    assertThat(sums.moments().m2()).isCloseTo(6.66666665e17, Percentage.withPercentage(1e-6));
    sums.move(large, DoubleDouble.ZERO, small, DoubleDouble.ZERO);
    assertThat(sums.moments().mean()).isCloseTo(before.mean(), EXACT);
    assertThat(sums.moments().m2()).isCloseTo(before.m2(), Percentage.withPercentage(1e-11));
  }

  @Test
  void anyPartition_mergesToTheSameMoments() {
    Random random = new Random(7);
    List<double[]> units = new ArrayList<>();
    CentredSums whole = new CentredSums();
    for (int i = 0; i < 400; i++) {
      double[] unit = {1e6 + random.nextGaussian(), random.nextInt(5)};
      units.add(unit);
      whole.enter(unit[0], unit[1]);
    }
    for (int trial = 0; trial < 10; trial++) {
      CentredSums merged = new CentredSums();
      for (int from = 0; from < units.size(); ) {
        int to = Math.min(units.size(), from + random.nextInt(80));
        CentredSums part = new CentredSums();
        units.subList(from, to).forEach(u -> part.enter(u[0], u[1]));
        merged.add(part);
        from = to;
      }
      assertSame(merged, whole);
    }
  }

  @Test
  void subtract_andLeave_areInversesOfAddAndEnter() {
    CentredSums part = CentredSums.of(3, 9, -4);
    CentredSums rest = CentredSums.of(1, 2);
    CentredSums sums = CentredSums.of(1, 2);
    sums.add(part);
    sums.subtract(part);
    assertSame(sums, rest);
    sums.enter(5, 6);
    sums.leave(DoubleDouble.of(5), DoubleDouble.of(6));
    assertSame(sums, rest);
    sums.subtract(rest);
    assertThat(sums.moments()).isEqualTo(Moments.EMPTY);
  }

  @Test
  void moves_equalFreshSums() {
    Random random = new Random(11);
    double[][] units = new double[30][2];
    CentredSums sums = new CentredSums();
    for (double[] unit : units) {
      sums.enter(unit[0], unit[1]);
    }
    for (int i = 0; i < 500; i++) {
      double[] unit = units[random.nextInt(units.length)];
      double[] next = {unit[0] + random.nextInt(100) - 30, unit[1] + random.nextInt(3)};
      sums.move(of(unit[0]), of(unit[1]), of(next[0]), of(next[1]));
      unit[0] = next[0];
      unit[1] = next[1];
    }
    CentredSums fresh = new CentredSums();
    for (double[] unit : units) {
      fresh.enter(unit[0], unit[1]);
    }
    assertSame(sums, fresh);
  }

  private static DoubleDouble of(double value) {
    return DoubleDouble.of(value);
  }

  @Test
  void summaries_mergeLikeTheirUnits() {
    CentredSums sums = CentredSums.ofSummary(3, 2, 1);
    sums.add(CentredSums.ofSummary(2, 6, 0.5));
    sums.add(CentredSums.ofSummary(0, 0, 0));
    sums.add(CentredSums.ofSummary(1, 4, 99));
    Moments expected = CentredSums.of(1, 2, 3, 5.5, 6.5, 4).moments();
    assertThat(sums.moments().n()).isEqualTo(6);
    assertThat(sums.units()).isEqualTo(6);
    assertThat(sums.moments().mean()).isCloseTo(expected.mean(), EXACT);
    assertThat(sums.moments().m2()).isCloseTo(expected.m2(), EXACT);
  }

  @Test
  void rawSums_giveCentredMomentsAndScore() {
    RatioMoments raw = CentredSums.ofRaw(3, 6, 9, 14, 35, 22).ratio();
    CentredSums direct = new CentredSums();
    direct.enter(1, 1);
    direct.enter(2, 3);
    direct.enter(3, 5);
    assertRatio(raw, direct.ratio());
    assertThat(raw.covariance().orThrow()).isEqualTo(2);
    assertThat(raw.cYd()).isCloseTo(4, within(1e-15));
    assertThat(CentredSums.ofRaw(0, 0, 0, 0, 0, 0).moments()).isEqualTo(Moments.EMPTY);
  }

  @Test
  void score_ofProportionalTotals_vanishes() {
    CentredSums sums = new CentredSums();
    for (int i = 1; i < 50; i++) {
      sums.enter(0.1 * i, 0.3 * i);
    }
    Moments score = sums.ratio().score().orThrow();
    assertThat(score.mean()).isCloseTo(1.0 / 3, within(1e-16));
    assertThat(score.m2()).isLessThan(1e-29);
  }

  @Test
  void misuse_isRefused() {
    CentredSums sums = new CentredSums();
    assertThatThrownBy(() -> sums.move(of(0), of(0), of(1), of(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no unit is in, so none can move");
    assertThatThrownBy(() -> sums.subtract(CentredSums.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of 1 units, only 0 in");
  }

  private static void assertSame(CentredSums got, CentredSums want) {
    assertThat(got.units()).isEqualTo(want.units());
    assertRatio(got.ratio(), want.ratio());
  }

  private static void assertRatio(RatioMoments got, RatioMoments want) {
    assertThat(got.n()).isEqualTo(want.n());
    assertThat(got.meanY()).isCloseTo(want.meanY(), EXACT);
    assertThat(got.meanD()).isCloseTo(want.meanD(), EXACT);
    assertThat(got.m2Y()).isCloseTo(want.m2Y(), EXACT);
    assertThat(got.m2D()).isCloseTo(want.m2D(), EXACT);
    assertThat(got.cYd()).isCloseTo(want.cYd(), EXACT);
    assertThat(got.scoreM2()).isCloseTo(want.scoreM2(), EXACT);
  }
}
