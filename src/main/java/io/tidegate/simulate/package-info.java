/** Synthetic rollouts with known truth. */
@NullMarked
package io.tidegate.simulate;

import org.jspecify.annotations.NullMarked;
