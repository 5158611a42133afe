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

  private static final int MOST = 2_000;
  private static final int UNITS = 5 * MOST;

  @Test
  void sample_doesNotDependOnOrderOrPartition() throws IOException {
    PathSample whole = new PathSample(MOST);
    PathSample forwards = new PathSample(MOST);
    PathSample backwards = new PathSample(MOST);
    for (int u = 0; u < UNITS; u++) {
      add(whole, u);
      add(u % 3 == 0 ? forwards : backwards, u);
    }
    backwards.merge(forwards);
    assertThat(bytes(backwards)).isEqualTo(bytes(whole));
    PathSample read = new PathSample(MOST);
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(whole))));
    assertThat(bytes(read)).isEqualTo(bytes(whole));
    assertThat(read.units()).isEqualTo(UNITS);
    assertThat(read.paths()).hasSize(MOST);
  }

  @Test
  void sample_isOfAllUnitsAlike() {
    PathSample sample = new PathSample(MOST);
    for (int u = 0; u < UNITS; u++) {
      add(sample, u);
    }
    double mean = sample.paths().stream().mapToLong(p -> p.levels()[0]).average().orElseThrow();
    assertThat(mean).isBetween(0.46 * UNITS, 0.54 * UNITS);
  }

  @Test
  void path_endsWhereTheUnitIsNoLongerMature() {
    PathSample sample = new PathSample(MOST);
    AgePath path = new AgePath();
    path.begin(0, 0);
    path.reach(2, 5, 0);
    path.reach(9, 7, 0);
    sample.add(1, path, 8);
    assertThat(List.copyOf(sample.paths()).get(0).ages()).containsExactly(2);
  }

  @Test
  void days_andDenominators_areReadAsWritten() throws IOException {
    PathSample sample = new PathSample(MOST);
    sample.addDays(1, new int[] {0, 3, 8, 0}, 3, 8);
    AgePath path = new AgePath();
    path.begin(0, 0);
    path.reach(2, 5, 7);
    sample.add(2, path, 8);
    PathSample read = new PathSample(MOST);
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(sample))));
    assertThat(bytes(read)).isEqualTo(bytes(sample));
    PathSample.Path days = List.copyOf(read.paths()).get(0);
    assertThat(days.ages()).containsExactly(1, 4, 9);
    assertThat(days.denominators()).isEmpty();
    assertThat(List.copyOf(read.paths()).get(1).denominators()).containsExactly(7);
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
