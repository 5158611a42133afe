package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;

/**
 * A test's answer.
 *
 * @param shown whether the evidence has reached the level
 * @param logE natural log of the e-value (for harm the largest since it was last in doubt); 0 where
 *     nothing can be said
 * @param estimate the row that says it
 */
record Tested(Subject subject, boolean shown, double logE, double alpha, Estimate estimate) {}
