package io.tidegate.analysis.metric;

/**
 * Folds one unit's outcomes, given in event-time order, into the pair (y, d) that the unit adds to
 * a metric's sums. State is {@code slots()} longs inside an array that the caller owns, zero at
 * entry; y and d are fixed point ×10⁶.
 */
public interface UnitFold {

  /** Micros of 1. */
  long ONE = 1_000_000L;

  /** Longs of state a unit needs. */
  int slots();

  /**
   * Takes one outcome.
   *
   * @param ageMs time since the unit's exposure, ≥ 0
   */
  void outcome(long[] state, int at, OutcomeView outcome, long ageMs);

  /** Whether the state is sure to be the same in whatever order outcomes come. */
  default boolean takesAnyOrder() {
    return false;
  }

  /** The unit's number, or the numerator of a ratio. */
  long y(long[] state, int at);

  /**
   * The denominator of a ratio. Of a sum of money 1 where the unit had a value in a currency
   * without a rate. 0 for any other metric.
   */
  default long d(long[] state, int at) {
    return 0;
  }

  /**
   * Age from which a unit counts, because only then its number is final; 0: it counts from entry
   * on.
   */
  default long maturesAtMs() {
    return 0;
  }
}
