package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.SeasonHistory.Point;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The level of a series so rare that chance leaves weeks without an event: events ÷ what they are
 * out of, over all weeks, old ones by half-life. {@link SeasonForecast} knows positive levels only;
 * without its empty weeks such a series would look too frequent.
 *
 * @param level events per denominator
 * @param variance of its log: Poisson, old weeks by half-life
 */
public record RareLevel(double level, double variance) {

  /** Chance of no event in a week, below which an empty week is an outage and not counted. */
  private static final double CHANCE = 0.001;

  /** Sums of a week, what is masked left out. */
  private record Week(double events, double base) {
    Week and(Week other) {
      return new Week(events + other.events, base + other.base);
    }
  }

  /**
   * Cannot say where no week is empty but by an outage, nor where all are: then there is no rare
   * level.
   *
   * <p>An {@link IllegalArgumentException} on a slot that the profile lacks, a factor below 0 or
   * not finite, and a half-life not above 0.
   *
   * @param hours in any order
   * @param profile factor per slot, mean 1
   */
  public static Stated<RareLevel> of(
      List<Point> hours, List<Double> profile, double halfLifeWeeks) {
    if (!(halfLifeWeeks > 0)) {
      throw new IllegalArgumentException("a half-life of " + halfLifeWeeks + " weeks, not above 0");
    }
    for (double factor : profile) {
      if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a profile's factor of " + factor);
      }
    }
    TreeMap<Integer, Week> weeks = new TreeMap<>();
    for (Point hour : hours) {
      if (hour.slot() < 0 || hour.slot() >= profile.size()) {
        throw new IllegalArgumentException(
            "slot " + hour.slot() + " of a profile of " + profile.size());
      }
      if (!hour.masked()) {
        double base = hour.denominator() * profile.get(hour.slot());
        weeks.merge(hour.week(), new Week(hour.count(), base), Week::and);
      }
    }
    weeks.values().removeIf(week -> !(week.base > 0));
    int newest = weeks.isEmpty() ? 0 : weeks.lastKey();
    double events = 0;
    double base = 0;
    double squares = 0;
    for (Map.Entry<Integer, Week> week : weeks.entrySet()) {
      double weight = StrictMath.pow(0.5, (newest - week.getKey()) / halfLifeWeeks);
      events += weight * week.getValue().events;
      squares += weight * weight * week.getValue().events;
      base += weight * week.getValue().base;
    }
    if (!(events > 0)) {
      return Stated.cannotSay(Reason.NO_DATA, "no event in " + weeks.size() + " weeks");
    }
    double level = events / base;
    boolean rare = false;
    for (Week week : weeks.values()) {
      if (week.events == 0) {
        if (StrictMath.exp(-level * week.base) < CHANCE) {
          return Stated.cannotSay(Reason.OUT_OF_RANGE, "a week is empty against all chance");
        }
        rare = true;
      }
    }
    return rare
        ? Stated.of(new RareLevel(level, squares / (events * events)))
        : Stated.cannotSay(Reason.OUT_OF_RANGE, "no week is empty");
  }
}
