package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSumsArray;

/**
 * What one unit changes in the sums of a rollout at one bucket: it enters, or its pair (y, d)
 * moves. Mutable, reused; stands for the overall cell and one cell a dimension.
 */
public final class UnitDelta {

  static final int[] NO_SEGMENTS = {};

  public String rolloutId = "";
  public long bucketMs;

  /** The first boundary that reads the change, as far as boundaries are known. */
  public long dueMs;

  public int attempt;
  public int process;
  public int stratum;
  public int variant;
  public int[] segments = NO_SEGMENTS;

  /** As {@link Plan#segmentStarts} says, whether there are segments or not. */
  public int[] segmentStarts = Plan.NO_SEGMENTS;

  public int channel;

  /** Of an event that took part: its outcome's number in the plan; 0 elsewhere. */
  public int outcome;

  /** +1 or −1: whether the change is made or taken back. */
  public int sign;

  /** Whether the unit enters the cell with (yNew, dNew); otherwise it moves from (yOld, dOld). */
  public boolean enters;

  public long yOld;
  public long dOld;
  public long yNew;
  public long dNew;

  /** Makes the change in a sum. */
  void applyTo(UnitSumsArray sums, int at) {
    if (enters) {
      if (sign > 0) {
        sums.enter(at, yNew, dNew);
      } else {
        sums.leave(at, yNew, dNew);
      }
    } else if (sign > 0) {
      sums.move(at, yOld, dOld, yNew, dNew);
    } else {
      sums.move(at, yNew, dNew, yOld, dOld);
    }
  }
}
