package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSumsArray;

/**
 * A block's sums of one channel, side by side: those of all units, by number where the channel
 * counts kinds, then each dimension's by segment. Mutable.
 */
final class ChannelSums {

  /** Where each dimension's sums begin; at the end, how many there are. Not to be changed. */
  private final int[] starts;

  private UnitSumsArray sums;

  /**
   * @param first of the same channel and segments as all that follow
   */
  ChannelSums(UnitDelta first) {
    starts = first.segments.length == 0 ? Plan.NO_SEGMENTS : first.segmentStarts;
    sums = new UnitSumsArray(Math.max(starts[starts.length - 1], first.outcome + 1));
  }

  /** Number of longs that they take. */
  int size() {
    return sums.longs();
  }

  /** Adds a delta to the overall cell and to the cell of each dimension. */
  void add(UnitDelta delta) {
    if (delta.outcome >= sums.size()) {
      UnitSumsArray more = new UnitSumsArray(Math.max(2 * sums.size(), delta.outcome + 1));
      more.set(0, sums, 0, sums.size());
      sums = more;
    }
    delta.applyTo(sums, delta.outcome);
    int[] segments = delta.segments;
    for (int i = 0; i < segments.length; i++) {
      delta.applyTo(sums, starts[i] + segments[i]);
    }
  }

  /** Takes the sums that are not zero. */
  interface Visitor {
    void sums(int dimension, int segment, UnitSumsArray all, int index);
  }

  /** Visits the sums that are not zero; dimension −1 is all units. */
  void visit(Visitor visitor) {
    int dimension = -1;
    int first = 0;
    for (int at = 0; at < sums.size(); at++) {
      while (dimension + 1 < starts.length - 1 && at == starts[dimension + 1]) {
        dimension++;
        first = at;
      }
      if (!sums.isZero(at)) {
        visitor.sums(dimension, at - first, sums, at);
      }
    }
  }
}
