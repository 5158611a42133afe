package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSumsArray;
import java.util.Arrays;

/**
 * A block's sums of one channel, side by side by dimension, all units first, and segment. Mutable.
 */
final class ChannelSums {

  /** Segments that a dimension has room for at first: two values, (other) and (unknown). */
  private static final int SEGMENTS = 4;

  /** Where each dimension's sums begin; at the end, how many there are. */
  private int[] starts = {0, 1};

  private UnitSumsArray sums = new UnitSumsArray(1);

  /** Number of sums that there is room for. */
  int size() {
    return sums.size();
  }

  /** Adds a delta to the overall cell and to the cell of each dimension. */
  void add(UnitDelta delta) {
    int all = place(0, delta.outcome);
    delta.applyTo(sums, all);
    int[] segments = delta.segments;
    for (int i = 0; i < segments.length; i++) {
      int place = place(i + 1, segments[i]);
      delta.applyTo(sums, place);
    }
  }

  private int place(int dimension, int segment) {
    if (dimension + 1 >= starts.length) {
      grow(dimension, Math.max(SEGMENTS, segment + 1));
    } else if (starts[dimension] + segment >= starts[dimension + 1]) {
      grow(dimension, Math.max(2 * (starts[dimension + 1] - starts[dimension]), segment + 1));
    }
    return starts[dimension] + segment;
  }

  private void grow(int dimension, int segments) {
    int[] before = starts;
    int[] after = Arrays.copyOf(before, Math.max(before.length, dimension + 2));
    for (int d = 0; d + 1 < after.length; d++) {
      int room = d + 1 < before.length ? before[d + 1] - before[d] : 0;
      after[d + 1] = after[d] + (d == dimension ? segments : room);
    }
    UnitSumsArray more = new UnitSumsArray(after[after.length - 1]);
    for (int d = 0; d + 1 < before.length; d++) {
      more.set(after[d], sums, before[d], before[d + 1] - before[d]);
    }
    starts = after;
    sums = more;
  }

  /** Takes the sums that are not zero. */
  interface Visitor {
    void sums(int dimension, int segment, UnitSumsArray all, int index);
  }

  /** Visits the sums that are not zero; dimension −1 is all units. */
  void visit(Visitor visitor) {
    for (int d = 0; d + 1 < starts.length; d++) {
      for (int at = starts[d]; at < starts[d + 1]; at++) {
        if (!sums.isZero(at)) {
          visitor.sums(d - 1, at - starts[d], sums, at);
        }
      }
    }
  }
}
