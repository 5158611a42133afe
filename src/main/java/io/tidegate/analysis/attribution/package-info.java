/** Which exposure a unit counts by, and what its outcomes add to which sums. */
@NullMarked
package io.tidegate.analysis.attribution;

import org.jspecify.annotations.NullMarked;
