package io.tidegate.stats.sequence;

import io.tidegate.stats.tail.Tails;
import java.util.ArrayList;
import java.util.List;

/**
 * Do events carry the treatment's label more or less often than two null shares, and everything
 * between them, explain? For events whose labels follow one of two shares, and it is not known
 * which. Both tests are the less favourable over that range: their null probability grows towards
 * one of its ends.
 */
public final class LabelRange {

  private final List<LabelStratum> lowest = new ArrayList<>();
  private final List<LabelStratum> highest = new ArrayList<>();

  /**
   * Adds a stratum.
   *
   * @param share one null share of the treatment, in (0, 1)
   * @param other the other one, which may be the smaller
   */
  public void add(double share, double other, long eventsControl, long eventsTreatment) {
    lowest.add(new LabelStratum(StrictMath.min(share, other), eventsControl, eventsTreatment));
    highest.add(new LabelStratum(StrictMath.max(share, other), eventsControl, eventsTreatment));
  }

  public long eventsControl() {
    return lowest.stream().mapToLong(LabelStratum::eventsControl).sum();
  }

  public long eventsTreatment() {
    return lowest.stream().mapToLong(LabelStratum::eventsTreatment).sum();
  }

  /**
   * Natural log of the two-sided e-value, the mean of more often than the highest and less often
   * than the lowest share. The one-sided e-processes of {@link LabelTest} are such for their whole
   * half line of nulls.
   */
  public double logE() {
    return LogScale.logMean(
        LabelTest.logE(highest, 0, Side.GREATER), LabelTest.logE(lowest, 0, Side.LESS));
  }

  /**
   * Two-sided mid-p-value for one look; 1 without events. The events count half of their own
   * probability (Lancaster 1961): an exact p-value of a handful is far above its stated level. The
   * strata count as one with their mean share, which spreads the number most (Hoeffding 1956).
   */
  public double midP() {
    long control = eventsControl();
    long treated = eventsTreatment();
    long all = control + treated;
    if (all == 0) {
      return 1;
    }
    double fewer = midCdf(treated, all, meanShare(lowest, all));
    double more = midCdf(control, all, 1 - meanShare(highest, all));
    return StrictMath.min(1, 2 * StrictMath.min(fewer, more));
  }

  private static double midCdf(long events, long all, double share) {
    return 0.5
        * (Tails.binomialCdf(events - 1, all, share) + Tails.binomialCdf(events, all, share));
  }

  private static double meanShare(List<LabelStratum> strata, long events) {
    double treated = 0;
    for (LabelStratum stratum : strata) {
      treated += stratum.treatmentShare() * (stratum.eventsControl() + stratum.eventsTreatment());
    }
    return treated / events;
  }
}
