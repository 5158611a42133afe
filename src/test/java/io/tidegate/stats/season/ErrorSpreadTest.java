package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** How far forecasts miss, against distributions whose quantiles and moments are known. */
class ErrorSpreadTest {

  private static final double NORMAL = 1.959963984540054;
  private static final double HALF_NORMAL_MEAN = Math.sqrt(2 / Math.PI);

  @Test
  void newSpread_isNormalInsideWithAnExponentialTail() {
    ErrorSpread spread = new ErrorSpread(1, 1);
    assertThat(spread.errors()).isZero();
    assertThat(spread.above()).isCloseTo(NORMAL / HALF_NORMAL_MEAN, within(1e-12));
    assertThat(spread.pValue(0.5 * spread.above())).isCloseTo(0.327095, within(1e-5));
    assertThat(spread.pValue(-0.5 * spread.below())).isCloseTo(0.327095, within(1e-5));
    assertThat(spread.pValue(1.5 * spread.above())).isCloseTo(0.05 * Math.exp(-2), within(1e-12));
    assertThat(spread.pValue(-2 * spread.below())).isCloseTo(0.05 * Math.exp(-4), within(1e-12));
  }

  @Test
  void score_isTheNormalScoreOfTheSameProbability() {
    ErrorSpread spread = new ErrorSpread(1, 1);
    assertThat(spread.score(0.5 * spread.above(), 0.3, 4)).isCloseTo(NORMAL / 2, within(1e-12));
    assertThat(spread.score(-0.5 * spread.below(), 0.3, 4)).isCloseTo(-NORMAL / 2, within(1e-12));
    double threeSigma = 0.0026997960632601866;
    assertThat(spread.score(3 * spread.above(), threeSigma, 4)).isCloseTo(3, within(1e-9));
    assertThat(spread.score(-3 * spread.below(), threeSigma, 4)).isCloseTo(-3, within(1e-9));
    assertThat(spread.score(3 * spread.above(), threeSigma, 2.5)).isEqualTo(2.5);
    assertThat(spread.score(-3 * spread.below(), 0, 4)).isEqualTo(-4);
  }

  /** Where own and counting errors are normal, E|error| = √(2/π) √(σ² + counting variance). */
  @Test
  void expected_addsTheVarianceOfCounting() {
    double sigma = 1.5;
    ErrorSpread spread = new ErrorSpread(1, HALF_NORMAL_MEAN * sigma);
    assertThat(spread.expected(0, 4))
        .isCloseTo(HALF_NORMAL_MEAN * Math.sqrt(sigma * sigma + 4), within(1e-12));
    assertThat(spread.expected(0, 0)).isCloseTo(HALF_NORMAL_MEAN * sigma, within(1e-12));
  }

  @Test
  void learning_findsTheSizeOfEachKind_freeOfWhatCountingAdds() {
    double[] own = {5, 15};
    for (double counting : new double[] {0, 30}) {
      ErrorSpread spread = new ErrorSpread(2, 1);
      for (int i = 0; i < 20_000; i++) {
        int kind = i % 2;
        double size = Math.hypot(own[kind], HALF_NORMAL_MEAN * Math.sqrt(counting));
        double expected = spread.expected(kind, counting);
        spread.learn(i % 4 < 2 ? size : -size, expected, kind, counting);
      }
      assertThat(spread.errors()).isEqualTo(20_000);
      assertThat(spread.expected(0, 0)).isCloseTo(5, within(0.1));
      assertThat(spread.expected(1, 0)).isCloseTo(15, within(0.3));
    }
  }

  @Test
  void learning_anOutage_countsAsFourMissesAtMost() {
    ErrorSpread spread = settled(5);
    double before = spread.expected(0, 0);
    spread.learn(1e9, before, 0, 0);
    assertThat(spread.expected(0, 0)).isBetween(1.05 * before, 1.2 * before);
    ErrorSpread still = settled(5);
    for (int i = 0; i < 10_000; i++) {
      still.learn(0, still.expected(0, 0), 0, 0);
    }
    assertThat(still.expected(0, 0)).isPositive().isLessThan(0.01);
  }

  private static ErrorSpread settled(double size) {
    ErrorSpread spread = new ErrorSpread(1, size);
    for (int i = 0; i < 2_000; i++) {
      spread.learn(i % 2 == 0 ? size : -size, spread.expected(0, 0), 0, 0);
    }
    return spread;
  }

