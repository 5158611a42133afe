package io.tidegate.analysis.impact;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.RolloutSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The cohorts of an attempt's stages with a control, no unit entering in others, and until when
 * each is followed. The instant depends on the rollout's events only, never on what units did
 * (design.md §6 "Long term").
 */
final class Cohorts {

  private Cohorts() {}

  static List<Cohort> of(Attempt attempt, long dataEndMs) {
    List<Cohort> cohorts = new ArrayList<>();
    for (int i = 0; i < attempt.epochs().size(); i++) {
      Epoch epoch = attempt.epochs().get(i);
      if (epoch.control() && epoch.enteredMs() < dataEndMs) {
        cohorts.add(cohort(attempt, i, dataEndMs));
      }
    }
    return List.copyOf(cohorts);
  }

  private static Cohort cohort(Attempt attempt, int index, long dataEndMs) {
    Epoch epoch = attempt.epochs().get(index);
    RolloutSpec spec = attempt.definition().spec();
    End end = new End(dataEndMs, Censoring.DATA_END);
    RolloutSpec.Holdout holdout = isHeldOut(spec, epoch) ? spec.holdout() : null;
    if (holdout != null) {
      Instant until = holdout.until();
      end =
          end.earlier(until == null ? Long.MAX_VALUE : until.toEpochMilli(), Censoring.HOLDOUT_END);
    }
    if (attempt.rolledBack()) {
      end = end.earlier(attempt.endMs(), Censoring.ROLLED_BACK);
    } else if (holdout == null) {
      end = end.earlier(attempt.endMs(), Censoring.COMPLETED);
    }
    for (Epoch later : attempt.epochs().subList(index + 1, attempt.epochs().size())) {
      if (spec.assignment() == Assignment.RAMPED) {
        end = end.earlier(later.enteredMs(), Censoring.NEXT_STAGE);
      } else if (later.stage().percent() >= 100) {
        end = end.earlier(later.enteredMs(), Censoring.NO_CONTROL);
      }
    }
    return new Cohort(
        epoch.index(), epoch.stage().name(), epoch.enteredMs(), end.atMs(), end.censoring());
  }

  /** Whether the control of a stage is what the rollout keeps from the change for good. */
  static boolean isHeldOut(RolloutSpec spec, Epoch epoch) {
    RolloutSpec.Holdout holdout = spec.holdout();
    return holdout != null && holdout.percent() > 0 && epoch.stage().percent() >= 100;
  }

  private record End(long atMs, Censoring censoring) {
    End earlier(long otherMs, Censoring other) {
      return otherMs <= atMs ? new End(otherMs, other) : this;
    }
  }
}
