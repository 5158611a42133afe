package io.tidegate.analysis.impact;

/** Two slices of one segment that a unit may both be in; {@code first} comes before. */
record SlicePair(Slice first, Slice second) implements Comparable<SlicePair> {
  @Override
  public int compareTo(SlicePair other) {
    int order = first.compareTo(other.first);
    return order != 0 ? order : second.compareTo(other.second);
  }
}
