package io.tidegate.analysis.judge;

/** An aggregate of one variant in one period of a series of comparisons. */
public interface TimedRow {

  /** What is compared over time, such as a test's metric. */
  Series series();

  /** The period. */
  RowTime time();

  /** The variant. */
  String variant();

  /** A test, and the metric where there is one. */
  record Series(String test, String metric) {}
}
