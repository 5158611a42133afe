package io.tidegate.analysis.judge;

/** New units of one variant of a test in one period. */
public record SplitRow(String test, RowTime time, String variant, long count) implements TimedRow {

  public SplitRow {
    if (count < 0) {
      throw new IllegalArgumentException("a count must be >= 0, got " + count);
    }
  }

  @Override
  public Series series() {
    return new Series(test, "");
  }
}
