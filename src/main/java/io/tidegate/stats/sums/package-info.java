/**
 * Sums over units that merge by addition: exact integers for the jobs, double-double for
 * aggregates, and the immutable moments both turn into.
 */
@NullMarked
package io.tidegate.stats.sums;

import org.jspecify.annotations.NullMarked;
