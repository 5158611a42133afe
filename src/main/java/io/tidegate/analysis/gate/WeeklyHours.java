package io.tidegate.analysis.gate;

import io.tidegate.model.Seasonal;
import io.tidegate.stats.season.HourOfWeek;
import java.time.ZoneId;
import java.util.List;

/**
 * Numbers of every hour of the week.
 *
 * @param perHour Monday 00:00 first
 */
record WeeklyHours(List<Double> perHour, ZoneId zone) {

  private static final long WEEK_MS = Seasonal.HOURS * HourlyFlow.HOUR_MS;

  /** Number of the hour of an instant. */
  double at(long timeMs) {
    return perHour.get(HourOfWeek.of(timeMs, zone));
  }

  /** Sum over a span of time, parts of hours in proportion. */
  double sum(long fromMs, long toMs) {
    double week = 0;
    for (double hour : perHour) {
      week += hour;
    }
    double sum = Math.floorDiv(toMs - fromMs, WEEK_MS) * week;
    long atMs = toMs - Math.floorMod(toMs - fromMs, WEEK_MS);
    while (atMs < toMs) {
      long hourMs = Math.floorDiv(atMs, HourlyFlow.HOUR_MS) * HourlyFlow.HOUR_MS;
      long untilMs = Math.min(toMs, hourMs + HourlyFlow.HOUR_MS);
      sum += at(hourMs) * (untilMs - atMs) / HourlyFlow.HOUR_MS;
      atMs = untilMs;
    }
    return sum;
  }
}
