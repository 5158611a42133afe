package io.tidegate.analysis.detect;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/**
 * How to judge a series.
 *
 * @param zone whose wall clock the season follows
 * @param holidays local dates that are like Sundays
 * @param horizon rows ahead that each row was forecast from
 * @param falseAlarmEvery time in which one false alarm is accepted
 */
public record DetectorSettings(
    ZoneId zone, Set<LocalDate> holidays, int horizon, Duration falseAlarmEvery) {
  /** Largest horizon. */
  public static final int LARGEST_HORIZON = 50_000;

  /** One false alarm in 8 weeks. */
  public static final Duration EIGHT_WEEKS = Duration.ofDays(56);

  /** Refuses what is out of range. */
  public DetectorSettings {
    if (horizon < 1 || horizon > LARGEST_HORIZON || falseAlarmEvery.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException(
          "horizon %d must lie in [1, %d], falseAlarmEvery %s above 0"
              .formatted(horizon, LARGEST_HORIZON, falseAlarmEvery));
    }
    holidays = Set.copyOf(holidays);
  }

  /** One row ahead, no holidays, one false alarm in 8 weeks. */
  public static DetectorSettings in(ZoneId zone) {
    return new DetectorSettings(zone, Set.of(), 1, EIGHT_WEEKS);
  }
}
