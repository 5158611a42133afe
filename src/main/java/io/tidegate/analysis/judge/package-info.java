/** Always-valid verdicts and split checks on aggregates in time order, in bounded memory. */
@NullMarked
package io.tidegate.analysis.judge;

import org.jspecify.annotations.NullMarked;
