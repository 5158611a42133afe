package io.tidegate.analysis.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Assignment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Volumes of three years, forecast a week ahead through the third with and without the year. Over
 * 20 series the log of the week is off by 0.050 and 0.062 with a wave of 40 %, 0.044 and 0.094 with
 * a busy season of six weeks, 0.0357 and 0.0350 with nothing.
 */
class YearlyBaselineTest {

  private static final int SLOTS = 168;
  private static final int FIRST = 2 * 52 + 9;
  private static final int WEEKS = FIRST + 52;
  private static final int SERIES = 6;
  private static final String VISITS = BaselineRow.volumeKey("visit");

  /** Counts by week and hour: growth, a level that wanders by 3 % a week, a wave of the day. */
  private static long[][] series(long seed, IntToDoubleFunction logOfWeek) {
    Random random = new Random(seed);
    long[][] counts = new long[WEEKS][SLOTS];
    double wander = 0;
    for (int week = 0; week < WEEKS; week++) {
      wander = 0.5 * wander + 0.03 * StrictMath.sqrt(0.75) * random.nextGaussian();
      double level =
          400 * StrictMath.exp(0.002 * week + wander + logOfWeek.applyAsDouble(week % 52));
      for (int hour = 0; hour < SLOTS; hour++) {
        double mean = level * (1 + 0.6 * StrictMath.sin(2 * StrictMath.PI * hour / 24));
        counts[week][hour] =
            StrictMath.max(
                0, StrictMath.round(mean + StrictMath.sqrt(mean) * random.nextGaussian()));
      }
    }
    return counts;
  }

  private static HistoryRequest before(int week, int weeks) {
    long weekMs = HistoryPlan.WEEK_MS;
    long endMs = Rollouts.START_MS + week * weekMs;
    return new HistoryRequest(endMs - weeks * weekMs, endMs, List.of(), List.of());
  }

  /** The rows learnt before a week; {@code since} is the first week archived. */
  private static List<BaselineRow> rows(long[][] counts, int week, int since) {
    HistoryRequest request = before(week, 8);
    HourBook book = new HourBook();
    HourBook earlier = new HourBook();
    for (int w = since; w < StrictMath.min(counts.length, week); w++) {
      for (int hour = 0; hour < SLOTS; hour++) {
        long startMs = Rollouts.START_MS + (w * (long) SLOTS + hour) * Rollouts.HOUR_MS;
        if (request.covers(startMs) || request.coversEarlier(startMs)) {
          HourlyCount count =
              new HourlyCount(startMs, "visit", "all", "*", counts[w][hour], 0, BigInteger.ZERO);
          (request.covers(startMs) ? book : earlier).add(HourBook.of(count, request));
        }
      }
    }
    HistoryPlan plan =
        HistoryPlan.of(request, json -> Rollouts.spec("m", Assignment.MATCHED), Map.of());
    List<BaselineRow> rows = new ArrayList<>();
    BaselineSeries.of(plan).rows(VISITS, book, earlier, rows::add);
    return rows;
  }

  private static BaselineRow whole(List<BaselineRow> rows) {
    return rows.get(0);
  }

  private static double mean(long[] hours) {
    double sum = 0;
    for (long hour : hours) {
      sum += hour;
    }
    return sum / SLOTS;
  }

  /** Root mean squared errors of the log of the weekly mean, and shares of weeks covered. */
  private record Errors(double with, double without, double covered, double coveredWithout) {}

  private static Errors errors(IntToDoubleFunction logOfWeek) {
    double with = 0;
    double without = 0;
    double covered = 0;
    double coveredWithout = 0;
    for (int s = 0; s < SERIES; s++) {
      long[][] counts = series(s, logOfWeek);
      for (int week = FIRST; week < WEEKS; week++) {
        double log = StrictMath.log(mean(counts[week]));
        BaselineRow row = whole(rows(counts, week, 0));
        double aside = log - StrictMath.log(row.expected());
        BaselineRow eight = whole(rows(counts, week, week - 8));
        double plain = log - StrictMath.log(eight.expected());
        with += aside * aside;
        without += plain * plain;
        covered += covers(row, log);
        coveredWithout += covers(eight, log);
      }
    }
    double weeks = SERIES * (WEEKS - FIRST);
    return new Errors(
        StrictMath.sqrt(with / weeks),
        StrictMath.sqrt(without / weeks),
        covered / weeks,
        coveredWithout / weeks);
  }

  private static int covers(BaselineRow row, double log) {
    return log >= StrictMath.log(row.lower()) && log <= StrictMath.log(row.upper()) ? 1 : 0;
  }

  private static double wave(int week) {
    return 0.4 * StrictMath.sin(2 * StrictMath.PI * week / 52);
  }

  @Test
  void a_yearly_wave_is_forecast_better_than_without_it() {
    Errors errors = errors(YearlyBaselineTest::wave);
    assertThat(errors.with() / errors.without()).as("%s", errors).isLessThan(0.87);
    assertThat(errors.covered()).as("%s", errors).isGreaterThan(errors.coveredWithout() - 0.02);
  }

  @Test
  void a_busy_season_is_forecast_better_than_without_it() {
    Errors errors = errors(week -> week >= 20 && week < 26 ? 0.3 : 0);
    assertThat(errors.with() / errors.without()).as("%s", errors).isLessThan(0.6);
    assertThat(errors.covered()).as("%s", errors).isGreaterThan(errors.coveredWithout() - 0.02);
  }

  @Test
  void a_series_without_a_year_is_forecast_about_as_well() {
    Errors errors = errors(week -> 0);
    assertThat(errors.with() / errors.without()).as("%s", errors).isLessThan(1.04);
    assertThat(errors.covered()).as("%s", errors).isGreaterThan(errors.coveredWithout() - 0.02);
  }

  @Test
  void a_history_under_two_years_and_nine_weeks_says_what_eight_weeks_say() {
    long[][] counts = series(1, YearlyBaselineTest::wave);
    int week = FIRST + 39;
    List<BaselineRow> eight = rows(counts, week, week - 8);
    assertThat(eight).hasSize(169);
    assertThat(whole(eight).details()).doesNotContain("yearly");
    assertThat(rows(counts, week, week - 52 - 9)).isEqualTo(eight);
    assertThat(rows(counts, week, week - 2 * 52 - 8)).isEqualTo(eight);
    List<BaselineRow> years = rows(counts, week, week - 2 * 52 - 9);
    assertThat(years).hasSize(169).doesNotContainAnyElementsOf(eight);
    double factor = years.get(1).expected() / eight.get(1).expected();
    for (int i = 0; i <= SLOTS; i++) {
      assertThat(years.get(i).expected() / eight.get(i).expected()).isCloseTo(factor, within(1e-9));
    }
    assertThat(whole(years).details()).contains("\"yearly\": ");
  }
}
