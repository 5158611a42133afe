package io.tidegate.analysis.impact;

import io.tidegate.model.Censoring;
import java.util.List;

/**
 * The units that entered in one stage, followed until one instant for all of them.
 *
 * @param epoch index of the stage in the spec
 * @param censoredAtMs events at or after this do not count
 * @param censoring what sets that instant
 */
public record Cohort(
    int epoch, String stage, long enteredMs, long censoredAtMs, Censoring censoring) {

  static final long DAY_MS = 86_400_000L;

  /** Number of days that have entirely passed between a unit's entry and the censoring. */
  int daysPassed(long entryMs) {
    return (int) Math.max(0, (censoredAtMs - entryMs) / DAY_MS);
  }

  /** Largest age in days that a unit of any of these can reach. */
  static int oldest(List<Cohort> cohorts) {
    return cohorts.stream().mapToInt(c -> c.daysPassed(c.enteredMs)).max().orElse(0);
  }
}
