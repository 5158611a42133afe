package io.tidegate.analysis.attribution;

import io.tidegate.analysis.timeline.Epoch;

/**
 * A stage without control: units enter at their first treated exposure in it, whatever they had
 * before, in the stratum of the day of the stage on which that was.
 */
public final class NoControl {

  /** Days of the stage on which units enter. */
  public static final int DAYS = 14;

  private static final long DAY_MS = 86_400_000L;

  private NoControl() {}

  /** Day of a stage, 0 for the first 24 hours. */
  static int day(Epoch epoch, long timeMs) {
    return (int) Math.min(DAYS, Math.floorDiv(timeMs - epoch.enteredMs(), DAY_MS));
  }
}
