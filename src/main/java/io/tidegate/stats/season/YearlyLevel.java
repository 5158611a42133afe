package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.SeasonHistory.Point;
import java.util.Arrays;
import java.util.List;

/**
 * How a coming week's level moves with the time of the year, beyond what {@link SeasonForecast}
 * foretells: what the same rule missed at this time in each of the last two years. A year is 52
 * weeks, so that days of the week agree.
 */
public final class YearlyLevel {

  /** Years that must agree. */
  public static final int YEARS = 2;

  /** Weeks before the same week of an earlier year that are looked at, itself not counted. */
  public static final int WEEKS_BEFORE = SeasonForecast.SPAN + 1;

  /** Weeks looked at after those before. */
  public static final int WEEKS_AFTER = 2;

  /** Weeks of each year. */
  public static final int WEEKS = WEEKS_BEFORE + WEEKS_AFTER;

  private static final int NEIGHBOURS = 3;

  /** Standard errors by which the years' mean is drawn to 0. */
  private static final double ERRORS = 2;

  private YearlyLevel() {}

  /**
   * The factor on the level of the coming week. Of each year the median of what the forecasts of
   * the same week, the one before and the one after missed, as logs; of the two years the mean,
   * drawn to 0 by two standard errors: a third of the larger and less is nothing. Cannot say unless
   * each week of both years has a positive level.
   *
   * @param years hours of each year, weeks 0 to {@link #WEEKS} − 1, the week {@link #WEEKS_BEFORE}
   *     being the same as the one to come
   * @param profile factor per slot
   */
  public static Stated<Double> factor(List<List<Point>> years, List<Double> profile) {
    if (years.size() != YEARS) {
      return Stated.cannotSay(Reason.START_UP, years.size() + " earlier years");
    }
    double[] missed = new double[YEARS];
    for (int year = 0; year < YEARS; year++) {
      double[] logs = logLevels(years.get(year), profile);
      for (double log : logs) {
        if (!Double.isFinite(log)) {
          return Stated.cannotSay(Reason.START_UP, "a week of an earlier year has no level");
        }
      }
      missed[year] = missed(logs);
    }
    double mean = (missed[0] + missed[1]) / 2;
    double error = StrictMath.abs(missed[0] - missed[1]) / 2;
    double sure = StrictMath.max(0, StrictMath.abs(mean) - ERRORS * error);
    double factor = StrictMath.exp(StrictMath.copySign(sure, mean));
    return Stated.ofFinite(factor, factor);
  }

  private static double missed(double[] logs) {
    double[] errors = new double[NEIGHBOURS];
    for (int i = 0; i < NEIGHBOURS; i++) {
      double[] before = Arrays.copyOfRange(logs, i, i + SeasonForecast.SPAN);
      errors[i] = logs[i + SeasonForecast.SPAN] - SeasonForecast.logLevel(before, before.length, 1);
    }
    return Medians.median(errors);
  }

  /** Not finite of a week in which nothing was counted, or all is masked. */
  private static double[] logLevels(List<Point> hours, List<Double> profile) {
    double[] counts = new double[WEEKS];
    double[] usual = new double[WEEKS];
    for (Point hour : hours) {
      if (hour.week() < 0 || hour.week() >= WEEKS || hour.slot() >= profile.size()) {
        throw new IllegalArgumentException(
            "week %d and slot %d must be below %d and the profile's %d"
                .formatted(hour.week(), hour.slot(), WEEKS, profile.size()));
      }
      if (!hour.masked()) {
        counts[hour.week()] += hour.count();
        usual[hour.week()] += hour.denominator() * profile.get(hour.slot());
      }
    }
    double[] logs = new double[WEEKS];
    for (int w = 0; w < WEEKS; w++) {
      logs[w] = StrictMath.log(counts[w] / usual[w]);
    }
    return logs;
  }
}
