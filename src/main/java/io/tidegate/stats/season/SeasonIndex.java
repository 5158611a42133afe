package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the hours in which units came made of their level: the level that a baseline expects of
 * them, and how sure that is (statistics.md §4 "Use in a rollout"). Observed ÷ expected compares
 * between times.
 *
 * @param expected expected level, the hours weighted as observed; above 0
 * @param logVariance variance of the log of observed ÷ expected, sampling of the units left out
 */
public record SeasonIndex(double expected, double logVariance) {

  /**
   * An hour that units came in.
   *
   * @param weight units, of a ratio their denominators; at least 0
   * @param expected level that the baseline expects of them
   * @param day any number of the hour's day
   * @param error variance of the log of {@code expected}, from the history behind it
   */
  public record Hour(double weight, double expected, long day, double error) {
    /** Refuses what is no expectation. */
    public Hour {
      if (!(weight >= 0 && expected >= 0 && error >= 0)
          || Double.isInfinite(weight)
          || Double.isInfinite(expected)) {
        throw new IllegalArgumentException(
            "weight %s, expected %s, error %s must be finite and >= 0"
                .formatted(weight, expected, error));
      }
    }
  }

  /**
   * The expected level over hours, in the order given; cannot say without units or where nothing is
   * expected.
   *
   * @param spread τ², variance of the log of a single coming hour; whole days may move together, so
   *     it counts at least as if the days were the hours
   */
  public static Stated<SeasonIndex> of(List<Hour> hours, double spread) {
    if (!(spread >= 0)) {
      throw new IllegalArgumentException("spread " + spread + " must be >= 0");
    }
    double weight = 0;
    double expected = 0;
    Set<Long> days = new TreeSet<>();
    for (Hour hour : hours) {
      if (hour.weight > 0) {
        weight += hour.weight;
        expected += hour.weight * hour.expected;
        days.add(hour.day);
      }
    }
    if (!(weight > 0)) {
      return Stated.cannotSay(Reason.NO_DATA, "no unit among " + hours.size() + " hours");
    }
    if (!(expected > 0)) {
      return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "the baseline expects nothing");
    }
    double concentration = 0;
    double error = 0;
    for (Hour hour : hours) {
      double share = hour.weight * hour.expected / expected;
      concentration += share * share;
      error += share * share * hour.error;
    }
    double noise = spread * StrictMath.max(concentration, 1.0 / days.size());
    if (!Double.isFinite(noise + error) || !Double.isFinite(expected / weight)) {
      return Stated.cannotSay(
          Reason.OUT_OF_RANGE, "weights or variances beyond what a number holds");
    }
    return Stated.of(new SeasonIndex(expected / weight, noise + error));
  }
}
