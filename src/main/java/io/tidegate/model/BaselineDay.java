package io.tidegate.model;

/**
 * A day of a series as a run of the baseline folded it: one row of {@code baseline_days}.
 *
 * @param metricKey as of {@link BaselineRow}
 * @param dayMs start of the UTC day
 * @param revision number of the run; of a day's rows the highest holds
 * @param sums versioned bytes of integer sums by segment and hour
 */
public record BaselineDay(String metricKey, long dayMs, int revision, byte[] sums) {}
