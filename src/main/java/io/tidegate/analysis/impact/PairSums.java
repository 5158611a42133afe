package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of the numbers of units that are in two slices: what the variance of an effect over both
 * needs. Mutable; merging is exactly associative.
 */
final class PairSums {

  private final List<CrossSums> numbers = new ArrayList<>();
  private final List<CrossSums> before = new ArrayList<>();

  PairSums(int seriesCount) {
    for (int i = 0; i < seriesCount; i++) {
      numbers.add(new CrossSums());
      before.add(new CrossSums());
    }
  }

  /** Of (y, d) in one slice and in the other. */
  CrossSums numbers(int series) {
    return numbers.get(series);
  }

  /**
   * Of y and, as d, the covariate, over the units that have one; kept of dimension {@code all}
   * only.
   */
  CrossSums before(int series) {
    return before.get(series);
  }

  void merge(PairSums other) {
    for (int i = 0; i < numbers.size(); i++) {
      numbers.get(i).merge(other.numbers.get(i));
      before.get(i).merge(other.before.get(i));
    }
  }

  void writeTo(DataOutput out) throws IOException {
    for (int i = 0; i < numbers.size(); i++) {
      numbers.get(i).writeTo(out);
      before.get(i).writeTo(out);
    }
  }

  void readFrom(DataInput in) throws IOException {
    for (int i = 0; i < numbers.size(); i++) {
      numbers.get(i).readFrom(in);
      before.get(i).readFrom(in);
    }
  }
}
