package io.tidegate.analysis.alarm;

import io.tidegate.analysis.alarm.Departures.Usual;
import io.tidegate.stats.tail.Tails;
import java.time.Duration;

/**
 * Finds a lasting departure: the last one, two, four or seven days against as many days before,
 * each from what was expected a week ahead. What is usual is the series' own past, so that days
 * which are good or bad as a whole and a level that wanders are in it; few independent windows need
 * a larger departure (Student's t).
 */
final class LevelShift {

  private static final int[] DAYS = {1, 2, 4, 7};
  private static final int DAY = 24;

  /** Hours from one look to the next. */
  private static final int LOOK = 6;

  private static final double HOUR_MS = 3_600_000;
  private static final int FEWEST_WEEKS = 4;
  private static final int WEEK = 168;
  private static final int FEWEST_WINDOWS = 4;

  /** What no profile of a week is exact enough to tell from nothing. */
  private static final double SMALLEST = 0.005;

  private final double tail;
  private final double least;

  /**
   * @param falseAlarmEvery time in which one false alarm of the series is accepted; half of them
   *     are for shifts
   */
  LevelShift(Duration falseAlarmEvery) {
    tail = DAY * HOUR_MS / (2.0 * falseAlarmEvery.toMillis() * DAYS.length);
    least = Tails.normalUpperQuantile(tail / 2);
  }

  /** Whether the hours that end with one have shifted. */
  boolean fires(Departures departures, int hour) {
    if (hour % LOOK != LOOK - 1 || departures.known(hour) < FEWEST_WEEKS * WEEK) {
      return false;
    }
    for (int days : DAYS) {
      int hours = days * DAY;
      double now = departures.of(hour, hours);
      if (!(StrictMath.abs(now) > least * SMALLEST)) {
        continue;
      }
      Usual usual = Departures.usual(departures::of, hour, hours);
      double independent = (double) usual.windows() / days;
      double apart = StrictMath.abs(now) / StrictMath.hypot(usual.size(), SMALLEST);
      if (apart > least
          && independent >= FEWEST_WINDOWS
          && apart > Tails.studentUpperQuantile(tail / 2, independent - 1)) {
        return true;
      }
    }
    return false;
  }
}
