package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class MiddlePairTest {

  private static void assertFound(DoubleUnaryOperator shape) {
    Random random = new Random(1);
    MiddlePair middle = new MiddlePair();
    for (int count : new int[] {1, 2, 3, 64, 65, 66, 167, 1344, 1345, 5000, 100}) {
      double[] values = new double[count + 1];
      Arrays.setAll(values, i -> shape.applyAsDouble(random.nextDouble()));
      values[count] = Double.NaN;
      double[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      double there = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
      for (double centre :
          new double[] {0, there, there * 1.001, there * 2, middle.mean(), there}) {
        middle.find(values, count, centre);
        assertThat(middle.lower()).as("%d %s", count, centre).isEqualTo(sorted[(count - 1) / 2]);
        assertThat(middle.upper()).as("%d %s", count, centre).isEqualTo(sorted[count / 2]);
      }
      assertThat(middle.mean()).isEqualTo((middle.lower() + middle.upper()) / 2);
    }
  }

  @Test
  void find_isWhatSortingFinds() {
    assertFound(u -> u);
    assertFound(u -> Math.exp(200 * u - 100));
    assertFound(u -> u < 0.9 ? u * 1e-200 : 1e200);
    assertFound(u -> u < 0.5 ? 0 : Double.MAX_VALUE * u);
  }

  @Test
  void find_amongTies() {
    assertFound(u -> 7);
    assertFound(u -> 0);
    assertFound(u -> Math.rint(3 * u));
  }

  private static void assertFolded(DoubleUnaryOperator shape) {
    Random random = new Random(2);
    MiddlePair middle = new MiddlePair();
    for (int count : new int[] {1, 2, 65, 1344, 1345, 1344, 1344, 1344, 5000, 1344}) {
      double[] values = new double[count + 1];
      Arrays.setAll(values, i -> shape.applyAsDouble(random.nextDouble()));
      values[count] = Double.NaN;
      for (double centre : new double[] {1, 1.001, 0.5, 3, 1e-9, 1e9}) {
        double[] folds = new double[count];
        Arrays.setAll(folds, i -> Math.max(values[i] / centre, 1 / (values[i] / centre)));
        Arrays.sort(folds);
        for (int again = 0; again < 3; again++) {
          middle.findFolded(values, count, centre);
          assertThat(middle.lower()).as("%d %s", count, centre).isEqualTo(folds[(count - 1) / 2]);
          assertThat(middle.upper()).as("%d %s", count, centre).isEqualTo(folds[count / 2]);
        }
      }
    }
  }

  @Test
  void findFolded_isWhatFoldingEveryValueFinds() {
    assertFolded(u -> 0.8 + 0.4 * u);
    assertFolded(u -> Math.exp(0.01 * (u - 0.5)));
    assertFolded(u -> Math.exp(60 * u - 30));
    assertFolded(u -> u < 0.3 ? 1e-3 : 1 + u);
    assertFolded(u -> u < 0.2 ? 1e-6 * (1 + 0.001 * u) : 1e6 * (1 + 0.001 * u));
  }

  @Test
  void findFolded_amongTies() {
    assertFolded(u -> 1);
    assertFolded(u -> 1 + Math.rint(3 * u));
    assertFolded(u -> u < 0.5 ? 0.5 : 2);
  }
}
