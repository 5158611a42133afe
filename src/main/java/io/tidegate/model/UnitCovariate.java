package io.tidegate.model;

/**
 * A unit's number of a metric over the days before an instant, from history: one row of {@code
 * unit_covariates}.
 *
 * @param metricKey hash of the metric's definition
 * @param beforeMs end of the window (exclusive): the first stage's entry
 * @param days length of the window
 * @param totalMicros numerator ×10⁶, capped as the metric is
 * @param denominatorMicros denominator ×10⁶ of a ratio; 0 elsewhere
 */
public record UnitCovariate(
    String unitId,
    String metricKey,
    String metric,
    long beforeMs,
    int days,
    long totalMicros,
    long denominatorMicros) {}
