/**
 * What a rollout did in the long run: cohorts by first exposure, followed by age and censored
 * whole; retention, cumulative value and effects, from sums that merge by addition.
 */
@NullMarked
package io.tidegate.analysis.impact;

import org.jspecify.annotations.NullMarked;
