/** Alarms on what happens in all, gathered into incidents with their likeliest common cause. */
@NullMarked
package io.tidegate.analysis.alarm;

import org.jspecify.annotations.NullMarked;
