package io.tidegate.analysis.baseline;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import io.tidegate.stats.season.SeasonHistory.Point;
import io.tidegate.stats.season.YearlyLevel;
import java.util.List;

/**
 * Weekly level with damped growth, moved by the time of the year where history tells, × robust
 * profile of the hours of a week (statistics.md §4).
 */
final class SeasonalWeek implements WeekModel {

  static final SeasonalWeek INSTANCE = new SeasonalWeek();

  /** τ² of one week of history, as of two: (m + 1)/(m − 1) at m = 2. */
  private static final double ONE_WEEK = 3;

  private static final SeasonFit.Settings SETTINGS = SeasonFit.Settings.HOUR_OF_WEEK;

  private SeasonalWeek() {}

  @Override
  public String name() {
    return "hour_of_week";
  }

  @Override
  public Stated<ExpectedWeek> fit(List<Point> hours, List<List<Point>> years, double[] parent) {
    return SeasonFit.fit(SeasonHistory.of(hours), parent, SETTINGS)
        .flatMap(
            fit ->
                SeasonForecast.of(fit, 1)
                    .map(ahead -> week(fit, ahead, YearlyLevel.factor(years, fit.profile()))));
  }

  private static ExpectedWeek week(SeasonFit fit, SeasonForecast ahead, Stated<Double> yearly) {
    Stated<Double> spread = ahead.dispersion();
    return new ExpectedWeek(
        yearly.said() ? ahead.level() * yearly.orThrow() : ahead.level(),
        fit.profile().stream().mapToDouble(Double::doubleValue).toArray(),
        spread.said() ? spread.orThrow() : ONE_WEEK * fit.dispersion(),
        ahead.levelSd() * ahead.levelSd() + fit.dispersion() / SETTINGS.slots(),
        fit.levels().stream().filter(Stated::said).count(),
        yearly.said() ? yearly.orThrow() : null);
  }
}
