package io.tidegate.analysis.impact;

import io.tidegate.analysis.metric.OutcomeView;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.model.OutcomeFilter;

/** A unit's total value as y and the size of its negative values (refunds, ≥ 0) as d. */
record ValueAndRefunds(OutcomeFilter filter) implements UnitFold {

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
    if (UnitFolds.matches(filter, outcome)) {
      state[at] = Math.addExact(state[at], outcome.valueMicros());
      if (outcome.valueMicros() < 0) {
        state[at + 1] = Math.subtractExact(state[at + 1], outcome.valueMicros());
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
