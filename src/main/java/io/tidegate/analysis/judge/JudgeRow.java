package io.tidegate.analysis.judge;

/**
 * One variant's units of one period: the aggregate of one metric.
 *
 * @param units units
 * @param mean their mean; not read without units
 * @param variance their sample variance, divisor n − 1; not read below two units
 * @param settings how the metric is judged
 */
public record JudgeRow(
    String test,
    String metric,
    ValueKind kind,
    RowTime time,
    String variant,
    long units,
    double mean,
    double variance,
    JudgeSettings settings)
    implements TimedRow {

  public JudgeRow {
    if (units < 0) {
      throw new IllegalArgumentException("units must be >= 0, got " + units);
    }
    if (units > 0 && !Double.isFinite(mean)) {
      throw new IllegalArgumentException("the mean must be finite, got " + mean);
    }
    if (units > 1 && !(variance >= 0 && Double.isFinite(variance))) {
      throw new IllegalArgumentException("the variance must be >= 0, got " + variance);
    }
  }

  /** A 0/1 metric: {@code successes} of {@code units}. */
  public static JudgeRow binary(
      String test,
      String metric,
      RowTime time,
      String variant,
      long units,
      long successes,
      JudgeSettings settings) {
    double p = units == 0 ? 0 : (double) successes / units;
    double variance = units < 2 ? 0 : successes * (1 - p) / (units - 1);
    return new JudgeRow(
        test, metric, ValueKind.BINARY, time, variant, units, p, variance, settings);
  }

  @Override
  public Series series() {
    return new Series(test, metric);
  }

  /** Sum of the values; successes of a 0/1 metric. */
  double total() {
    return units == 0 ? 0 : units * mean;
  }
}
