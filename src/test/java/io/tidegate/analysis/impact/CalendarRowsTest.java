package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Effects that come and go with the calendar, not with age. */
class CalendarRowsTest {

  private static final int UNITS = 6_000;

  /** Thursday 1970-01-01 is day 0, so weeks begin on days −3, 4, 11 and 18. */
  @Test
  void anEffectOfOneWeek_isSeenInThatWeekOnly() {
    List<ImpactEstimate> rows =
        rows(
            LifeWorld.byCalendar(UNITS, 1, LifeWorld.DAYS, day -> day >= 11 && day < 18 ? 1.4 : 1));
    List<ImpactEstimate> weeks = of(rows, "revenue");
    assertThat(weeks).extracting(ImpactEstimate::ageDays).containsExactly(-3, 4, 11, 18);
    for (ImpactEstimate week : weeks) {
      boolean planted = week.ageDays() == 11;
      assertThat(excludesZero(week)).as("week from %d", week.ageDays()).isEqualTo(planted);
      assertThat(week.control()).isCloseTo(LifeWorld.PER_DAY, within(0.2));
    }
    ImpactEstimate hit = weeks.get(2);
    assertThat(hit.effectSize()).isCloseTo(0.4 * LifeWorld.PER_DAY, within(0.2));
    assertThat(hit.unitsControl()).isEqualTo(UNITS);
    assertThat(of(rows, "purchases")).filteredOn(CalendarRowsTest::excludesZero).hasSize(1);
    assertThat(of(rows, "d7")).filteredOn(CalendarRowsTest::excludesZero).hasSize(1);
  }

  @Test
  void units_countFromTheirEntryOn_aWeekThatGoesOnIsProvisional() {
    List<ImpactEstimate> weeks = of(rows(LifeWorld.byCalendar(1_000, 2, 23, day -> 1)), "revenue");
    // Waves of a tenth enter on days 0 to 9, four of them before the first Monday.
    assertThat(weeks.get(0).unitsControl()).isEqualTo(400);
    assertThat(weeks.get(1).unitsControl()).isEqualTo(1_000);
    assertThat(weeks)
        .extracting(ImpactEstimate::maturity)
        .containsExactly(Maturity.MATURE, Maturity.MATURE, Maturity.MATURE, Maturity.PROVISIONAL);
  }

  /** Of 200 worlds without an effect the range of a week leaves 0 in about one of twenty. */
  @Test
  void ranges_holdAsOftenAsTheySay() {
    int left = 0;
    int all = 0;
    for (int seed = 0; seed < 200; seed++) {
      for (ImpactEstimate week :
          of(rows(LifeWorld.byCalendar(200, 100 + seed, LifeWorld.DAYS, day -> 1)), "revenue")) {
        left += excludesZero(week) ? 1 : 0;
        all++;
      }
    }
    assertThat(all).isEqualTo(800);
    assertThat((double) left / all).isBetween(0.03, 0.072);
  }

  @Test
  void weeks_areOfTheLocalCalendar() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    long from = Instant.parse("2026-03-25T23:30:00Z").toEpochMilli();
    long to = Instant.parse("2026-04-05T22:00:00Z").toEpochMilli();
    LocalWeeks weeks = new LocalWeeks(from, to, berlin);
    assertThat(weeks.count()).isEqualTo(2);
    assertThat(weeks.dayOf(from)).isEqualTo(3);
    long monday = Instant.parse("2026-03-29T22:00:00Z").toEpochMilli();
    assertThat(weeks.weekOf(monday - 1)).isZero();
    assertThat(weeks.weekOf(monday)).isEqualTo(1);
    assertThat(weeks.endMs(0)).isEqualTo(monday);
    assertThat(weeks.endMs(0) - weeks.startMs(0)).isEqualTo(7 * Cohort.DAY_MS - 3_600_000);
    assertThat(java.time.LocalDate.ofEpochDay(weeks.epochDay(1))).hasToString("2026-03-30");
    for (long at = from; at < to; at += 1_800_000) {
      assertThat(weeks.epochDay(0) + weeks.dayOf(at))
          .isEqualTo((int) Instant.ofEpochMilli(at).atZone(berlin).toLocalDate().toEpochDay());
    }
  }

  private static boolean excludesZero(ImpactEstimate row) {
    return row.effectSizeLower() > 0 || row.effectSizeUpper() < 0;
  }

  private static List<ImpactEstimate> of(List<ImpactEstimate> rows, String metric) {
    return rows.stream()
        .filter(r -> r.metric().equals(metric) && r.aspect() == Aspect.CALENDAR)
        .filter(r -> r.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .toList();
  }

  private static List<ImpactEstimate> rows(SliceBook book) {
    View view = new View(book);
    return new CalendarRows(view, new EffectRows(view)).rows();
  }
}
