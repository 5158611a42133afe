package io.tidegate.analysis.decision;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;

/**
 * Levels of the tests behind an ADVANCE (statistics.md §2.10, {@code decision.levels}; Schultzberg,
 * Ankargren and Frånberg 2024).
 *
 * @param alphaSuccess alpha over the success metrics; cannot say without any
 * @param alphaGuardrail alpha itself: all guardrails must pass, so no correction
 * @param alphaDeteriorationEach the deterioration budget over its tests
 * @param betaEach chance of missing a needed bound that each may have for the power to hold overall
 */
public record DecisionLevels(
    Stated<Double> alphaSuccess,
    double alphaGuardrail,
    double alphaDeteriorationEach,
    double betaEach) {

  /**
   * Levels for a number of success metrics, guardrails and deterioration tests.
   *
   * @param beta overall chance of not advancing a good change
   */
  public static DecisionLevels of(
      int success,
      int guardrails,
      int deteriorationTests,
      double alpha,
      double beta,
      double alphaDeterioration,
      double alphaQuality) {
    int bounds = guardrails + (success > 0 ? 1 : 0);
    if (success < 0 || guardrails < 0 || deteriorationTests < 0 || bounds == 0) {
      throw new IllegalArgumentException(
          "counts must be >= 0 with a metric to decide on, got "
              + success
              + " success metrics, "
              + guardrails
              + " guardrails and "
              + deteriorationTests
              + " deterioration tests");
    }
    double betaEach = (beta - alphaDeterioration - alphaQuality) / bounds;
    if (!(betaEach > 0)) {
      throw new IllegalArgumentException(
          "beta " + beta + " leaves nothing after deterioration and quality");
    }
    return new DecisionLevels(
        success > 0
            ? Stated.of(alpha / success)
            : Stated.cannotSay(Reason.NO_DATA, "no success metric"),
        alpha,
        deteriorationTests > 0 ? alphaDeterioration / deteriorationTests : alphaDeterioration,
        betaEach);
  }
}
