package io.tidegate.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout did to a metric, by stage cohort and age or to date: one row of {@code
 * impact_reports}. A null number cannot be said; {@code reason} then tells why.
 *
 * @param epoch index of the stage in which the cohort entered; −1 for the rollout to date
 * @param stage name of it; {@code (all)} for the rollout to date
 * @param aspect what of it the row states
 * @param ageDays figures over the first {@code ageDays}·24 h of units that old; 0: to date, every
 *     unit at whatever age it has. Of a projection: the days after the data end. Of early, late and
 *     change: the days of which the thirds are, the figures being a day. Of after: the whole days
 *     since the end. Of holdout: the whole days since the launch. Of calendar: days from 1970-01-01
 *     to the Monday of the week
 * @param censoring what ends the cohort; for the rollout to date what ends its last cohort
 * @param method {@code welch}, {@code strata_mh} (strata added with Mantel–Haenszel weights) or
 *     {@code strata_mh_clustered} (variance from per-unit scores, since a unit may be in several
 *     stages), the first two with {@code _floored} where the smaller variant is taken to vary at
 *     least as the larger one, {@code cuped} or {@code bg_nbd_gamma_gamma}
 * @param alpha level of the two-sided bounds, which hold at one look
 * @param effectSizeLowerTogether bound at a level at which all bounds of the curve by age hold
 *     together at {@code alpha} (max-t); null but for what was observed by age
 * @param relEffectSizeLower Fieller's bound for one stratum, delta method over several
 */
public record ImpactEstimate(
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    String controlVariant,
    String treatmentVariant,
    String metric,
    String role,
    String kind,
    String dimension,
    String segment,
    Aspect aspect,
    int ageDays,
    Maturity maturity,
    Censoring censoring,
    long censoredAtMs,
    String method,
    double alpha,
    @Nullable Double control,
    @Nullable Double treatment,
    @Nullable Double effectSize,
    @Nullable Double effectSizeLower,
    @Nullable Double effectSizeUpper,
    @Nullable Double effectSizeLowerTogether,
    @Nullable Double effectSizeUpperTogether,
    @Nullable Double relEffectSize,
    @Nullable Double relEffectSizeLower,
    @Nullable Double relEffectSizeUpper,
    @Nullable Double pValue,
    long unitsControl,
    long unitsTreatment,
    String reason) {

  /** What a row states. */
  public enum Aspect {
    /** What was seen. */
    OBSERVED,
    /** What was seen, less what units' pasts explain (CUPED). */
    ADJUSTED,
    /** A day in the first third of the units' days. */
    EARLY,
    /** A day in the last third of them. */
    LATE,
    /** Late less early, within units. */
    CHANGE,
    /** A unit and day in one week of the calendar. */
    CALENDAR,
    /** A unit and day after the rollout ended. */
    AFTER,
    /** What was seen since the launch, of units given the change against those held out. */
    HOLDOUT,
    /** What a model expects after the data end. */
    PROJECTED;

    /** As written in tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same row without its numbers. */
  public ImpactEstimate unsaid(String why) {
    return new ImpactEstimate(
        rolloutId,
        attempt,
        epoch,
        stage,
        controlVariant,
        treatmentVariant,
        metric,
        role,
        kind,
        dimension,
        segment,
        aspect,
        ageDays,
        maturity,
        censoring,
        censoredAtMs,
        "",
        alpha,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        unitsControl,
        unitsTreatment,
        why);
  }

  /** Whether the row is what was seen of every unit so far. */
  public boolean isToDate() {
    return aspect == Aspect.OBSERVED && ageDays == TO_DATE_AGE;
  }

  public static final int TO_DATE_EPOCH = -1;
  public static final String ALL_STAGES = "(all)";
  public static final int TO_DATE_AGE = 0;
}
