package io.tidegate.analysis.impact;

import io.tidegate.analysis.metric.Money;
import io.tidegate.analysis.metric.OutcomeView;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.model.OutcomeFilter;

/**
 * A unit's total value as y and the size of its negative values (refunds, ≥ 0) as d; a value in a
 * currency without a rate is left out, for {@link Refusals} says so.
 */
record ValueAndRefunds(OutcomeFilter filter, Money money) implements UnitFold {

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
    if (UnitFolds.matches(filter, outcome)) {
      long found = money.micros(outcome);
      long value = found == Money.NO_RATE ? 0 : found;
      state[at] = Math.addExact(state[at], value);
      if (value < 0) {
        state[at + 1] = Math.subtractExact(state[at + 1], value);
      }
    }
  }

  @Override
  public long y(long[] state, int at) {
    return state[at];
  }

  @Override
  public long d(long[] state, int at) {
    return state[at + 1];
  }
}
