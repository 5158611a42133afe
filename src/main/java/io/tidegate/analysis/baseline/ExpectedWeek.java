package io.tidegate.analysis.baseline;

import io.tidegate.stats.season.CountInterval;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.CountDistribution;
import io.tidegate.stats.tail.Tails;
import org.jspecify.annotations.Nullable;

/**
 * The week after the history: an hour with denominator d is expected to have d × level × profile
 * events, with variance μ + τ²μ².
 *
 * @param level events per denominator, at least 0
 * @param profile factor per hour of the week, mean 1
 * @param spread τ², of a single hour
 * @param weekSpread variance of the log of a whole week's total, sampling left out
 * @param weeks weeks of history with a level
 * @param yearly factor of the time of the year, in the level; null where history is too short
 */
record ExpectedWeek(
    double level,
    double[] profile,
    double spread,
    double weekSpread,
    double weeks,
    @Nullable Double yearly) {

  /** Coverage of the intervals is 1 − this. */
  static final double ALPHA = 0.05;

  double expected(int hourOfWeek) {
    return level * profile[hourOfWeek];
  }

  /** Interval of a number of events: negative binomial. */
  static Interval counts(double mean, double spread) {
    return CountInterval.of(new CountDistribution(mean, spread), ALPHA);
  }

  /** Interval of a sum of values worth {@code mean} events: log-normal. */
  static Interval values(double mean, double spread) {
    double reach =
        Tails.normalUpperQuantile(ALPHA / 2) * StrictMath.sqrt(StrictMath.log1p(1 / mean + spread));
    return new Interval(mean * StrictMath.exp(-reach), mean * StrictMath.exp(reach));
  }

  /** An interval twice as far from what is expected; not below 0. */
  static Interval doubled(double mean, Interval interval) {
    return new Interval(
        StrictMath.max(0, mean - 2 * (mean - interval.lower())),
        mean + 2 * (interval.upper() - mean));
  }
}
