package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Mutable sums over units that merge exactly, whatever the order and grouping.
 *
 * @param <A> the accumulator itself
 */
public sealed interface Accumulator<A extends Accumulator<A>>
    permits ReturnCounts, AgeSums, CrossSums, HourSums, PathSample, ThirdSums, WeekSums {

  void merge(A other);

  void writeTo(DataOutput out) throws IOException;

  /** Replaces the sums by those written; an {@link IOException} on an unknown format. */
  void readFrom(DataInput in) throws IOException;

  static void checkFormat(String what, int found, int known) throws IOException {
    if (found != known) {
      throw new IOException(what + " of format " + found + ", known is " + known);
    }
  }
}
