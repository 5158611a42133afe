package io.tidegate.analysis.alarm;

import io.tidegate.model.SegmentDimension;
import java.util.Comparator;

/**
 * A series that is watched.
 *
 * @param ofValues whether it is the mean of the outcome's values, else how many outcomes there are
 */
record Watched(String outcome, boolean ofValues, String dimension, String segment)
    implements Comparable<Watched> {

  private static final Comparator<Watched> ORDER =
      Comparator.comparing(Watched::outcome)
          .thenComparing(Watched::ofValues)
          .thenComparing(Watched::dimension)
          .thenComparing(Watched::segment);

  boolean whole() {
    return dimension.equals(SegmentDimension.ALL);
  }

  boolean sameMetric(Watched other) {
    return ofValues == other.ofValues && outcome.equals(other.outcome);
  }

  /** Name for people. */
  String metric() {
    return ofValues ? outcome + " value" : outcome;
  }

  @Override
  public int compareTo(Watched other) {
    return ORDER.compare(this, other);
  }
}
