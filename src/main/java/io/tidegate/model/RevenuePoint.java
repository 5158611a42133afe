package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * Cumulative value per unit of a stage cohort by age: one row of {@code revenue_curves}. Money is
 * in the metric's currency. A null number cannot be said; {@code reason} then tells why.
 *
 * @param currency empty where the metric names none
 * @param ageDays value in the first {@code ageDays}·24 h since first exposure
 * @param unitsMature units whose first {@code ageDays} days have fully passed before the censoring;
 *     every figure is over these
 * @param mean capped value per unit
 * @param meanLower 95 % bound (Student)
 * @param uncappedMean value per unit without the cap; equal to {@code mean} where there is none
 * @param refundSum sum of negative values, ≤ 0
 * @param effectSize capped mean less control's; null for control
 * @param effectSizeLower 95 % Welch bound
 * @param effectSizeLowerTogether lower bound at a level at which all bounds of the curve hold
 *     together at 95 % (max-t)
 */
public record RevenuePoint(
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    String variant,
    String dimension,
    String segment,
    String metric,
    String currency,
    int ageDays,
    Maturity maturity,
    Censoring censoring,
    long censoredAtMs,
    long units,
    long unitsMature,
    @Nullable Double sum,
    @Nullable Double mean,
    @Nullable Double meanLower,
    @Nullable Double meanUpper,
    @Nullable Double uncappedSum,
    @Nullable Double uncappedMean,
    @Nullable Double refundSum,
    @Nullable Double effectSize,
    @Nullable Double effectSizeLower,
    @Nullable Double effectSizeUpper,
    @Nullable Double effectSizeLowerTogether,
    @Nullable Double effectSizeUpperTogether,
    @Nullable Double uncappedEffectSize,
    @Nullable Double uncappedEffectSizeLower,
    @Nullable Double uncappedEffectSizeUpper,
    String reason) {

  /** The same row without its numbers. */
  public RevenuePoint unsaid(String why) {
    return new RevenuePoint(
        rolloutId,
        attempt,
        epoch,
        stage,
        variant,
        dimension,
        segment,
        metric,
        currency,
        ageDays,
        maturity,
        censoring,
        censoredAtMs,
        units,
        unitsMature,
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
        null,
        null,
        null,
        null,
        why);
  }
}
