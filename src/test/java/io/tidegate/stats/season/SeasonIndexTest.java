package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonIndex.Hour;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeasonIndexTest {

  @Test
  void hours_weigh_as_units_came() {
    SeasonIndex index =
        SeasonIndex.of(List.of(new Hour(30, 1, 0, 0), new Hour(10, 2, 0, 0)), 0.04).orThrow();
    assertThat(index.expected()).isCloseTo(1.25, within(1e-12));
    // Shares of what is expected 0.6 and 0.4: 0.52 of an hour's variance; one day: all of it.
    assertThat(index.logVariance()).isCloseTo(0.04, within(1e-12));
    SeasonIndex days =
        SeasonIndex.of(List.of(new Hour(30, 1, 0, 0.01), new Hour(10, 2, 1, 0)), 0.04).orThrow();
    assertThat(days.logVariance()).isCloseTo(0.52 * 0.04 + 0.36 * 0.01, within(1e-12));
  }

  /** Observed ÷ expected of days that move as a whole stays within the stated variance. */
  @Test
  void whole_days_that_move_together_are_covered() {
    Random random = new Random(8);
    int covered = 0;
    int runs = 2_000;
    for (int run = 0; run < runs; run++) {
      List<Hour> hours = new ArrayList<>();
      double observed = 0;
      double all = 0;
      for (int day = 0; day < 5; day++) {
        double factor = StrictMath.exp(0.2 * random.nextGaussian() - 0.02);
        for (int h = 0; h < 24; h++) {
          hours.add(new Hour(10 + h, 3, day, 0));
          observed += (10 + h) * 3 * factor;
          all += 10 + h;
        }
      }
      SeasonIndex index = SeasonIndex.of(hours, 0.04).orThrow();
      double error = StrictMath.log(observed / all / index.expected());
      covered += StrictMath.abs(error) < 1.96 * StrictMath.sqrt(index.logVariance()) ? 1 : 0;
    }
    assertThat(covered / (double) runs).isBetween(0.93, 0.97);
  }

  @Test
  void no_units_and_nothing_expected_cannot_be_said() {
    assertThat(detail(List.of())).isEqualTo("no unit among 0 hours");
    assertThat(detail(List.of(new Hour(0, 1, 0, 0)))).isEqualTo("no unit among 1 hours");
    assertThat(detail(List.of(new Hour(5, 0, 0, 0)))).isEqualTo("the baseline expects nothing");
    assertThatThrownBy(() -> new Hour(-1, 1, 0, 0)).hasMessageContaining("weight -1.0");
    assertThatThrownBy(() -> new Hour(1, Double.NaN, 0, 0)).hasMessageContaining("expected NaN");
    assertThatThrownBy(() -> new Hour(1, Double.POSITIVE_INFINITY, 0, 0))
        .hasMessageContaining("Infinity");
  }

  private static String detail(List<Hour> hours) {
    return ((Stated.CannotSay<SeasonIndex>) SeasonIndex.of(hours, 0.04)).detail();
  }
}
