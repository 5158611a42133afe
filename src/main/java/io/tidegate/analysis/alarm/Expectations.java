package io.tidegate.analysis.alarm;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonFitter;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import java.util.Arrays;

/**
 * What the baseline expects of every hour, each week from the eight weeks before it (statistics.md
 * §4); NaN before two weeks are known and on quiet days.
 */
final class Expectations {

  private static final int WEEK = 168;
  private static final int HISTORY_WEEKS = 8;
  private static final int FEWEST_WEEKS = 2;

  private final float[] expected;
  private final float[] sd;

  private Expectations(int hours) {
    expected = new float[hours];
    sd = new float[hours];
    Arrays.fill(expected, Float.NaN);
  }

  /**
   * Fits every week.
   *
   * @param sums numerators of the hours; NaN where one has none
   * @param weights denominators; 1 of a number of outcomes
   */
  static Expectations of(double[] sums, double[] weights, Hours hours) {
    Expectations all = new Expectations(sums.length);
    double event = event(sums, weights);
    double[] flat = new double[WEEK];
    Arrays.fill(flat, 1);
    int first = 0;
    while (first < sums.length && Double.isNaN(sums[first])) {
      first++;
    }
    SeasonHistory history = new SeasonHistory(WEEK);
    SeasonFitter fitter = new SeasonFitter(SeasonFit.Settings.HOUR_OF_WEEK);
    int[] starts = new int[sums.length / WEEK + 1];
    for (int from = first; from < sums.length; from += WEEK) {
      int week = (from - first) / WEEK;
      int end = StrictMath.min(sums.length, from + WEEK);
      starts[week] = history.size();
      if (week >= FEWEST_WEEKS) {
        int oldest = starts[StrictMath.max(0, week - HISTORY_WEEKS)];
        Stated<SeasonFit> fit = fitter.fit(history, oldest, history.size(), flat);
        if (fit.said()) {
          Stated<SeasonForecast> ahead = SeasonForecast.of(fit.orThrow(), 1);
          if (ahead.said() && ahead.orThrow().dispersion().said()) {
            all.fill(fit.orThrow(), ahead.orThrow(), event, weights, hours, from, end);
          }
        }
      }
      for (int h = from; h < end; h++) {
        if (!Double.isNaN(sums[h])) {
          double count = StrictMath.max(0, sums[h]) / event;
          history.add(count, weights[h], hours.slots()[h], week, hours.quiet()[h]);
        }
      }
    }
    return all;
  }

  /** What a numerator is made of: 1 of a number of outcomes, their mean of values. */
  private static double event(double[] sums, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int h = 0; h < sums.length; h++) {
      if (!Double.isNaN(sums[h]) && weights[h] > 1) {
        sum += StrictMath.abs(sums[h]);
        weight += weights[h];
      }
    }
    return sum > 0 ? sum / weight : 1;
  }

  private void fill(
      SeasonFit fit,
      SeasonForecast ahead,
      double event,
      double[] weights,
      Hours hours,
      int from,
      int to) {
    double spread = ahead.dispersion().orThrow();
    for (int h = from; h < to; h++) {
      if (!hours.quiet()[h]) {
        double events = weights[h] * ahead.level() * fit.profile().get(hours.slots()[h]);
        expected[h] = (float) (event * events);
        sd[h] = (float) (event * StrictMath.sqrt(events + spread * events * events));
      }
    }
  }

  /** NaN where nothing can be said. */
  double expected(int hour) {
    return expected[hour];
  }

  /** Standard deviation of an hour around what was expected. */
  double sd(int hour) {
    return sd[hour];
  }
}
