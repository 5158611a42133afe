package io.tidegate.analysis.baseline;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.RareLevel;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import io.tidegate.stats.season.SeasonHistory.Point;
import io.tidegate.stats.season.YearlyLevel;
import java.util.List;

/**
 * Weekly level with damped growth, of what is rare the level of all weeks, moved by the time of the
 * year where history tells, × robust profile of the hours of a week (statistics.md §4).
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
    return SeasonFit.fit(SeasonHistory.of(hours, SETTINGS.slots()), parent, SETTINGS)
        .flatMap(
            fit ->
                SeasonForecast.of(fit, 1)
                    .map(
                        ahead ->
                            week(
                                fit,
                                ahead,
                                RareLevel.of(hours, fit.profile(), SETTINGS.halfLifeWeeks()),
                                YearlyLevel.factor(years, fit.profile()))));
  }

  private static ExpectedWeek week(
      SeasonFit fit, SeasonForecast ahead, Stated<RareLevel> rare, Stated<Double> yearly) {
    Stated<Double> spread = ahead.dispersion();
    double tested = ahead.levelSd() * ahead.levelSd();
    double level = rare.said() ? rare.orThrow().level() : ahead.level();
    double variance = rare.said() ? rare.orThrow().variance() : tested;
    return new ExpectedWeek(
        yearly.said() ? level * yearly.orThrow() : level,
        fit.profile().stream().mapToDouble(Double::doubleValue).toArray(),
        spread.said() ? spread.orThrow() - tested + variance : ONE_WEEK * fit.dispersion(),
        variance + fit.dispersion() / SETTINGS.slots(),
        fit.levels().stream().filter(Stated::said).count(),
        yearly.said() ? yearly.orThrow() : null);
  }
}
