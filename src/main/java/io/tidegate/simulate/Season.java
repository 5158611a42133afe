package io.tidegate.simulate;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import java.util.List;

/** How traffic moves by week, day and hour, and what shocks do to it. */
final class Season {

  private static final double[] WEEKDAY = {1.00, 0.97, 0.96, 0.99, 1.04, 1.16, 1.12};
  private static final double[] HOUR = {
    9, 6, 4, 3, 3, 5, 10, 18, 26, 32, 36, 39, 42, 40, 38, 38, 40, 44, 50, 56, 58, 50, 34, 18
  };
  private static final double[] WEEKEND_HOUR = {
    14, 10, 7, 4, 3, 4, 6, 10, 18, 28, 38, 44, 46, 46, 46, 46, 46, 48, 50, 52, 52, 46, 34, 22
  };
  private static final int MONDAY_OFFSET = 3;

  private final SimulationConfig config;
  private final long startDay;

  Season(SimulationConfig config) {
    this.config = config;
    this.startDay = config.startMs() / DAY_MS;
  }

  /** Factor on the day's traffic without growth: weekday, holiday, shock at noon. */
  double ofDay(int day) {
    long epochDay = startDay + day;
    double holiday = config.holidays().getOrDefault(epochDay, 1.0);
    double shock = factor(Lever.TRAFFIC, epochDay * DAY_MS + DAY_MS / 2);
    return WEEKDAY[weekday(epochDay)] * holiday * shock;
  }

  /** Growth of the traffic since the start. */
  double growth(int day) {
    return StrictMath.pow(1 + config.growthPerWeek(), day / 7.0);
  }

  /** An instant of the day at which a unit of a time zone comes, in epoch milliseconds. */
  long visitMs(Draws draws, int day, int shiftHours) {
    long epochDay = startDay + day;
    int local = draws.pick(weekday(epochDay) >= 5 ? WEEKEND_HOUR : HOUR);
    long hour = Math.floorMod(local - shiftHours, 24);
    return epochDay * DAY_MS + hour * 3_600_000L + draws.between(0, 3_600_000L);
  }

  /** What shocks make of a lever at an instant. */
  double factor(Lever lever, long timeMs) {
    return factor(config.shocks(), lever, timeMs);
  }

  private static double factor(List<Shock> shocks, Lever lever, long timeMs) {
    double factor = 1;
    for (Shock shock : shocks) {
      if (shock.lever() == lever && timeMs >= shock.fromMs() && timeMs < shock.toMs()) {
        factor *= 1 + shock.relative();
      }
    }
    return factor;
  }

  /** 0 for Monday. */
  private static int weekday(long epochDay) {
    return (int) Math.floorMod(epochDay + MONDAY_OFFSET, 7L);
  }
}
