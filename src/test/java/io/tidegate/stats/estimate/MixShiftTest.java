package io.tidegate.stats.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.MixShift.Group;
import io.tidegate.stats.estimate.MixShift.Population;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MixShiftTest {

  private static Group share(long units, long successes) {
    double p = (double) successes / units;
    return new Group(units, units, p, p * (1 - p) / (units - 1));
  }

  private static Population of(Group... groups) {
    return new Population(List.of(groups), 0);
  }

  /** Charig et al. 1986, kidney stones: 78 % against 83 %, yet better for small and for large. */
  @Test
  void kidney_stones_reverse() {
    Population open = of(share(87, 81), share(263, 192));
    Population closed = of(share(270, 234), share(80, 55));
    MixShift shift = MixShift.of(closed, open, new double[] {357, 343}, 0.05).orThrow();
    assertThat(shift.before()).isCloseTo(289 / 350.0, within(1e-12));
    assertThat(shift.after()).isCloseTo(273 / 350.0, within(1e-12));
    assertThat(shift.crude().estimate()).isCloseTo(273.0 / 289 - 1, within(1e-12));
    // Adjusted success 83.3 % and 77.9 % (Julious and Mullee 1994).
    assertThat(shift.standardAfter()).isCloseTo(0.8325, within(5e-4));
    assertThat(shift.standardBefore()).isCloseTo(0.7789, within(5e-4));
    assertThat(shift.standard().estimate()).isPositive();
    assertThat((1 + shift.standard().estimate()) * (1 + shift.mix().estimate()))
        .isCloseTo(1 + shift.crude().estimate(), within(1e-12));
    // Opposite signs, but with 700 patients neither is beyond chance.
    assertThat(shift.reversal()).isFalse();
    Population openOften = of(share(870, 810), share(2630, 1920));
    Population closedOften = of(share(2700, 2340), share(800, 550));
    assertThat(
            MixShift.of(closedOften, openOften, new double[] {357, 343}, 0.05).orThrow().reversal())
        .isTrue();
  }

  @Test
  void equal_mix_leaves_nothing_to_the_mix() {
    Population before = of(share(100, 20), share(300, 30));
    Population after = of(share(200, 44), share(600, 66));
    MixShift shift = MixShift.of(before, after, new double[] {1, 3}, 0.05).orThrow();
    assertThat(shift.mix().estimate()).isCloseTo(0, within(1e-12));
    assertThat(shift.standard().estimate()).isCloseTo(0.1, within(1e-12));
    assertThat(shift.crude().estimate()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void intervals_cover_as_often_as_they_say() {
    Random random = new Random(20);
    int runs = 2_000;
    int standard = 0;
    int crude = 0;
    int mix = 0;
    double[] rates = {0.1, 0.3};
    double crudeTruth = (0.6 * 0.1 + 0.4 * 0.3) / (0.3 * 0.1 + 0.7 * 0.3) - 1;
    for (int run = 0; run < runs; run++) {
      Population before = drawn(random, 800, 0.3, rates);
      Population after = drawn(random, 800, 0.6, rates);
      MixShift shift = MixShift.of(before, after, new double[] {1, 1}, 0.05).orThrow();
      standard += shift.standard().excludesZero() ? 0 : 1;
      crude += covers(shift.crude(), crudeTruth) ? 1 : 0;
      mix += covers(shift.mix(), crudeTruth) ? 1 : 0;
    }
    assertThat(standard / (double) runs).isBetween(0.935, 0.965);
    assertThat(crude / (double) runs).isBetween(0.935, 0.965);
    assertThat(mix / (double) runs).isBetween(0.935, 0.965);
  }

  private static boolean covers(MixShift.Change change, double truth) {
    return change.interval().lower() <= truth && truth <= change.interval().upper();
  }

  private static Population drawn(Random random, int units, double first, double[] rates) {
    int[] n = new int[2];
    int[] x = new int[2];
    for (int u = 0; u < units; u++) {
      int group = random.nextDouble() < first ? 0 : 1;
      n[group]++;
      x[group] += random.nextDouble() < rates[group] ? 1 : 0;
    }
    return of(share(n[0], x[0]), share(n[1], x[1]));
  }

  @Test
  void what_cannot_be_said_is_not_said() {
    Population some = of(share(100, 20), share(300, 30));
    Population oneMissing = of(share(100, 20), new Group(0, 0, 0, 0));
    Population nothing = of(new Group(0, 0, 0, 0), new Group(0, 0, 0, 0));
    Population zeros = of(share(100, 0), share(300, 0));
    Population negative = of(new Group(100, 100, -3, 0.1), new Group(100, 100, 1, 0.1));
    assertThat(reason(some, oneMissing, 1, 1)).contains("fewer than two units");
    assertThat(MixShift.of(some, oneMissing, new double[] {1, 0}, 0.05).said()).isTrue();
    assertThat(reason(nothing, some, 0, 0)).contains("empty");
    assertThat(reason(some, zeros, 1, 1)).contains("above 0");
    assertThat(reason(some, negative, 1, 1)).contains("above 0");
    assertThatThrownBy(() -> MixShift.of(some, some, new double[] {1}, 0.05))
        .hasMessage("2 and 2 groups for 1 weights");
    assertThatThrownBy(() -> MixShift.of(some, some, new double[] {1, -1}, 0.05))
        .hasMessage("weight -1.0 must be >= 0");
    assertThatThrownBy(() -> new Group(1, 1, Double.NaN, 0)).hasMessageContaining("mean NaN");
  }

  private static String reason(Population before, Population after, double a, double b) {
    Stated<MixShift> shift = MixShift.of(before, after, new double[] {a, b}, 0.05);
    return ((Stated.CannotSay<MixShift>) shift).detail();
  }

  /** All units alike: no variance is no error, not a crash. */
  @Test
  void constants_have_intervals_of_no_width() {
    Population same = of(new Group(10, 10, 2, 0), new Group(10, 10, 2, 0));
    MixShift shift = MixShift.of(same, same, new double[] {1, 1}, 0.05).orThrow();
    assertThat(shift.standard().interval().lower()).isZero();
    assertThat(shift.standard().interval().upper()).isZero();
    assertThat(shift.reversal()).isFalse();
  }
}
