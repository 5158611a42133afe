package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import java.util.List;

/**
 * A robust multiplicative profile of a week, fitted to hourly history: E[y] = denominator × level
 * of the week × profile of the slot, the profile's mean being 1 (statistics.md §4).
 *
 * <p>Levels and profile are ratios of weighted sums, iterated; points far off their Pearson
 * residual are weighted down (Huber 1964), old weeks by half-life, and a slot with few events takes
 * its parent's shape (posterior mean of a gamma prior worth {@code shrinkage} events).
 *
 * @param profile factor per slot, mean 1
 * @param levels by week in ascending order; cannot say for a week without usable points
 * @param scale robust standard deviation of the Pearson residuals in the last pass
 * @param dispersion τ², the variance of log(y/μ) beyond Poisson, at least 0
 * @param halfLifeWeeks as fitted with
 */
public record SeasonFit(
    List<Double> profile,
    List<Stated<Double>> levels,
    double scale,
    double dispersion,
    double halfLifeWeeks) {

  /** Copies the lists. */
  public SeasonFit {
    profile = List.copyOf(profile);
    levels = List.copyOf(levels);
  }

  /**
   * How to fit.
   *
   * @param slots slots in a period, 168 for an hour-of-week profile
   * @param shrinkage κ, events the parent's profile is worth
   * @param huber residuals beyond this many robust standard deviations are weighted down
   * @param passes iterations at most
   * @param halfLifeWeeks age at which a week weighs half
   * @param fewEvents a bucket is not weighted down for being so many events off: where less than
   *     one is usual, each event is far off by its residual
   * @param tolerance no further pass once none of the factors and levels moved by more than this
   *     many of its standard errors; 0 for as many passes as could change a bit
   */
  public record Settings(
      int slots,
      double shrinkage,
      double huber,
      int passes,
      double halfLifeWeeks,
      double fewEvents,
      double tolerance) {
    /**
     * Hour of week, 20 events, 2.5 deviations, 6 passes, 4 weeks, 3 events, a tenth of an error.
     */
    public static final Settings HOUR_OF_WEEK =
        new Settings(HourOfWeek.SLOTS, 20, 2.5, 6, 4, 3, 0.1);

    /** Refuses settings out of range. */
    public Settings {
      if (slots < 1
          || passes < 1
          || !(shrinkage >= 0
              && huber > 0
              && halfLifeWeeks > 0
              && fewEvents >= 0
              && tolerance >= 0)) {
        throw new IllegalArgumentException(
            "slots %d, passes %d, shrinkage %s, huber %s, halfLifeWeeks %s, fewEvents %s, tolerance %s out of range"
                .formatted(slots, passes, shrinkage, huber, halfLifeWeeks, fewEvents, tolerance));
      }
    }
  }

  /**
   * Fits the profile; cannot say where no point is usable.
   *
   * @param parent profile to shrink to, one positive factor a slot (all 1 for a flat one)
   */
  public static Stated<SeasonFit> fit(SeasonHistory history, double[] parent, Settings settings) {
    return new SeasonFitter(settings).fit(history, 0, history.size(), parent);
  }
}
