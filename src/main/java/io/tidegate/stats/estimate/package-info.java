/**
 * Estimators and tests for one look at a fixed horizon: display and planning, never gates. Variant
 * A is control, B the treatment; differences are B − A.
 */
@NullMarked
package io.tidegate.stats.estimate;

import org.jspecify.annotations.NullMarked;
