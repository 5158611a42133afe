package io.tidegate.report;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec.Holdout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The sample rollout with two of a hundred units held out, and what was seen since a launch. */
public final class HoldoutSample {

  private static final Holdout HOLDOUT = new Holdout(2, Instant.parse("2026-06-01T00:00:00Z"));

  private HoldoutSample() {}

  /** Revenue 12 % up in the stage before and 8 % since the launch 40 days ago. */
  public static ReportData launched() {
    return with(
        LongRunSectionsTest.row("revenue", Aspect.OBSERVED, 1, 0, 0.3, 0.2, Censoring.NO_CONTROL),
        LongRunSectionsTest.row("revenue", Aspect.OBSERVED, 2, 0, 0.6, 0.2, Censoring.NO_CONTROL),
        LongRunSectionsTest.row("revenue", Aspect.HOLDOUT, 3, 40, 0.4, 0.1, Censoring.HOLDOUT_END));
  }

  static ReportData with(ImpactEstimate... rows) {
    ReportData data = SampleRollout.rolledBack();
    List<ImpactEstimate> impacts = new ArrayList<>(data.impacts());
    impacts.addAll(List.of(rows));
    return SampleRollout.with(
        Rollouts.withHoldout(data.spec(), HOLDOUT), impacts, data.comparisons());
  }
}
