package io.tidegate.stats.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.sequence.NormalTail;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Critical values against exact ones. */
class MaxNormalTest {

  private final MaxNormal normal = new MaxNormal();

  private interface Correlation {
    double of(int i, int j);
  }

  private static double[][] matrix(int size, Correlation correlation) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] = i == j ? 1 : correlation.of(i, j);
      }
    }
    return matrix;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 13, 90})
  void independent_isSidaks(int size) {
    double sidak = NormalTail.quantile((1 + StrictMath.pow(0.95, 1.0 / size)) / 2);
    assertThat(normal.critical(matrix(size, (i, j) -> 0), 0.05)).isCloseTo(sidak, within(0.02));
  }

  @Test
  void one_and_copiesOfOne_needNoMore() {
    assertThat(normal.critical(matrix(1, (i, j) -> 1), 0.05)).isCloseTo(1.959964, within(1e-6));
    assertThat(normal.critical(matrix(8, (i, j) -> 1), 0.05)).isCloseTo(1.959964, within(0.004));
  }

  /** Given the common part the estimates are independent: one integral, by the trapezoidal rule. */
  @ParameterizedTest
  @CsvSource({"3, 0.5", "10, 0.5", "10, 0.9", "60, 0.3", "60, 0.8"})
  void equallyCorrelated_isTheIntegral(int size, double rho) {
    double c = normal.critical(matrix(size, (i, j) -> rho), 0.05);
    double sum = 0;
    for (double u = -9; u <= 9; u += 0.01) {
      double shift = StrictMath.sqrt(rho) * u;
      double scale = StrictMath.sqrt(1 - rho);
      double one = phi((c - shift) / scale) - phi((-c - shift) / scale);
      sum +=
          0.01
              * StrictMath.exp(-u * u / 2)
              / StrictMath.sqrt(2 * StrictMath.PI)
              * StrictMath.pow(one, size);
    }
    assertThat(sum).isCloseTo(0.95, within(0.0035));
  }

  /** Sums of independent steps: the density of those still inside is carried from age to age. */
  @ParameterizedTest
  @ValueSource(ints = {5, 25, 60})
  void cumulativeSums_areTheRecursion(int size) {
    double c =
        normal.critical(
            matrix(size, (i, j) -> StrictMath.sqrt((1.0 + Math.min(i, j)) / (1 + Math.max(i, j)))),
            0.05);
    assertThat(inside(c, size)).isCloseTo(0.95, within(0.0035));
  }

  /** P(|W_k| ≤ c√k for k = 1 … size) of a standard random walk, on a grid. */
  private static double inside(double c, int size) {
    double step = 0.01;
    int far = 700;
    double[] kernel = new double[far + 1];
    for (int i = 0; i <= far; i++) {
      kernel[i] =
          step * StrictMath.exp(-i * step * i * step / 2) / StrictMath.sqrt(2 * StrictMath.PI);
    }
    int half = (int) StrictMath.round(c * StrictMath.sqrt(size) / step);
    double[] density = new double[2 * half + 1];
    density[half] = 1 / step;
    int before = 0;
    for (int k = 1; k <= size; k++) {
      double[] next = new double[density.length];
      int reach = (int) StrictMath.round(c * StrictMath.sqrt(k) / step);
      for (int to = -reach; to <= reach; to++) {
        double sum = 0;
        for (int from = Math.max(-before, to - far); from <= Math.min(before, to + far); from++) {
          sum += density[half + from] * kernel[Math.abs(to - from)];
        }
        next[half + to] = sum;
      }
      density = next;
      before = reach;
    }
    return step * Arrays.stream(density).sum();
  }

  @Test
  void equalCovariances_giveEqualBits_howeverScaledAndWhateverCameBefore() {
    double[][] once = matrix(12, (i, j) -> StrictMath.pow(0.7, Math.abs(i - j)));
    double first = new MaxNormal().critical(once, 0.05);
    normal.critical(matrix(40, (i, j) -> 0.1), 0.01);
    assertThat(normal.critical(once, 0.05)).isEqualTo(first);
    double[][] scaled = matrix(12, (i, j) -> 4 * StrictMath.pow(0.7, Math.abs(i - j)));
    for (int i = 0; i < 12; i++) {
      scaled[i][i] = 4;
    }
    assertThat(normal.critical(scaled, 0.05)).isEqualTo(first);
  }

  @Test
  void level_isOfOneInterval() {
    double level = normal.level(matrix(10, (i, j) -> 0), 0.05);
    assertThat(level).isBetween(0.005, 0.0055);
  }

  private static double phi(double x) {
    return StrictMath.exp(NormalTail.logCdf(x));
  }
}
