package io.tidegate.analysis.detect;

/**
 * The long-run standard deviation of scores by batch means (Glynn and Whitt 1991): above 1 where
 * days are good or bad as a whole, so that a sum of scores varies more than independent ones would.
 */
final class LongRunSpread {
  private static final double RATE = 0.05;
  private static final double LARGEST_GROWTH = 4;

  private final int batch;
  private double variance = 1;
  private double sum;
  private int count;

  LongRunSpread(int batch) {
    this.batch = batch;
  }

  /** At least 1. */
  double sd() {
    return StrictMath.sqrt(StrictMath.max(1, variance));
  }

  /** Takes in a score of variance 1. */
  void add(double score) {
    sum += score;
    if (++count == batch) {
      double now = StrictMath.min(LARGEST_GROWTH * StrictMath.max(1, variance), sum * sum / batch);
      variance += RATE * (now - variance);
      sum = 0;
      count = 0;
    }
  }
}
