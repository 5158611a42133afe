package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonHistory.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class YearlyLevelTest {

  private static final List<Double> PROFILE = List.of(0.5, 1.5);

  /** A year of 100 a bucket whose weeks from the coming one on are multiplied. */
  private static double[] year(double factor) {
    double[] weeks = new double[YearlyLevel.WEEKS];
    Arrays.fill(weeks, 100);
    for (int w = YearlyLevel.WEEKS_BEFORE; w < weeks.length; w++) {
      weeks[w] *= factor;
    }
    return weeks;
  }

  private static List<Point> hours(double[] weeks) {
    List<Point> hours = new ArrayList<>();
    for (int w = 0; w < weeks.length; w++) {
      for (int slot = 0; slot < PROFILE.size(); slot++) {
        hours.add(new Point(weeks[w] * PROFILE.get(slot), 1, slot, w, false));
      }
    }
    return hours;
  }

  private static Stated<Double> factor(double[] lastYear, double[] yearBefore) {
    return YearlyLevel.factor(List.of(hours(lastYear), hours(yearBefore)), PROFILE);
  }

  @Test
  void a_move_of_both_years_is_expected_again() {
    assertThat(factor(year(1.2), year(1.2)).orThrow()).isCloseTo(1.2, within(1e-12));
    assertThat(factor(year(0.7), year(0.7)).orThrow()).isCloseTo(0.7, within(1e-12));
    assertThat(factor(year(1), year(1)).orThrow()).isEqualTo(1);
  }

  @Test
  void years_that_differ_count_for_their_mean_less_two_standard_errors() {
    // 1.5 log 1.1 − 0.5 log 1.2
    double drawn = StrictMath.pow(1.1, 1.5) / StrictMath.sqrt(1.2);
    assertThat(factor(year(1.2), year(1.1)).orThrow()).isCloseTo(drawn, within(1e-12));
    assertThat(factor(year(1.1), year(1.2)).orThrow()).isCloseTo(drawn, within(1e-12));
    assertThat(factor(year(1 / 1.1), year(1 / 1.2)).orThrow()).isCloseTo(1 / drawn, within(1e-12));
  }

  @Test
  void what_one_year_alone_saw_is_not_expected() {
    assertThat(factor(year(2), year(1)).orThrow()).isEqualTo(1);
    assertThat(factor(year(1), year(2)).orThrow()).isEqualTo(1);
    assertThat(factor(year(1.3), year(0.8)).orThrow()).isEqualTo(1);
  }

  @Test
  void an_outage_or_a_burst_of_one_week_is_not_taken_for_the_season() {
    for (double factor : new double[] {0.1, 10}) {
      for (int w = 0; w < YearlyLevel.WEEKS; w++) {
        double[] hit = year(1);
        hit[w] *= factor;
        assertThat(factor(hit, hit).orThrow()).as("week %d × %s", w, factor).isEqualTo(1);
      }
    }
  }

  @Test
  void holidays_are_left_out() {
    List<Point> masked = new ArrayList<>(hours(year(1.2)));
    masked.set(18, new Point(0, 1, 0, YearlyLevel.WEEKS_BEFORE, true));
    double factor = YearlyLevel.factor(List.of(masked, masked), PROFILE).orThrow();
    assertThat(factor).isCloseTo(1.2, within(1e-12));
  }

  @Test
  void a_history_that_lacks_a_week_says_nothing() {
    for (int w = 0; w < YearlyLevel.WEEKS; w++) {
      double[] gap = year(1.2);
      gap[w] = 0;
      assertThat(factor(year(1.2), gap).said()).as("week %d", w).isFalse();
      assertThat(factor(gap, year(1.2)).said()).as("week %d", w).isFalse();
    }
    assertThat(YearlyLevel.factor(List.of(), PROFILE).said()).isFalse();
    assertThat(YearlyLevel.factor(List.of(hours(year(1.2))), PROFILE).said()).isFalse();
    assertThat(YearlyLevel.factor(List.of(List.of(), List.of()), PROFILE).said()).isFalse();
  }

  @Test
  void weeks_and_slots_out_of_range_are_refused() {
    for (int[] at : new int[][] {{-1, 0}, {YearlyLevel.WEEKS, 0}, {0, 2}}) {
      List<Point> hours = List.of(new Point(1, 1, at[1], at[0], false));
      assertThatThrownBy(() -> YearlyLevel.factor(List.of(hours, hours), PROFILE))
          .hasMessage(
              "week %d and slot %d must be below 11 and the profile's 2".formatted(at[0], at[1]));
    }
  }
}
