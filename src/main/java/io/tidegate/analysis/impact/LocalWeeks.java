package io.tidegate.analysis.impact;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * The local days of a span of time, from a Monday on; seven of them are a week. Days of changing
 * clocks have the hours that they have.
 */
final class LocalWeeks {

  private static final int WEEK = 7;

  private final LocalDate monday;

  /** First instant of each day, and of the one after the last. */
  private final long[] starts;

  /** The weeks that hold any of the instants {@code fromMs} to before {@code toMs}. */
  LocalWeeks(long fromMs, long toMs, ZoneId zone) {
    LocalDate first = Instant.ofEpochMilli(fromMs).atZone(zone).toLocalDate();
    LocalDate last = Instant.ofEpochMilli(Math.max(fromMs, toMs - 1)).atZone(zone).toLocalDate();
    monday = first.minusDays(first.getDayOfWeek().getValue() - 1L);
    int weeks = (int) ((last.toEpochDay() - monday.toEpochDay()) / WEEK) + 1;
    starts = new long[WEEK * weeks + 1];
    for (int day = 0; day < starts.length; day++) {
      starts[day] = monday.plusDays(day).atStartOfDay(zone).toInstant().toEpochMilli();
    }
  }

  /** How many weeks. */
  int count() {
    return starts.length / WEEK;
  }

  /** Number of the day that holds an instant of the span; 0 is a Monday. */
  int dayOf(long timeMs) {
    int day = (int) Math.min(starts.length - 2, Math.max(0, (timeMs - starts[0]) / Cohort.DAY_MS));
    while (day > 0 && starts[day] > timeMs) {
      day--;
    }
    while (day < starts.length - 2 && starts[day + 1] <= timeMs) {
      day++;
    }
    return day;
  }

  static int weekOfDay(int day) {
    return day / WEEK;
  }

  int weekOf(long timeMs) {
    return weekOfDay(dayOf(timeMs));
  }

  /** First instant of a week. */
  long startMs(int week) {
    return starts[WEEK * week];
  }

  /** Instant at which a week is over. */
  long endMs(int week) {
    return starts[WEEK * (week + 1)];
  }

  /** Days from 1970-01-01 to the Monday of a week. */
  int epochDay(int week) {
    return (int) monday.plusWeeks(week).toEpochDay();
  }
}
