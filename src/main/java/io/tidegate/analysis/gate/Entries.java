package io.tidegate.analysis.gate;

import java.util.Arrays;

/** Units of a dimension by segment, over all variants: in a process so far, and lately. */
final class Entries {

  private final long[] ever;
  private final long[] lately;

  private Entries(int segments) {
    ever = new long[segments];
    lately = new long[segments];
  }

  static Entries of(GateState state, StageProcess process, long boundaryMs, int dimension) {
    Entries entries = new Entries(process.plan().segmentCount(dimension));
    for (int s = 0; s < entries.ever.length; s++) {
      for (int v = 0; v < process.strata().get(0).shares().size(); v++) {
        entries.ever[s] += process.units(v, dimension, s);
        entries.lately[s] +=
            state.flow.entered(
                boundaryMs, process.attempt().number(), process.number(), v, dimension, s);
      }
    }
    return entries;
  }

  /** Units that entered in the complete hours that the flow keeps, and after. */
  long lately(int segment) {
    return lately[segment];
  }

  /** Units that entered before those. */
  long before(int segment) {
    return ever[segment] - lately[segment];
  }

  long allBefore() {
    return Arrays.stream(ever).sum() - allLately();
  }

  long allLately() {
    return Arrays.stream(lately).sum();
  }
}
