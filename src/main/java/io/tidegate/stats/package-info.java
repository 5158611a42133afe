/**
 * Mergeable sufficient statistics, estimators, tests and confidence sequences, free of any
 * framework.
 */
@NullMarked
package io.tidegate.stats;

import org.jspecify.annotations.NullMarked;
