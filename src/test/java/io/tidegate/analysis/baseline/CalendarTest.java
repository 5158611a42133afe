package io.tidegate.analysis.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.baseline.HistoryRequest.Calendar;
import io.tidegate.model.Assignment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import io.tidegate.stats.season.HourOfWeek;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A shop in New York that opens from nine to five by its own clock, across a clock change. */
class CalendarTest {

  private static final String NEW_YORK = "America/New_York";

  /** Clocks go forward on 8 March 2026. */
  private static final long START = Instant.parse("2026-02-09T00:00:00Z").toEpochMilli();

  private static final int WEEKS = 7;

  private static final LocalDate HOLIDAY = LocalDate.of(2026, 3, 17);

  private static List<BaselineRow> learn(Calendar calendar) {
    HistoryRequest request =
        new HistoryRequest(
            START,
            START + WEEKS * 7 * Rollouts.DAY_MS,
            List.of(),
            List.of(),
            calendar,
            HistoryRequest.Kept.nothing(START));
    HistoryPlan plan =
        HistoryPlan.of(request, json -> Rollouts.spec("m", Assignment.MATCHED), Map.of());
    HourBook book = new HourBook();
    for (int hour = 0; hour < request.hours(); hour++) {
      long startMs = START + hour * Rollouts.HOUR_MS;
      var local = Instant.ofEpochMilli(startMs).atZone(ZoneId.of(NEW_YORK));
      boolean closed = local.toLocalDate().equals(HOLIDAY);
      int count = !closed && local.getHour() >= 9 && local.getHour() < 17 ? 1_000 : 100;
      book.add(
          HourBook.of(
              new HourlyCount(startMs, "visit", "all", "*", count, 0, BigInteger.ZERO), request));
    }
    List<BaselineRow> rows = new ArrayList<>();
    BaselineSeries.of(plan).rows(BaselineRow.volumeKey("visit"), book, new HourBook(), rows::add);
    return rows;
  }

  private static BaselineRow at(List<BaselineRow> rows, int hourOfWeek) {
    return rows.stream().filter(r -> r.hourOfWeek() == hourOfWeek).findFirst().orElseThrow();
  }

  @Test
  void opening_hours_keep_their_place_across_the_clock_change() {
    List<BaselineRow> local = learn(new Calendar(NEW_YORK, List.of()));
    assertThat(at(local, 8).expected()).isCloseTo(100, within(10.0));
    assertThat(at(local, 9).expected()).isCloseTo(1_000, within(50.0));
    assertThat(at(local, 16).expected()).isCloseTo(1_000, within(50.0));
    assertThat(at(local, 17).expected()).isCloseTo(100, within(10.0));
    assertThat(at(local, 9).details()).contains("\"time_zone\": \"America/New_York\"");
    // In UTC the first opening hour is 14 before the change and 13 after it: neither fits.
    List<BaselineRow> utc = learn(Calendar.PLAIN);
    assertThat(at(utc, 13).expected()).isBetween(150.0, 950.0);
    // The hour that the clock skips on Sunday is missing once.
    assertThat(at(local, 6 * 24 + 2).observations()).isEqualTo(WEEKS - 1);
  }

  @Test
  void holidays_are_left_out_and_those_to_come_are_told() {
    long coming = LocalDate.of(2026, 7, 4).toEpochDay();
    Calendar calendar = new Calendar(NEW_YORK, List.of(coming, HOLIDAY.toEpochDay()));
    List<BaselineRow> rows = learn(calendar);
    int tuesdayNoon = 24 + 12;
    assertThat(at(rows, tuesdayNoon).observations()).isEqualTo(WEEKS - 1);
    assertThat(at(rows, tuesdayNoon + 24).observations()).isEqualTo(WEEKS);
    assertThat(at(rows, BaselineRow.WHOLE_WEEK).details())
        .contains("\"holidays\": [" + coming + "]");
    long evening = Instant.parse("2026-07-05T03:00:00Z").toEpochMilli();
    assertThat(calendar.isHoliday(evening)).as("still the fourth in New York").isTrue();
    assertThat(calendar.hourOfWeek(evening)).isEqualTo(HourOfWeek.of(evening, ZoneId.of(NEW_YORK)));
  }

  @Test
  void unknown_zone_is_refused() {
    assertThatThrownBy(() -> new Calendar("Mars/Base", List.of()))
        .hasMessageContaining("Mars/Base");
  }
}
