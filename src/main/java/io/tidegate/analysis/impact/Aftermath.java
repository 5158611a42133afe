package io.tidegate.analysis.impact;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Censoring;
import org.jspecify.annotations.Nullable;

/**
 * The time after an attempt ended: nobody has the change any more, or everybody.
 *
 * @param fromMs the end
 * @param toMs entry of the rollout's next attempt, or the data end
 */
record Aftermath(long fromMs, long toMs, boolean rolledBack) {

  /** Null where the attempt still ran or less than a day has passed since. */
  static @Nullable Aftermath of(Attempt attempt, long nextStartMs, long dataEndMs) {
    long toMs = Math.min(nextStartMs, dataEndMs);
    return attempt.endMs() < toMs && toMs - attempt.endMs() >= Cohort.DAY_MS
        ? new Aftermath(attempt.endMs(), toMs, attempt.rolledBack())
        : null;
  }

  /** Whether the variants of a cohort differed until the end, and are treated alike from then. */
  boolean compares(Cohort cohort) {
    return cohort.censoring() == Censoring.ROLLED_BACK && cohort.censoredAtMs() == fromMs;
  }

  boolean contains(long timeMs) {
    return timeMs >= fromMs && timeMs < toMs;
  }

  /** Number of the 24 hours since the end. */
  int dayOf(long timeMs) {
    return (int) ((timeMs - fromMs) / Cohort.DAY_MS);
  }

  /** Whole days. */
  int days() {
    return dayOf(toMs);
  }
}
