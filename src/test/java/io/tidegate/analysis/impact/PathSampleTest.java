package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PathSampleTest {

  private static final int UNITS = 5 * PathSample.MOST;

  @Test
  void sample_doesNotDependOnOrderOrPartition() throws IOException {
    PathSample whole = new PathSample();
    PathSample forwards = new PathSample();
    PathSample backwards = new PathSample();
    for (int u = 0; u < UNITS; u++) {
      add(whole, u);
      add(u % 3 == 0 ? forwards : backwards, u);
    }
    backwards.merge(forwards);
    assertThat(bytes(backwards)).isEqualTo(bytes(whole));
    PathSample read = new PathSample();
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(whole))));
    assertThat(bytes(read)).isEqualTo(bytes(whole));
    assertThat(read.units()).isEqualTo(UNITS);
    assertThat(read.paths()).hasSize(PathSample.MOST);
  }

  @Test
  void sample_isOfAllUnitsAlike() {
    PathSample sample = new PathSample();
    for (int u = 0; u < UNITS; u++) {
      add(sample, u);
    }
    double mean = sample.paths().stream().mapToLong(p -> p.levels()[0]).average().orElseThrow();
    assertThat(mean).isBetween(0.46 * UNITS, 0.54 * UNITS);
  }

  @Test
  void path_endsWhereTheUnitIsNoLongerMature() {
    PathSample sample = new PathSample();
    AgePath path = new AgePath();
    path.begin(0, 0);
    path.reach(2, 5, 0);
    path.reach(9, 7, 0);
    sample.add(1, path, 8);
    assertThat(List.copyOf(sample.paths()).get(0).ages()).containsExactly(2);
  }

  private static void add(PathSample sample, int unit) {
    AgePath path = new AgePath();
    path.begin(0, 0);
    path.reach(1, unit, 0);
    sample.add(new SplittableRandom(unit).nextLong(), path, 10);
  }

  private static byte[] bytes(PathSample sample) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sample.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
