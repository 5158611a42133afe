/** How a unit's outcomes, in event-time order, become the numbers of a metric. */
@NullMarked
package io.tidegate.analysis.metric;

import org.jspecify.annotations.NullMarked;
