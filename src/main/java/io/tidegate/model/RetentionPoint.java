package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * Share of a stage cohort that came back at an age: one row of {@code retention_curves}. A null
 * number cannot be said; {@code reason} then tells why.
 *
 * @param epoch index of the stage in which the cohort entered
 * @param metric metric whose outcome counts as coming back
 * @param definition {@code exact}: within period {@code age}; {@code bounded}: in periods 1 to
 *     {@code age}; {@code unbounded}: in period {@code age} or later, final only in the limit
 * @param period {@code day} (24 h) or {@code week} (7·24 h) since first exposure
 * @param age number of the period; 0 begins at the exposure
 * @param censoredAtMs instant at which the whole cohort is no longer followed
 * @param units units of the cohort
 * @param eligible units whose period {@code age} has fully passed before the censoring
 * @param retained eligible units that came back
 * @param rateLower 95 % Wilson bound
 * @param effectSize rate less control's; null for control
 * @param effectSizeLower 95 % Newcombe bound
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
    String reason) {

  public static final String EXACT = "exact";
  public static final String BOUNDED = "bounded";
  public static final String UNBOUNDED = "unbounded";
  public static final String DAY = "day";
  public static final String WEEK = "week";
}
