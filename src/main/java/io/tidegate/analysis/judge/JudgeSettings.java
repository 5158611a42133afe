package io.tidegate.analysis.judge;

import io.tidegate.model.Better;
import io.tidegate.model.Margin;

/**
 * How one metric of one test is judged.
 *
 * @param control name of the variant that the others are compared with
 * @param better direction in which the metric improves
 * @param alpha level of the intervals and of non-inferiority
 * @param alphaRollback false-rollback budget of the test, over its metrics and treatments
 * @param margin harm that must be ruled out to advance
 * @param rollback harm beyond which to roll back
 */
public record JudgeSettings(
    String control,
    Better better,
    double alpha,
    double alphaRollback,
    Margin margin,
    Margin rollback) {

  public JudgeSettings {
    checkLevel("alpha", alpha);
    checkLevel("alpha-rollback", alphaRollback);
    checkMargin("margin", better, margin);
    checkMargin("rollback", better, rollback);
  }

  private static void checkLevel(String name, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(name + " must lie in (0, 1), got " + level);
    }
  }

  private static void checkMargin(String name, Better better, Margin margin) {
    if (margin.relative() != null && margin.absolute() != null) {
      throw new IllegalArgumentException(name + " must be relative or absolute, not both");
    }
    if (better == Better.UP && margin.relative() != null && margin.relative() >= 1) {
      throw new IllegalArgumentException(
          name + " must be below 1 where larger values are better, got " + margin.relative());
    }
  }
}
