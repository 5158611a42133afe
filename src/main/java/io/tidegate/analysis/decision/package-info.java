/** From bounds to a verdict: error budgets, the order of judgement, the next share of a ramp. */
@NullMarked
package io.tidegate.analysis.decision;

import org.jspecify.annotations.NullMarked;
