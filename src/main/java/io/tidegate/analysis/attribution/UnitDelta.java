package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSums;

/**
 * What one unit changes in the sums of a rollout at one bucket: it enters, or its pair (y, d)
 * moves. Mutable, reused; stands for the overall cell and one cell a dimension.
 */
public final class UnitDelta {
  public String rolloutId = "";
  public long bucketMs;
  public int attempt;
  public int process;
  public int stratum;
  public int variant;
  public int[] segments = new int[0];
  public int channel;

  /** +1 or −1: whether the change is made or taken back. */
  public int sign;

  /** Whether the unit enters the cell with (yNew, dNew); otherwise it moves from (yOld, dOld). */
  public boolean enters;

  public long yOld;
  public long dOld;
  public long yNew;
  public long dNew;

  /** Makes the change in a sum. */
  public void applyTo(UnitSums sums) {
    if (enters) {
      if (sign > 0) {
        sums.enter(yNew, dNew);
      } else {
        sums.leave(yNew, dNew);
      }
    } else if (sign > 0) {
      sums.move(yOld, dOld, yNew, dNew);
    } else {
      sums.move(yNew, dNew, yOld, dOld);
    }
  }
}
