package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * Share of a stage cohort that came back at an age: one row of {@code retention_curves}. A null
 * number cannot be said; {@code reason} then tells why.
 *
 * @param epoch index of the stage in which the cohort entered
 * @param metric metric whose outcome counts as coming back
 * @param cohort {@code all}: every unit; {@code upgraded}: those that had been served control in an
 *     earlier stage of a {@code ramped} rollout
 * @param definition {@code exact}: within period {@code age}; {@code bounded}: in periods 1 to
 *     {@code age}; {@code unbounded}: in period {@code age} or later, final only in the limit;
 *     {@code rolling}: in the {@link #ABSENT_DAYS} days or {@link #ABSENT_WEEKS} weeks that end
 *     with period {@code age}; {@code returning}: within period {@code age} after none in as many
 *     periods before it; {@code first_return}: as bounded, and {@code not_lapsed}: no such stretch
 *     without activity has begun by period {@code age}, both by Kaplan–Meier, which takes in units
 *     not followed that far
 * @param period {@code day} (24 h) or {@code week} (7·24 h) since first exposure
 * @param age number of the period; 0 begins at the exposure
 * @param censoredAtMs instant at which the whole cohort is no longer followed
 * @param units units of the cohort
 * @param eligible units whose period {@code age} has fully passed before the censoring; of these,
 *     {@code returning}: those that were absent; of the Kaplan–Meier curves: units at risk
 * @param retained eligible units that came back; {@code not_lapsed}: that did not lapse in this
 *     period
 * @param rate retained over eligible; of the Kaplan–Meier curves the product over the ages
 * @param rateLower 95 % Wilson bound; of the curves Greenwood's, on the log(−log) scale
 * @param effectSize rate less control's; null for control, and where the units were chosen by what
 *     they did
 * @param effectSizeLower 95 % bound from the variants' own, by Zou and Donner 2008; of Wilson's
 *     that is Newcombe's
 * @param effectSizeLowerTogether bound at a level at which all bounds of the curve hold together at
 *     95 % (max-t); null where {@code effectSizeLower} is
 */
public record RetentionPoint(
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    String variant,
    String dimension,
    String segment,
    String metric,
    String cohort,
    String definition,
    String period,
    int age,
    Maturity maturity,
    Censoring censoring,
    long censoredAtMs,
    long units,
    long eligible,
    long retained,
    @Nullable Double rate,
    @Nullable Double rateLower,
    @Nullable Double rateUpper,
    @Nullable Double effectSize,
    @Nullable Double effectSizeLower,
    @Nullable Double effectSizeUpper,
    @Nullable Double effectSizeLowerTogether,
    @Nullable Double effectSizeUpperTogether,
    String reason) {

  public static final String EXACT = "exact";
  public static final String BOUNDED = "bounded";
  public static final String UNBOUNDED = "unbounded";
  public static final String ROLLING = "rolling";
  public static final String RETURNING = "returning";
  public static final String FIRST_RETURN = "first_return";
  public static final String NOT_LAPSED = "not_lapsed";
  public static final String EVERYONE = "all";
  public static final String UPGRADED = "upgraded";

  /** Days in a row without activity that make a unit absent. */
  public static final int ABSENT_DAYS = 7;

  /** Weeks in a row without activity that make a unit absent. */
  public static final int ABSENT_WEEKS = 4;

  public static final String DAY = "day";
  public static final String WEEK = "week";
}
