package io.tidegate.simulate;

/**
 * Something from outside that moves every variant alike during [fromMs, toMs).
 *
 * @param relative change of the lever as a fraction
 */
public record Shock(Lever lever, double relative, long fromMs, long toMs) {
  public Shock {
    if (fromMs >= toMs) {
      throw new IllegalArgumentException("a shock from " + fromMs + " to " + toMs + " is empty");
    }
    if (!(relative >= -1 && relative < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a shock is a number ≥ −1, not " + relative);
    }
  }
}
