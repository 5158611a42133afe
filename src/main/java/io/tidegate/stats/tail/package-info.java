/**
 * Tail probabilities and quantiles of the distributions the tests refer to, accurate relative to
 * the tail itself.
 */
@NullMarked
package io.tidegate.stats.tail;

import org.jspecify.annotations.NullMarked;
