package io.tidegate.analysis.baseline;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonHistory.Point;
import io.tidegate.stats.season.YearlyLevel;
import java.util.List;

/** How hourly history becomes what to expect in the week after it. */
interface WeekModel {

  /** Name of the model, as {@code estimator} in the table. */
  String name();

  /**
   * Fits hours of the history and looks one week ahead; cannot say where no hour is usable or
   * nothing ever happened.
   *
   * @param years the same weeks of earlier years, as {@link YearlyLevel#factor} wants them; empty
   *     for none
   * @param parent factor per hour of the week of the series that this is a part of; flat for none
   */
  Stated<ExpectedWeek> fit(List<Point> hours, List<List<Point>> years, double[] parent);
}
