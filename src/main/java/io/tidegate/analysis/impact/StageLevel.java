package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.MixShift;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonIndex;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final double PROVISIONAL_WEEKS = 2;

  /** Twice as wide. */
  private static final double PROVISIONAL = 4;

  /** Cannot say of fewer than two units, or of a ratio without denominators. */
  static Stated<StageLevel> of(HourSums hours, boolean isRatio, Expectation expectation) {
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
                expectation.of(hours, isRatio)));
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

  /**
   * What the baseline expects of a metric's hours, relative to a usual week.
   *
   * @param relativeVariance of a unit's number, squared coefficient of variation
   */
  record Expectation(
      Seasonal seasonal, Seasonal.@Nullable Profile profile, double relativeVariance) {

    static Expectation of(Resolved resolved, String metric) {
      Resolved.MetricBase base = resolved.base(metric);
      double relative =
          base == null || !(base.mean() > 0) ? 0 : base.variance() / (base.mean() * base.mean());
      return new Expectation(resolved.seasonal(), resolved.seasonal().profile(metric), relative);
    }

    Stated<SeasonIndex> of(HourSums hours, boolean isRatio) {
      if (profile == null) {
        return Stated.cannotSay(
            Reason.NO_DATA, "the rollout was defined without a baseline of the metric");
      }
      ZoneId zone = ZoneId.of(seasonal.zone());
      double weeks =
          SeasonForecast.effectiveWeeks(
              (int) StrictMath.ceil(seasonal.weeks()),
              SeasonFit.Settings.HOUR_OF_WEEK.halfLifeWeeks());
      List<SeasonIndex.Hour> found = new ArrayList<>();
      hours
          .hours()
          .forEach(
              (hour, sums) -> {
                long startMs = hour * HistoryPlan.HOUR_MS;
                int slot = HourOfWeek.of(startMs, zone);
                found.add(
                    new SeasonIndex.Hour(
                        isRatio ? denominators(sums) : sums.units(),
                        profile.expected().get(slot) / profile.level(),
                        HourOfWeek.day(startMs, zone),
                        error(slot, weeks)));
              });
      boolean provisional =
          seasonal.weeks() < PROVISIONAL_WEEKS
              || found.stream().anyMatch(hour -> seasonal.isHoliday(hour.day()));
      return SeasonIndex.of(found, profile.dispersion())
          .map(
              index ->
                  provisional
                      ? new SeasonIndex(index.expected(), PROVISIONAL * index.logVariance())
                      : index);
    }

    /** Variance of the log of an hour's expectation: of the units that it was learnt from. */
    private double error(int slot, double weeks) {
      double units = seasonal.unitsPerHour().isEmpty() ? 0 : seasonal.unitsPerHour().get(slot);
      return weeks > 0 ? relativeVariance / (weeks * StrictMath.max(1, units)) : 0;
    }
  }
}