  /** A quantile a factor of 2 away is reached in fewer than 20 errors early on, later in 40. */
  @Test
  void quantiles_moveQuicklyAtFirst() {
    assertThat(missesUntilInside(new ErrorSpread(1, 1))).isBetween(28, 40);
    assertThat(missesUntilInside(settled(1))).isBetween(30, 40);
    ErrorSpread fresh = new ErrorSpread(1, 1);
    double start = fresh.above();
    for (int i = 0; i < 24; i++) {
      fresh.learn(2 * start, 1, 0, 0);
    }
    assertThat(fresh.above()).as("held while nothing is settled").isEqualTo(start);
    assertThat(fresh.below()).isEqualTo(start);
    int more = 0;
    while (fresh.above() < 2 * start && more < 1000) {
      fresh.learn(2 * start, 1, 0, 0);
      more++;
    }
    assertThat(more).isBetween(5, 15);
    assertThat(fresh.below()).isBetween(0.9 * start, start);
  }

  private static int missesUntilInside(ErrorSpread spread) {
    double goal = 2 * spread.below();
    int misses = 0;
    while (spread.below() < goal && misses < 1000) {
      spread.learn(-goal, 1, 0, 0);
      misses++;
    }
    return misses;
  }

  /** Excesses of a generalised Pareto distribution, shape 0.1, scale 0.45, spread evenly. */
  @Test
  void tail_isTheGeneralisedParetoThatTheExcessesCameFrom() {
    ErrorSpread spread = new ErrorSpread(1, 1);
    double shape = 0.1;
    double size = 0.45;
    for (int i = 0; i < 80_000; i++) {
      int excess = i / 40;
      double u = (excess * 0.6180339887498949) % 1;
      double over = size / shape * (Math.pow(1 - u, -shape) - 1);
      double scaled = i % 40 == 0 ? (1 + over) * spread.above() : 0;
      spread.learn(scaled, 1, 0, 0);
    }
    for (double over : new double[] {0.5, 1, 2, 3}) {
      double expected = 0.05 * Math.pow(1 + shape * over / size, -1 / shape);
      assertThat(spread.pValue((1 + over) * spread.above()))
          .isCloseTo(expected, Percentage.withPercentage(20 * over));
    }
  }

  /** Excesses between 0 and 1, all as likely: no heavier than an exponential tail of mean ½. */
  @Test
  void tail_thatEnds_isTakenAsExponential() {
    ErrorSpread spread = new ErrorSpread(1, 1);
    for (int i = 0; i < 80_000; i++) {
      int excess = i / 40;
      double over = (excess * 0.6180339887498949) % 1;
      spread.learn(i % 40 == 0 ? -(1 + over) * spread.below() : 0, 1, 0, 0);
    }
    assertThat(spread.pValue(2 * spread.above()))
        .isCloseTo(0.05 * Math.exp(-2), Percentage.withPercentage(10));
  }

  @Test
  void spread_ofSkewedHeavyTailedErrors_leavesFivePercentOutside() {
    Random random = new Random(4);
    ErrorSpread spread = new ErrorSpread(2, 1);
    int outside = 0;
    int far = 0;
    int n = 60_000;
    for (int i = 0; i < n; i++) {
      int kind = i % 2;
      double noise = random.nextGaussian();
      double error = (kind + 1) * (Math.exp(0.6 * noise) - 1.2);
      double expected = spread.expected(kind, 0);
      if (i >= 1000) {
        double p = spread.pValue(error / expected);
        outside += p <= 0.05 ? 1 : 0;
        far += p <= 0.002 ? 1 : 0;
      }
      spread.learn(error, expected, kind, 0);
    }
    assertThat(outside / (n - 1000.0)).isBetween(0.045, 0.055);
    assertThat(far / (n - 1000.0)).isBetween(0.0004, 0.004);
  }

  @Test
  void spread_scoreAndPValue_agree() {
    ErrorSpread spread = new ErrorSpread(1, 1);
    assertThat(spread.pValue(spread.above())).isCloseTo(0.05, within(1e-9));
    assertThat(spread.pValue(-spread.below())).isCloseTo(0.05, within(1e-9));
    assertThat(spread.score(-spread.below(), 0.05, 4)).isCloseTo(-1.96, within(0.001));
    double far = 2 * spread.above();
    assertThat(spread.score(far, spread.pValue(far), 4)).isBetween(2.5, 4.0);
    assertThat(spread.score(1e9, spread.pValue(1e9), 4)).isEqualTo(4);
  }
}
