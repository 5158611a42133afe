package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is learned point by point: regressions, shifts. */
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
  void regression_aPointWeighsOneUnitOfTheRidge() {
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[] {7, 2}, 4, 1);
    double[] features = {9, 9, 0, 1};
    assertThat(learned.predict(features, 2)).isEqualTo(2);
    learned.learn(features, 2, 10, 1);
    assertThat(learned.coefficients()).containsExactly(7, 2 + 10.0 / (4 + 1));
  }

  /** Without a limit the second coefficient's variance would be 0.9⁻⁵⁰⁰ and its step 10. */
  @Test
  void regression_forgetting_keepsSomeOfTheRidgeInDirectionsUnseen() {
    double ridge = 2;
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[2], ridge, 0.9);
    for (int i = 0; i < 500; i++) {
      learned.learn(new double[] {1, 0}, 0, 0, 1);
    }
    learned.learn(new double[] {0, 0.1}, 0, 1, 1);
    double most = 10 * 2 / ridge;
    double step = learned.coefficients()[1];
    assertThat(step).isBetween(variance(0.85 * most), variance(most));
    assertThat(learned.coefficients()[0]).isZero();
  }

  /** The step of a coefficient of variance {@code v} at feature 0.1 and error 1. */
  private static double variance(double v) {
    return 0.1 * v / (0.9 + 0.01 * v);
  }

  @Test
  void regression_afterAFeatureThatIsNoNumber_startsAgain() {
    RecursiveLeastSquares learned = new RecursiveLeastSquares(new double[] {1, 2}, 3, 0.95);
    for (int i = 0; i < 20; i++) {
      learned.learn(new double[] {1, i % 3}, 0, 0.5, 1);
    }
    learned.learn(new double[] {Double.POSITIVE_INFINITY, 0}, 0, 1, 1);
    double[] kept = learned.coefficients();
    assertThat(kept).containsExactly(0, 0);
    RecursiveLeastSquares fresh = new RecursiveLeastSquares(kept, 3, 0.95);
    for (int i = 0; i < 5; i++) {
      double[] x = {1 + i, 2.0 * i};
      learned.learn(x, 0, 1 - i, 2);
      fresh.learn(x, 0, 1 - i, 2);
    }
    assertThat(learned.coefficients()).containsExactly(fresh.coefficients(), within(1e-15));
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
    for (double forgetting : new double[] {0, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new RecursiveLeastSquares(new double[1], 1, forgetting))
          .hasMessage("ridge 1.0 must be above 0, forgetting " + forgetting + " in (0, 1]");
    }
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

  /** R_n = Σ_k Π_{i≥k} exp(δ z_i − δ²/2), summed from its definition, for every δ and direction. */
  @Test
  void shift_statisticIsTheMeanOfTheLikelihoodRatiosOfAllStarts() {
    Random random = new Random(7);
    ShiftDetector detector = new ShiftDetector();
    double[] z = new double[30];
    for (int n = 0; n < z.length; n++) {
      z[n] = random.nextGaussian();
      detector.next(z[n]);
      double mean = 0;
      for (double delta : new double[] {0.25, 0.5, 1, 2}) {
        mean += (allStarts(z, n, delta) + allStarts(z, n, -delta)) / 8;
      }
      assertThat(detector.logStatistic()).isCloseTo(Math.log(mean), within(1e-12));
      assertThat(detector.reaches(mean * (1 - 1e-12))).isTrue();
      assertThat(detector.reaches(mean * (1 + 1e-12))).isFalse();
    }
  }

  @Test
  void shiryaevRoberts_isTheMeanOfBothDirections() {
    Random random = new Random(8);
    double[] z = new double[30];
    ShiryaevRoberts detector = ShiryaevRoberts.START;
    for (int n = 0; n < z.length; n++) {
      z[n] = random.nextGaussian();
      detector = detector.next(z[n], 0.4, 9);
      double mean = (allStarts(z, n, 0.4) + allStarts(z, n, -0.4)) / 2;
      assertThat(detector.logStatistic()).isCloseTo(Math.log(mean), within(1e-12));
    }
  }

  private static double allStarts(double[] z, int last, double delta) {
    double sum = 0;
    for (int k = 0; k <= last; k++) {
      double log = 0;
      for (int i = k; i <= last; i++) {
        log += delta * z[i] - delta * delta / 2;
      }
      sum += Math.exp(log);
    }
    return sum;
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
