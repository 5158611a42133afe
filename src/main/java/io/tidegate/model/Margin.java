package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * A tolerated or sought change as a fraction of control, as an absolute difference, or both; with
 * both the looser decides.
 *
 * @param relative fraction of control's value, ≥ 0, or null
 * @param absolute difference in the metric's unit, ≥ 0, or null
 */
public record Margin(@Nullable Double relative, @Nullable Double absolute) {

  /** No tolerance at all. */
  public static final Margin ZERO = new Margin(0.0, null);

  public Margin {
    if (relative == null && absolute == null) {
      throw new IllegalArgumentException("a margin needs relative, absolute or both");
    }
    check(relative, "relative");
    check(absolute, "absolute");
  }

  public static Margin relative(double fraction) {
    return new Margin(fraction, null);
  }

  private static void check(@Nullable Double part, String name) {
    if (part != null && !(part >= 0 && part < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " margin must be a number ≥ 0, not " + part);
    }
  }
}
