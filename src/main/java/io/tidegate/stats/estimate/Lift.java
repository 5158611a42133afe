package io.tidegate.stats.estimate;

import io.tidegate.stats.sequence.Interval;

/**
 * A relative change B/A − 1.
 *
 * @param lift as a fraction
 * @param interval of the lift
 */
public record Lift(double lift, Interval interval) {}
