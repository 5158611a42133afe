package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.ExpectedLevel;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.MixShift;
import io.tidegate.stats.season.SeasonIndex;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.util.Map;
import java.util.TreeMap;

/**
 * The level of a metric among units of one stage, variant and segment, followed as long as the
 * baseline follows units.
 *
 * @param weight what the level is per: units, of a ratio denominators
 * @param mean the level
 * @param meanVariance squared standard error of it
 * @param season what the hours of entry made of it
 */
record StageLevel(
    long units, double weight, double mean, double meanVariance, Stated<SeasonIndex> season) {

  /** Cannot say of fewer than two units, or of a ratio without denominators. */
  static Stated<StageLevel> of(HourSums hours, boolean isRatio, ExpectedLevel expected) {
    UnitSums total = hours.total();
    if (total.units() < 2) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS, total.units() + " units were followed to the end");
    }
    Stated<Moments> score = isRatio ? total.ratio().score() : Stated.of(total.moments());
    return score.map(
        m ->
            new StageLevel(
                total.units(),
                isRatio ? denominators(total) : total.units(),
                m.mean(),
                m.meanVariance().orThrow(),
                season(hours, isRatio, expected)));
  }

  private static double denominators(UnitSums sums) {
    return sums.sumD().doubleValue() / UnitSums.SCALE;
  }

  /** As a group of a population, the season left in. */
  MixShift.Group raw() {
    return new MixShift.Group(units, weight, mean, meanVariance);
  }

  /** As a group of a population at the level of a usual week; the season must be known. */
  MixShift.Group seasonless() {
    double factor = 1 / season.orThrow().expected();
    return new MixShift.Group(units, weight, factor * mean, factor * factor * meanVariance);
  }

  /** Variance of the log of the level; 0 where the level is. */
  double logVariance() {
    return mean > 0 ? meanVariance / (mean * mean) : 0;
  }

  static Stated<SeasonIndex> season(HourSums hours, boolean isRatio, ExpectedLevel expected) {
    Map<Long, Double> weights = new TreeMap<>();
    hours
        .hours()
        .forEach(
            (hour, sums) ->
                weights.put(
                    hour * HistoryPlan.HOUR_MS, isRatio ? denominators(sums) : sums.units()));
    return expected.over(weights);
  }
}
