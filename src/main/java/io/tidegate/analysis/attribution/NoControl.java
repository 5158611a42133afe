package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Assignment;
import io.tidegate.model.Metric;
import io.tidegate.model.RolloutSpec;

/**
 * A stage without control, entered as history's units enter their weeks: each unit at its first
 * treated exposure in each week of entry, in the stratum of the day of the stage on which that was.
 * Between weeks of entry, none enters until the units of the week before were followed to the end,
 * so that a unit that enters anew loses nothing of what it is followed for.
 */
public final class NoControl {

  /** Weeks of entry in a stage. */
  public static final int WEEKS = 4;

  /** Days of a week of entry. */
  public static final int WEEK_DAYS = 7;

  private static final long DAY_MS = 86_400_000L;

  private NoControl() {}

  /** Days from the begin of a week of entry to that of the next. */
  public static int cycleDays(RolloutSpec spec) {
    long longestMs = 0;
    for (Metric metric : spec.metrics()) {
      longestMs = Math.max(longestMs, UnitFolds.followMs(metric.kind()));
    }
    return WEEK_DAYS + (int) ((longestMs + DAY_MS - 1) / DAY_MS);
  }

  /** Begin of day 0: the stage's, in a {@code ramped} one the end of its settle. */
  public static long startMs(RolloutSpec spec, Epoch epoch) {
    boolean settles = spec.assignment() == Assignment.RAMPED;
    return epoch.enteredMs() + (settles ? epoch.stage().settle().toMillis() : 0);
  }

  /** Day of the stage on which a unit enters, from 0; −1 where none does. */
  static int day(Plan plan, Epoch epoch, long timeMs) {
    long day = Math.floorDiv(timeMs - startMs(plan.definition().spec(), epoch), DAY_MS);
    boolean open =
        day >= 0
            && day < (long) WEEKS * plan.cycleDays()
            && Math.floorMod(day, plan.cycleDays()) < WEEK_DAYS;
    return open ? (int) day : -1;
  }

  /** Whether two days are of the same week of entry. */
  static boolean together(Plan plan, int day, int other) {
    return Math.floorDiv(day, plan.cycleDays()) == Math.floorDiv(other, plan.cycleDays());
  }
}
