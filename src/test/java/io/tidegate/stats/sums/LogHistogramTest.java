package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogHistogramTest {

  @Test
  void quantiles_areWithinTheAccuracyOverManyOrdersOfMagnitude() {
    Random random = new Random(3);
    for (double accuracy : new double[] {0.001, 0.01, 0.1}) {
      LogHistogram histogram = new LogHistogram(accuracy);
      double[] values = new double[2001];
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.exp(20 * random.nextGaussian());
        values[i] = Math.max(values[i], LogHistogram.SMALLEST);
        histogram.add(values[i], 1);
      }
      Arrays.sort(values);
      for (double q : new double[] {0, 0.01, 0.5, 0.95, 0.999, 1}) {
        double exact = values[(int) Math.floor(q * 2000)];
        assertThat(histogram.quantile(q).orThrow())
            .isCloseTo(exact, within(accuracy * 1.0000001 * exact));
      }
    }
  }

  @Test
  void zeroNegativeAndTinyValues_shareOneBinThatStandsFor0() {
    LogHistogram histogram = new LogHistogram();
    histogram.add(0, 1);
    histogram.add(-5, 1);
    histogram.add(9e-10, 1);
    histogram.add(1e-9, 1);
    assertThat(histogram.total()).isEqualTo(4);
    assertThat(histogram.atRank(2).orThrow()).isZero();
    assertThat(histogram.atRank(3).orThrow()).isCloseTo(1e-9, within(1e-11));
    assertThat(histogram.countAbove(0)).isEqualTo(1);
  }

  @Test
  void retraction_leavesNothing() {
    LogHistogram histogram = new LogHistogram();
    histogram.add(3, 2);
    histogram.add(7, 1);
    histogram.add(3, -2);
    LogHistogram other = new LogHistogram();
    other.add(7, 1);
    assertThat(histogram).isEqualTo(other).hasSameHashCodeAs(other);
    histogram.subtract(other);
    assertThat(histogram).isEqualTo(new LogHistogram());
    histogram.add(1, 0);
    assertThat(histogram).hasToString("LogHistogram[accuracy=0.01, bins=0, values=0]");
  }

  @Test
  void retraction_keepsTheOtherBins() {
    LogHistogram histogram = new LogHistogram();
    LogHistogram expected = new LogHistogram();
    for (int i = 1; i <= 8; i++) {
      histogram.add(i, i);
      if (i != 3) {
        expected.add(i, i);
      }
    }
    histogram.add(3, -3);
    assertThat(histogram).isEqualTo(expected);
    assertThat(histogram.atRank(32).orThrow()).isCloseTo(8, within(0.08));
    histogram.add(1, -1);
    expected.add(1, -1);
    assertThat(histogram).isEqualTo(expected);
    assertThat(histogram.atRank(0).orThrow()).isCloseTo(2, within(0.02));
  }

  @Test
  void binEdges_areThoseOfTheMapping() {
    double gamma = 1.01 / 0.99;
    LogHistogram histogram = new LogHistogram();
    histogram.add(Math.pow(gamma, 2.0) * 0.999, 1);
    histogram.add(Math.pow(gamma, 2.0) * 1.001, 1);
    assertThat(histogram.atRank(0).orThrow())
        .isCloseTo(2 * Math.pow(gamma, 2) / (gamma + 1), within(1e-14));
    assertThat(histogram.atRank(1).orThrow())
        .isCloseTo(2 * Math.pow(gamma, 3) / (gamma + 1), within(1e-14));
  }

  @Test
  void hashCode_tellsHistogramsApart() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 1; i <= 200; i++) {
      LogHistogram histogram = new LogHistogram();
      histogram.add(i, i);
      histogram.add(1e6, 1);
      hashes.add(histogram.hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(195);
  }

  @Test
  void countAbove_excludesTheThresholdsOwnBin() {
    LogHistogram histogram = new LogHistogram();
    for (int i = 1; i <= 100; i++) {
      histogram.add(i, 1);
    }
    assertThat(histogram.countAbove(50)).isEqualTo(50);
    assertThat(histogram.countAbove(1000)).isZero();
    assertThat(histogram.countAbove(-1)).isEqualTo(100);
  }

  @Test
  void mergeAndBytes_areTheSameForEveryOrder() throws IOException {
    Random random = new Random(9);
    LogHistogram whole = new LogHistogram();
    LogHistogram backwards = new LogHistogram();
    LogHistogram[] parts = new LogHistogram[20];
    for (int p = 0; p < parts.length; p++) {
      parts[p] = new LogHistogram();
      for (int i = 0; i < 50; i++) {
        double value = Math.exp(3 * random.nextGaussian()) - 0.01;
        parts[p].add(value, 1);
        whole.add(value, 1);
      }
    }
    for (int p = parts.length - 1; p >= 0; p--) {
      backwards.add(parts[p]);
    }
    assertThat(backwards).isEqualTo(whole);
    assertThat(bytes(backwards)).isEqualTo(bytes(whole));
    assertThat(read(bytes(whole))).isEqualTo(whole);
  }

  @Test
  void misuse_isRefused() {
    assertThatThrownBy(() -> new LogHistogram(0)).hasMessage("accuracy 0.0 must lie in (0, 1)");
    assertThatThrownBy(() -> new LogHistogram(1)).hasMessage("accuracy 1.0 must lie in (0, 1)");
    LogHistogram histogram = new LogHistogram();
    assertThatThrownBy(() -> histogram.add(Double.NaN, 1)).hasMessage("value NaN must be finite");
    assertThatThrownBy(() -> histogram.quantile(1.5)).hasMessage("quantile 1.5 must lie in [0, 1]");
    assertThatThrownBy(() -> histogram.quantile(-0.5)).isInstanceOf(IllegalArgumentException.class);
    LogHistogram finer = new LogHistogram(0.001);
    assertThatThrownBy(() -> histogram.add(finer))
        .hasMessage("histograms of accuracy 0.01 and 0.001 do not merge");
    assertThatThrownBy(() -> histogram.subtract(finer))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read(new byte[] {7})).hasMessage("histogram of format 7, known is 1");
    assertThat(histogram).isNotEqualTo(finer);
    ValueTypesTest.assertReason(histogram.quantile(0.5), Reason.NO_DATA);
    ValueTypesTest.assertReason(histogram.atRank(0), Reason.NO_DATA);
    histogram.add(2, 1);
    ValueTypesTest.assertReason(histogram.atRank(-1), Reason.NO_DATA);
    ValueTypesTest.assertReason(histogram.atRank(1), Reason.NO_DATA);
  }

  private static byte[] bytes(LogHistogram histogram) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    histogram.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static LogHistogram read(byte[] bytes) throws IOException {
    return LogHistogram.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
