package io.tidegate.analysis.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.model.Assignment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselineSeriesTest {

  private static final HourBook.Segment DE = new HourBook.Segment("country", "DE");
  private static final long ONE = 1_000_000L;

  private static HistoryPlan plan(int hours) {
    HistoryRequest request =
        new HistoryRequest(
            Rollouts.START_MS,
            Rollouts.START_MS + hours * Rollouts.HOUR_MS,
            List.of(
                new Wanted(
                    "m",
                    List.of(new Series(0, "conversion"), new Series(2, "revenue")),
                    true,
                    List.of(),
                    Rollouts.START_MS)),
            List.of());
    return HistoryPlan.of(request, json -> Rollouts.spec("m", Assignment.MATCHED), Map.of());
  }

  private static List<BaselineRow> rows(HistoryPlan plan, String key, HourBook book) {
    List<BaselineRow> rows = new ArrayList<>();
    BaselineSeries.of(plan).rows(key, HourBook.read(book.write()), new HourBook(), rows::add);
    return rows;
  }

  private static BaselineRow row(List<BaselineRow> rows, String dimension, int hour) {
    return rows.stream()
        .filter(r -> r.dimension().equals(dimension) && r.hourOfWeek() == hour)
        .findFirst()
        .orElseThrow();
  }

  private static double rate(int hour) {
    return 0.3 + 0.1 * StrictMath.sin(2 * StrictMath.PI * hour / 24);
  }

  private static double traffic(int hour) {
    return 240 + 160 * StrictMath.cos(2 * StrictMath.PI * hour / 24);
  }

  /** Units enter and convert as said; One in 200 is of the segment, which converts half more. */
  private static HourBook conversion(int hours, long seed) {
    Random random = new Random(seed);
    HourBook book = new HourBook();
    for (int hour = 0; hour < hours; hour++) {
      double expected = traffic(hour) * UnitCohorts.share(hour);
      long units = StrictMath.round(expected + StrictMath.sqrt(expected) * random.nextGaussian());
      for (int u = 0; u < units; u++) {
        boolean inSegment = random.nextInt(200) == 0;
        boolean converts = random.nextDouble() < rate(hour) * (inSegment ? 1.5 : 1);
        add(book, HourBook.WHOLE, hour, converts);
        if (inSegment) {
          add(book, DE, hour, converts);
        }
      }
    }
    return book;
  }

  private static void add(HourBook book, HourBook.Segment segment, int hour, boolean converts) {
    book.cell(segment, hour).enter();
    book.cell(segment, hour).follow(converts ? ONE : 0, 0);
  }

  @Test
  void rates_and_traffic_of_every_hour_are_found() {
    int hours = 8 * 168;
    List<BaselineRow> rows = rows(plan(hours), "conversion", conversion(hours, 1));
    assertThat(rows).hasSize(2 * 169);
    int covered = 0;
    Random next = new Random(2);
    for (int hour = 0; hour < 168; hour++) {
      BaselineRow row = row(rows, "all", hour);
      assertThat(row.expected()).isCloseTo(rate(hour), within(0.07));
      // Quiet hours are drawn to the flat parent, by 20 events' worth.
      assertThat(row.unitsPerHour() / traffic(hour)).isCloseTo(1, within(0.25));
      long units = StrictMath.round(traffic(hour));
      long converted = next.doubles(units).filter(d -> d < rate(row.hourOfWeek())).count();
      double value = (double) converted / units;
      covered += value >= row.lower() && value <= row.upper() ? 1 : 0;
      assertThat(row.observations()).isBetween(7L, 8L);
      assertThat(row.provisional()).isFalse();
      assertThat(row.unitMean()).isNull();
    }
    assertThat(covered).isBetween(150, 168);
    BaselineRow week = row(rows, "all", BaselineRow.WHOLE_WEEK);
    assertThat(week.unitsPerHour()).isCloseTo(240, within(12.0));
    assertThat(week.unitVariance())
        .isCloseTo(week.unitMean() * (1 - week.unitMean()), within(1e-4));
    assertThat(week.expected()).isBetween(week.lower(), week.upper());
    assertThat(week.details())
        .contains("\"window_hours\": 24.0", "\"entry\": \"an exposure of m\"");
  }

  @Test
  void a_sparse_segment_has_its_own_level_and_the_profile_of_the_whole() {
    int hours = 8 * 168;
    List<BaselineRow> rows = rows(plan(hours), "conversion", conversion(hours, 3));
    double error = 0;
    for (int hour = 0; hour < 168; hour++) {
      error += StrictMath.abs(row(rows, "country", hour).expected() - 1.5 * rate(hour)) / 168;
    }
    // About one unit an hour: by itself the profile would be off by half.
    assertThat(error).isLessThan(0.08);
  }

  @Test
  void under_two_weeks_intervals_are_doubled_and_under_one_there_are_no_hours() {
    List<BaselineRow> firm = rows(plan(14 * 24), "conversion", conversion(14 * 24, 4));
    List<BaselineRow> few = rows(plan(13 * 24), "conversion", conversion(13 * 24, 4));
    assertThat(firm).noneMatch(BaselineRow::provisional);
    assertThat(few).allMatch(BaselineRow::provisional).hasSizeGreaterThan(169);
    assertThat(width(few) / width(firm)).isCloseTo(2, within(0.4));
    List<BaselineRow> none = rows(plan(6 * 24), "conversion", conversion(6 * 24, 4));
    assertThat(none).extracting(BaselineRow::hourOfWeek).containsOnly(BaselineRow.WHOLE_WEEK);
    assertThat(none.get(0).expected()).isNull();
    assertThat(none.get(0).unitMean()).isCloseTo(0.3, within(0.05));
  }

  private static double width(List<BaselineRow> rows) {
    double sum = 0;
    for (int hour = 0; hour < 168; hour++) {
      BaselineRow row = row(rows, "all", hour);
      sum += row.upper() - row.lower();
    }
    return sum;
  }

  @Test
  void money_has_a_log_normal_interval_that_holds_the_sampling_of_its_units() {
    int hours = 8 * 168;
    Random random = new Random(5);
    HourBook book = new HourBook();
    for (int hour = 0; hour < hours; hour++) {
      long units = StrictMath.round(traffic(hour) * UnitCohorts.share(hour));
      for (int u = 0; u < units; u++) {
        book.cell(HourBook.WHOLE, hour).enter();
        book.cell(HourBook.WHOLE, hour).follow(spent(random), 0);
      }
    }
    List<BaselineRow> rows = rows(plan(hours), "revenue", book);
    int covered = 0;
    for (int hour = 0; hour < 168; hour++) {
      BaselineRow row = row(rows, "all", hour);
      long units = StrictMath.round(traffic(hour));
      double sum = 0;
      for (int u = 0; u < units; u++) {
        sum += spent(random) / 1e6;
      }
      covered += sum / units >= row.lower() && sum / units <= row.upper() ? 1 : 0;
    }
    assertThat(covered).isBetween(148, 168);
  }

  /** A quarter of the units spend about 30. */
  private static long spent(Random random) {
    return random.nextInt(4) > 0
        ? 0
        : StrictMath.round(StrictMath.exp(3.2 + 0.6 * random.nextGaussian()) * ONE);
  }

  @Test
  void volumes_add_up_their_parts_and_small_segments_are_put_together() {
    HistoryPlan plan = plan(4 * 168);
    HourBook book = new HourBook();
    for (int hour = 0; hour < 4 * 168; hour++) {
      for (int part = 0; part < 2; part++) {
        book.add(HourBook.of(count(hour, "all", "*", 50), plan.request()));
        book.add(HourBook.of(count(hour, "city", "c" + hour % 90, 10), plan.request()));
      }
    }
    List<BaselineRow> rows = rows(plan, BaselineRow.volumeKey("visit"), book);
    assertThat(row(rows, "all", 17).expected()).isCloseTo(100, within(1e-6));
    assertThat(row(rows, "all", 17).lower()).isBetween(75.0, 85.0);
    assertThat(row(rows, "all", 17).unitsPerHour()).isNull();
    assertThat(rows.stream().map(BaselineRow::segment).distinct())
        .hasSize(2 + BaselineSeries.MOST_SEGMENTS)
        .contains("(other)");
    assertThat(rows).allMatch(r -> r.metric().equals("visit"));
  }

  private static List<BaselineRow> visits(IntToLongFunction countOfHour) {
    HistoryPlan plan = plan(8 * 168);
    List<Integer> hours = new ArrayList<>(IntStream.range(0, 8 * 168).boxed().toList());
    Collections.shuffle(hours, new Random(6));
    HourBook book = new HourBook();
    hours.forEach(
        hour ->
            book.add(
                HourBook.of(
                    count(hour, "all", "*", countOfHour.applyAsLong(hour)), plan.request())));
    return rows(plan, BaselineRow.volumeKey("visit"), book);
  }

  @Test
  void a_constant_in_any_order_is_itself_with_the_interval_of_a_count() {
    assertThat(visits(hour -> 7))
        .hasSize(169)
        .filteredOn(row -> row.hourOfWeek() >= 0)
        .allSatisfy(
            row -> {
              assertThat(row.expected()).isCloseTo(7, within(1e-6));
              assertThat(row.lower()).isEqualTo(2);
              assertThat(row.upper()).isEqualTo(13);
            });
  }

  @Test
  void of_nothing_but_zeros_nothing_is_expected() {
    assertThat(visits(hour -> 0)).allMatch(row -> row.expected() == null && row.upper() == null);
  }

  @Test
  void of_one_outcome_in_eight_weeks_the_weeks_without_one_count() {
    double oldest = Math.pow(0.5, 7 / 4.0);
    double weights = IntStream.range(0, 8).mapToDouble(age -> Math.pow(0.5, age / 4.0)).sum();
    assertThat(visits(hour -> hour == 100 ? 1 : 0))
        .filteredOn(row -> row.hourOfWeek() >= 0)
        .allMatch(row -> row.lower() == 0)
        .allMatch(row -> row.expected() < 1.1 * oldest / weights / 168);
  }

  /** A week in which nothing came of what comes often is an outage, not a low week. */
  @Test
  void weeks_without_an_outcome_count_where_chance_explains_them() {
    double often = expectedInWeek(visits(hour -> hour / 168 == 5 || hour % 14 > 0 ? 0 : 2));
    assertThat(often).isCloseTo(24, within(0.5));
    double rare = expectedInWeek(visits(hour -> hour % 168 == 30 && hour / 168 % 3 == 0 ? 2 : 0));
    assertThat(rare).as("two in every third week").isBetween(0.4, 0.9);
  }

  private static double expectedInWeek(List<BaselineRow> rows) {
    return rows.stream()
        .filter(row -> row.hourOfWeek() >= 0)
        .mapToDouble(BaselineRow::expected)
        .sum();
  }

  @Test
  void a_small_segment_has_the_rate_of_all_its_units() {
    int hours = 8 * 168;
    Random random = new Random(9);
    double sum = 0;
    for (int run = 0; run < 20; run++) {
      HourBook book = new HourBook();
      for (int hour = 0; hour < hours; hour++) {
        boolean converts = hour % 8 == 0 && random.nextDouble() < 0.05;
        if (hour % 8 == 0) {
          add(book, HourBook.WHOLE, hour, converts);
        }
      }
      sum += row(rows(plan(hours), "conversion", book), "all", BaselineRow.WHOLE_WEEK).expected();
    }
    assertThat(sum / 20).as("about one of 21 a week, none in every third").isBetween(0.04, 0.06);
  }

  @Test
  void what_is_below_zero_in_the_mean_has_figures_and_no_hours() {
    int hours = 4 * 168;
    HourBook book = new HourBook();
    for (int hour = 0; hour < hours; hour++) {
      for (long spent : new long[] {5, -20, 10}) {
        book.cell(HourBook.WHOLE, hour).enter();
        book.cell(HourBook.WHOLE, hour).follow(spent * ONE, 0);
      }
    }
    List<BaselineRow> rows = rows(plan(hours), "revenue", book);
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).expected()).isNull();
    assertThat(rows.get(0).unitMean()).isCloseTo(-5.0 / 3, within(1e-9));
  }

  @Test
  void units_with_money_without_a_rate_are_left_out_while_few_and_else_nothing_is_said() {
    int hours = 8 * 168;
    HourBook book = new HourBook();
    for (int hour = 0; hour < hours; hour++) {
      for (HourBook.Segment segment : List.of(HourBook.WHOLE, DE)) {
        for (int u = 0; u < 20; u++) {
          book.cell(segment, hour).enter();
          book.cell(segment, hour).follow(4 * ONE, 0);
        }
      }
    }
    List<BaselineRow> known = rows(plan(hours), "revenue", book);
    assertThat(known).hasSize(2 * 169);
    int few = hours * 20 / 100;
    refuse(book, few);
    List<BaselineRow> without = rows(plan(hours), "revenue", book);
    assertThat(without).hasSize(2 * 169);
    assertThat(row(without, "all", -1).expected())
        .isCloseTo(row(known, "all", -1).expected(), within(1e-9));
    assertThat(row(without, "all", -1).unitMean()).isEqualTo(4);
    assertThat(row(without, "all", -1).details()).contains("\"units_without_rate\": " + few);
    assertThat(row(without, "country", -1).details()).doesNotContain("without_rate");
    for (int u = 0; u < few; u++) {
      book.cell(DE, 400 + u % 7).refuse();
    }
    book.cell(DE, 400).refuse();
    List<BaselineRow> segment = rows(plan(hours), "revenue", book);
    assertThat(segment).as("of the segment one row, which says why").hasSize(169 + 1);
    assertThat(row(segment, "country", -1).details()).contains("\"reason\": \"NO_RATE: units");
    assertThat(row(segment, "country", -1).unitMean()).isNull();
    refuse(book, 1);
    List<BaselineRow> rows = rows(plan(hours), "revenue", book);
    assertThat(rows)
        .as("a row of the run that says so, of every segment too")
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.hourOfWeek()).isEqualTo(BaselineRow.WHOLE_WEEK);
              assertThat(row.expected()).isNull();
              assertThat(row.unitMean()).isNull();
              assertThat(row.unitVariance()).isNull();
              assertThat(row.unitsPerHour()).as("traffic is known").isGreaterThan(19);
              assertThat(row.details())
                  .contains(
                      "\"reason\": \"NO_RATE: units with a value in a currency without a rate to"
                          + " EUR: "
                          + (few + 1)
                          + "\"");
            });
  }

  private static void refuse(HourBook book, int units) {
    for (int u = 0; u < units; u++) {
      book.cell(HourBook.WHOLE, 400 + u % 7).enter();
      book.cell(HourBook.WHOLE, 400 + u % 7).refuse();
    }
  }

  private static HourlyCount count(int hour, String dimension, String segment, long count) {
    return new HourlyCount(
        Rollouts.START_MS + hour * Rollouts.HOUR_MS,
        "visit",
        dimension,
        segment,
        count,
        0,
        BigInteger.ZERO);
  }
}
