package io.tidegate.analysis.judge;

import io.tidegate.stats.Stated;

/**
 * The outcome of one test's sample-ratio check.
 *
 * @param test name of the test
 * @param units units of all variants
 * @param evidence the evidence, or why there is none
 * @param alpha level of the verdict
 */
public record SplitResult(String test, long units, Stated<Evidence> evidence, double alpha) {

  /**
   * Evidence against the declared split.
   *
   * @param logE natural log of the largest e-value so far, or of the current one where none was
   *     above 1
   * @param pValue the sequential p-value, the smallest so far
   * @param chiSquarePValue p-value of Pearson's test of the totals, valid for one look only
   */
  public record Evidence(double logE, double pValue, double chiSquarePValue) {}

  /** {@code ok}, {@code mismatch} or {@code cannot_say}. */
  public String verdict() {
    if (!evidence.said()) {
      return "cannot_say";
    }
    return evidence.orThrow().pValue() <= alpha ? "mismatch" : "ok";
  }
}
