package io.tidegate.stats.season;

/**
 * The two-sided cumulative-sum detector of a shift in standard normal scores (Page 1954).
 *
 * @param up upward sum, at least 0
 * @param down downward sum, at least 0
 */
public record Cusum(double up, double down) {
  /** Before any score. */
  public static final Cusum START = new Cusum(0, 0);

  /**
   * The sums after one more score: max(0, up + z − k), max(0, down − z − k).
   *
   * @param slack k, half the shift looked for
   */
  public Cusum next(double z, double slack) {
    if (!Double.isFinite(z) || !Double.isFinite(slack)) {
      throw new IllegalArgumentException(
          "a score and slack must be finite, got " + z + " and " + slack);
    }
    return new Cusum(StrictMath.max(0, up + z - slack), StrictMath.max(0, down - z - slack));
  }
}
