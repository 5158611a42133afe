package io.tidegate.stats.season;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** The 168 slots of a week by the local wall clock. */
public final class HourOfWeek {
  /** Slots in a week. */
  public static final int SLOTS = 168;

  private HourOfWeek() {}

  /**
   * Monday 00:xx local is 0, Sunday 23:xx local 167. Daylight saving is the zone's: a skipped hour
   * is absent, a repeated one occurs twice; zones off by half an hour keep their local hour.
   */
  public static int of(long epochMs, ZoneId zone) {
    ZonedDateTime local = Instant.ofEpochMilli(epochMs).atZone(zone);
    return (local.getDayOfWeek().getValue() - 1) * 24 + local.getHour();
  }

  /** Days since 1970-01-01 of the local date. */
  public static long day(long epochMs, ZoneId zone) {
    return Instant.ofEpochMilli(epochMs).atZone(zone).toLocalDate().toEpochDay();
  }
}
