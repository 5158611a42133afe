package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgeSumsTest {

  /** A unit as it is drawn: its number at each age, and the ages at which it counts. */
  private record Unit(List<Long> y, List<Long> d, int first, int last) {}

  @Test
  void byAge_equalsSumsRecomputedAtEveryAge() {
    Random random = new Random(7);
    List<Unit> units = new ArrayList<>();
    AgeSums left = new AgeSums();
    AgeSums right = new AgeSums();
    for (int u = 0; u < 400; u++) {
      Unit unit = draw(random);
      units.add(unit);
      (random.nextBoolean() ? left : right).add(path(unit), unit.first(), unit.last());
    }
    left.merge(right);
    for (int age = 0; age < 45; age++) {
      UnitSums expected = new UnitSums();
      for (Unit unit : units) {
        if (age >= unit.first() && age <= unit.last()) {
          expected.enter(unit.y().get(age), unit.d().get(age));
        }
      }
      assertThat(left.at(age)).as("age %d", age).isEqualTo(expected);
    }
    UnitSums toDate = new UnitSums();
    units.forEach(u -> toDate.enter(u.y().get(39), u.d().get(39)));
    assertThat(left.toDate()).isEqualTo(toDate);
  }

  @Test
  void bytes_roundTrip() throws IOException {
    Random random = new Random(8);
    AgeSums sums = new AgeSums();
    for (int u = 0; u < 50; u++) {
      Unit unit = draw(random);
      sums.add(path(unit), unit.first(), unit.last());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sums.writeTo(new DataOutputStream(bytes));
    AgeSums read = new AgeSums();
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    for (int age = 0; age < 45; age++) {
      assertThat(read.at(age)).isEqualTo(sums.at(age));
    }
    assertThat(read.toDate()).isEqualTo(sums.toDate());
  }

  @Test
  void reach_refusesAnEarlierAge() {
    AgePath path = new AgePath();
    path.begin(0, 0);
    path.reach(3, 1, 0);
    assertThatThrownBy(() -> path.reach(2, 1, 0)).hasMessage("age 2 after age 3");
  }

  private static Unit draw(Random random) {
    long[] y = new long[45];
    long[] d = new long[45];
    long[] now = {random.nextInt(3), 0};
    for (int age = 1; age < 45; age++) {
      if (age < 40 && random.nextInt(5) == 0) {
        now[0] += random.nextInt(2_000_001) - 1_000_000;
        now[1] += random.nextInt(1_000_000);
      }
      y[age] = now[0];
      d[age] = now[1];
    }
    y[0] = y[1];
    d[0] = d[1];
    int first = 1 + random.nextInt(3);
    return new Unit(
        Arrays.stream(y).boxed().toList(),
        Arrays.stream(d).boxed().toList(),
        first,
        random.nextInt(44));
  }

  private static AgePath path(Unit unit) {
    AgePath path = new AgePath();
    path.begin(unit.y().get(0), unit.d().get(0));
    for (int age = 2; age < 45; age++) {
      if (!unit.y().get(age).equals(unit.y().get(age - 1))
          || !unit.d().get(age).equals(unit.d().get(age - 1))) {
        path.reach(age, unit.y().get(age) + 5, unit.d().get(age));
        path.reach(age, unit.y().get(age), unit.d().get(age));
      }
    }
    return path;
  }
}
