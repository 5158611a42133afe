package io.tidegate.analysis.gate;

import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.SegmentDimension;
import org.jspecify.annotations.Nullable;

/**
 * What a test is about: a treatment, a metric, a segment.
 *
 * @param treatment index of the variant, from 1
 * @param dimension index of the dimension, −1 for {@code all}
 */
record Subject(
    int treatment,
    int metricIndex,
    Metric metric,
    int dimension,
    int segment,
    String dimensionName,
    String segmentName) {

  static Subject overall(int treatment, int metricIndex, Metric metric) {
    return new Subject(
        treatment, metricIndex, metric, -1, 0, SegmentDimension.ALL, SegmentDimension.EVERY_UNIT);
  }

  boolean isOverall() {
    return dimension < 0;
  }

  /** For messages: the metric, and the segment where there is one. */
  String label() {
    return isOverall() ? metric.name() : metric.name() + " in " + dimensionName + "=" + segmentName;
  }

  /** Harm beyond which this subject rolls back; a segment's own margin stands for the metric's. */
  @Nullable Margin rollbackMargin() {
    Margin own = metric.segmentMargins().get(dimensionName + "=" + segmentName);
    return own != null && metric.rollback() == null && metric.rollbackMargin() != null
        ? own
        : metric.rollbackMargin();
  }

  /** +1 where an increase is harm, −1 where a decrease is. */
  int harmSign() {
    return -metric.better().sign();
  }
}
