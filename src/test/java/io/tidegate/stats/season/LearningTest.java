package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is learned point by point: regressions, spreads, shifts. */
class LearningTest {

  @Test
  void regression_withoutForgetting_isTheRidgeSolution() {
    double ridge = 2;
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[] {0.5, -1}, ridge, 1);
    double[][] points = {{1, 2, 3}, {2, -1, 0.5}, {0.3, 0.7, -2}, {1.5, 1, 1}};
    double[] weights = {1, 0.5, 2, 1};
    double a = ridge;
    double b = 0;
    double c = ridge;
    double u = ridge * 0.5;
    double v = -ridge;
    for (int i = 0; i < points.length; i++) {
      double[] p = points[i];
      learned.learn(p, 0, p[2] - learned.predict(p, 0), weights[i]);
      a += weights[i] * p[0] * p[0];
      b += weights[i] * p[0] * p[1];
      c += weights[i] * p[1] * p[1];
      u += weights[i] * p[0] * p[2];
      v += weights[i] * p[1] * p[2];
    }
    double determinant = a * c - b * b;
    assertThat(learned.coefficients()[0]).isCloseTo((c * u - b * v) / determinant, within(1e-12));
    assertThat(learned.coefficients()[1]).isCloseTo((a * v - b * u) / determinant, within(1e-12));
  }

  @Test
  void regression_withForgetting_followsAChange() {
    Random random = new Random(3);
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[2], 1, 0.99);
    for (int i = 0; i < 4000; i++) {
      double slope = i < 2000 ? 2 : -1;
      double[] x = {1, random.nextGaussian()};
      double y = slope * x[1] + 0.1 * random.nextGaussian();
      learned.learn(x, 0, y - learned.predict(x, 0), 1);
    }
    assertThat(learned.coefficients()[1]).isCloseTo(-1, within(0.05));
  }

  @Test
  void regression_onUselessFeatures_staysFinite() {
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[3], 1, 0.9);
    double[] x = {0, 1e-9, 1e6};
    for (int i = 0; i < 100_000; i++) {
      learned.learn(x, 0, 1e3 - learned.predict(x, 0), 1e-6);
    }
    assertThat(learned.coefficients()).doesNotContain(Double.NaN);
    assertThat(learned.predict(x, 0)).isFinite();
  }

  @Test
  void regression_refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new RecursiveLeastSquares(new double[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ridge 0.0 must be above 0, forgetting 1.0 in (0, 1]");
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

  @Test
  void shift_whileNothingShifts_takesAtLeastAScoresOnAverage() {
    Random random = new Random(5);
    ShiftDetector detector = new ShiftDetector();
    double a = 500;
    int alarms = 0;
    int n = 200_000;
    for (int i = 0; i < n; i++) {
      detector.next(random.nextGaussian());
      if (detector.reaches(a)) {
        alarms++;
        assertThat(detector.logStatistic()).isGreaterThanOrEqualTo(Math.log(a) - 1e-9);
        detector.restart();
      }
    }
    assertThat(alarms).isBetween(20, (int) (n / a));
  }

  @Test
  void shift_ofAnySize_isFoundSoon() {
    Random random = new Random(6);
    for (double shift : new double[] {-2, -0.5, 0.3, 1}) {
      ShiftDetector detector = new ShiftDetector();
      int scores = 0;
      while (!detector.reaches(500)) {
        detector.next(shift + random.nextGaussian());
        scores++;
      }
      assertThat(scores).as("shift %s", shift).isLessThan((int) (40 / (shift * shift)) + 10);
    }
  }
}
