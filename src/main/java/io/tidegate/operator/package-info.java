/** Flink functions: state, timers and metrics, without arithmetic of their own. */
@NullMarked
package io.tidegate.operator;

import org.jspecify.annotations.NullMarked;
