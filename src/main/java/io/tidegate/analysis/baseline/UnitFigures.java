package io.tidegate.analysis.baseline;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.util.Map;

/**
 * A metric over the units of a history.
 *
 * @param mean per unit; of a ratio the ratio
 * @param variance between units; of a ratio of its linearised score
 * @param rate share of units with a number other than 0
 * @param denominator mean denominator per unit of a ratio; 1 elsewhere
 */
record UnitFigures(long units, double mean, double variance, double rate, double denominator) {

  /** Smallest size of an event, as a fraction of the mean per denominator. */
  private static final double SMALLEST_EVENT = 1e-3;

  /** Cannot say from fewer than two units, or without a denominator. */
  static Stated<UnitFigures> of(Map<Integer, HourCell> cells, boolean ratio) {
    UnitSums sums = new UnitSums();
    cells.values().forEach(cell -> sums.add(cell.followed()));
    if (sums.units() < 2) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, sums.units() + " units were followed");
    }
    double rate = (double) sums.unitsNonZero() / sums.units();
    double denominator = ratio ? sums.ratio().meanD() : 1;
    Stated<Moments> moments = ratio ? sums.ratio().score() : Stated.of(sums.moments());
    return moments.map(
        m -> new UnitFigures(m.n(), m.mean(), m.variance().orThrow(), rate, denominator));
  }

  /**
   * φ, what one event is worth if sums over units are taken as counts of events: the variance of a
   * sum over its mean, given the denominators. 1 − p of a 0/1 number, 1 of a Poisson count.
   */
  double event() {
    if (!(mean > 0)) {
      return 1;
    }
    return StrictMath.max(variance * denominator / mean, SMALLEST_EVENT * mean);
  }
}
