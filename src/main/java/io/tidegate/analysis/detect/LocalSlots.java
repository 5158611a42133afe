package io.tidegate.analysis.detect;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.HashSet;
import java.util.Set;

/**
 * The local wall clock of a series: which hour of which kind of day a bucket is. Daylight saving is
 * the zone's: a skipped hour is absent, a repeated one occurs twice. Remembers the last day and
 * offset, so it is not thread-safe.
 */
final class LocalSlots {
  /** Hours of the seven weekdays and of a holiday. */
  static final int SLOTS = 192;

  /** Hours of the working day, Saturday, and Sunday or holiday. */
  static final int KINDS = 72;

  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;
  private static final int HOLIDAY = 7;

  private final ZoneRules rules;
  private final Set<Long> holidays = new HashSet<>();
  private final long stepMs;
  private long offsetFrom = 1;
  private long offsetTo;
  private long offsetMs;
  private long day = Long.MIN_VALUE;
  private int dayName;

  /**
   * The clock of buckets {@code stepMs} long.
   *
   * @param holidays local dates that are like Sundays
   */
  LocalSlots(ZoneId zone, Set<LocalDate> holidays, long stepMs) {
    rules = zone.getRules();
    holidays.forEach(each -> this.holidays.add(each.toEpochDay()));
    this.stepMs = stepMs;
  }

  /** Local days since 1970. */
  long day(long epochMs) {
    return Math.floorDiv(local(epochMs), DAY);
  }

  /** Locates the bucket that starts at {@code epochMs}. */
  void locate(long epochMs, Place place) {
    place.share = 0;
    if (stepMs > DAY) {
      place.slot = 0;
      place.kind = 0;
    } else if (stepMs == DAY) {
      at(local(epochMs + DAY / 2) - DAY / 2, place);
    } else if (stepMs >= HOUR) {
      at(local(epochMs), place);
    } else {
      long early = local(epochMs + stepMs / 2 - HOUR / 2);
      at(early + HOUR, place);
      place.nextSlot = place.slot;
      place.nextKind = place.kind;
      at(early, place);
      place.share = (double) Math.floorMod(early, HOUR) / HOUR;
    }
  }

  private void at(long localMs, Place place) {
    long of = Math.floorDiv(localMs, DAY);
    if (of != day) {
      day = of;
      dayName = holidays.contains(of) ? HOLIDAY : (int) Math.floorMod(of + 3, 7L);
    }
    int hour = stepMs == DAY ? 0 : (int) (Math.floorMod(localMs, DAY) / HOUR);
    int type = dayName < 5 ? 0 : dayName == 5 ? 1 : 2;
    place.slot = dayName * 24 + hour;
    place.kind = type * 24 + hour;
  }

  private long local(long epochMs) {
    if (epochMs < offsetFrom || epochMs >= offsetTo) {
      Instant at = Instant.ofEpochMilli(epochMs);
      offsetMs = rules.getOffset(at).getTotalSeconds() * 1000L;
      ZoneOffsetTransition next = rules.nextTransition(at);
      offsetFrom = epochMs;
      offsetTo = next == null ? Long.MAX_VALUE : next.toEpochSecond() * 1000;
    }
    return epochMs + offsetMs;
  }
}
