/** What history expects of a metric at an hour of the week, and of the units that bring it. */
@NullMarked
package io.tidegate.analysis.baseline;

import org.jspecify.annotations.NullMarked;
