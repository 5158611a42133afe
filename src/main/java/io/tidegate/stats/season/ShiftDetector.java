package io.tidegate.stats.season;

import java.util.Arrays;

/**
 * Shiryaev–Roberts recursions for shifts of ¼, ½, 1 and 2 standard deviations in either direction,
 * averaged: where the mean reaches A, the mean time between false alarms is at least A scores
 * (Shin, Ramdas and Rinaldo 2024). {@link ShiryaevRoberts} is one shift of these, on the log scale.
 * Not thread-safe.
 */
public final class ShiftDetector {
  private static final double SMALLEST = 0.25;
  private static final int SIZES = 4;
  private static final double LARGEST = 1e200;

  /** Scores are cut here: e to the largest shift times this is still a double. */
  private static final double FARTHEST = 200;

  private final double[] up = new double[SIZES];
  private final double[] down = new double[SIZES];
  private final double[] normalising = new double[SIZES];

  /** Before any score. */
  public ShiftDetector() {
    double delta = SMALLEST;
    for (int i = 0; i < SIZES; i++) {
      normalising[i] = StrictMath.exp(-delta * delta / 2);
      delta *= 2;
    }
  }

  /** Takes in a score, standard normal while nothing shifts. */
  public void next(double score) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("a score must be a number, got NaN");
    }
    double cut = StrictMath.max(-FARTHEST, StrictMath.min(FARTHEST, score));
    double ratio = StrictMath.exp(SMALLEST * cut);
    for (int i = 0; i < SIZES; i++) {
      up[i] = StrictMath.min(LARGEST, (1 + up[i]) * ratio * normalising[i]);
      down[i] = StrictMath.min(LARGEST, (1 + down[i]) / ratio * normalising[i]);
      ratio *= ratio;
    }
  }

  /** log of the mean of the recursions; compare with log A. */
  public double logStatistic() {
    return StrictMath.log((Arrays.stream(up).sum() + Arrays.stream(down).sum()) / (2 * SIZES));
  }

  /** Whether the mean has reached A. */
  public boolean reaches(double a) {
    double sum = 0;
    for (int i = 0; i < SIZES; i++) {
      sum += up[i] + down[i];
    }
    return sum >= 2 * SIZES * a;
  }

  /** Forgets all scores. */
  public void restart() {
    Arrays.fill(up, 0);
    Arrays.fill(down, 0);
  }
}
