package io.tidegate.analysis.alarm;

import io.tidegate.stats.season.HourOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/**
 * Hours that follow one another, as the season sees them.
 *
 * @param startMs start of the first
 * @param slots hour of the week of each
 * @param quiet whether it lies on a day on which nothing alarms
 */
record Hours(long startMs, int[] slots, boolean[] quiet) {

  static final long HOUR_MS = 3_600_000L;

  static Hours of(long startMs, int count, ZoneId zone, Set<LocalDate> quietDays) {
    int[] slots = new int[count];
    boolean[] quiet = new boolean[count];
    for (int h = 0; h < count; h++) {
      long at = startMs + h * HOUR_MS;
      slots[h] = HourOfWeek.of(at, zone);
      quiet[h] = quietDays.contains(LocalDate.ofEpochDay(HourOfWeek.day(at, zone)));
    }
    return new Hours(startMs, slots, quiet);
  }

  int count() {
    return slots.length;
  }

  long startMs(int hour) {
    return startMs + hour * HOUR_MS;
  }
}
