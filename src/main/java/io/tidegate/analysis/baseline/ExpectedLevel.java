package io.tidegate.analysis.baseline;

import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonIndex;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the baseline that a rollout froze expects of a metric in the hours in which units enter,
 * relative to a usual week.
 *
 * @param profile null where history does not know the metric
 * @param relativeVariance of a unit's number, squared coefficient of variation
 */
public record ExpectedLevel(
    Seasonal seasonal, Seasonal.@Nullable Profile profile, double relativeVariance) {

  /** Weeks below which a baseline is provisional. */
  public static final double FIRM_WEEKS = 2;

  /** Twice as wide. */
  private static final double PROVISIONAL = 4;

  public static ExpectedLevel of(Resolved resolved, String metric) {
    Resolved.MetricBase base = resolved.base(metric);
    double relative =
        base == null || !(base.mean() > 0) ? 0 : base.variance() / (base.mean() * base.mean());
    return new ExpectedLevel(resolved.seasonal(), resolved.seasonal().profile(metric), relative);
  }

  /**
   * The level to expect; cannot say without a baseline of the metric. Doubled where the baseline is
   * provisional or a day is a holiday.
   *
   * @param weights start of an hour → units that entered in it, of a ratio their denominators
   */
  public Stated<SeasonIndex> over(Map<Long, Double> weights) {
    Seasonal.Profile known = profile;
    if (known == null) {
      return Stated.cannotSay(
          Reason.NO_DATA, "the rollout was defined without a baseline of the metric");
    }
    ZoneId zone = ZoneId.of(seasonal.zone());
    double weeks =
        SeasonForecast.effectiveWeeks(
            (int) StrictMath.ceil(seasonal.weeks()),
            SeasonFit.Settings.HOUR_OF_WEEK.halfLifeWeeks());
    List<SeasonIndex.Hour> found = new ArrayList<>();
    weights.forEach(
        (hourMs, weight) -> {
          int slot = HourOfWeek.of(hourMs, zone);
          found.add(
              new SeasonIndex.Hour(
                  weight,
                  known.expected().get(slot) / known.level(),
                  HourOfWeek.day(hourMs, zone),
                  error(slot, weeks)));
        });
    boolean provisional =
        seasonal.weeks() < FIRM_WEEKS
            || found.stream().anyMatch(hour -> seasonal.isHoliday(hour.day()));
    return SeasonIndex.of(found, known.dispersion())
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
