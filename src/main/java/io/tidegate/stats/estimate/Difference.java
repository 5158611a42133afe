package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;

/**
 * An estimated difference B − A, absolute or relative.
 *
 * @param estimate in the metric's unit, or a fraction of |A| where relative
 * @param se its standard error, at least 0
 * @param test cannot say ({@code ZERO_VARIANCE}) where {@code se} = 0
 */
public record Difference(double estimate, double se, Stated<TTest> test) {}
