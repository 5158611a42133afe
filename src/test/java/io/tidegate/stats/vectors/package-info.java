/**
 * The fields of the reference cases mapped to production calls, one class per group of methods; no
 * arithmetic.
 */
@NullMarked
package io.tidegate.stats.vectors;

import org.jspecify.annotations.NullMarked;
