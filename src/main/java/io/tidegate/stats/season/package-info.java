/**
 * What history says a count should be at this hour, how sure that is, and when to raise an alarm.
 */
@NullMarked
package io.tidegate.stats.season;

import org.jspecify.annotations.NullMarked;
