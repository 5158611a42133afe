package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RolloutSpec.Holdout;
import io.tidegate.model.Stage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CohortsTest {

  private static final List<Stage> RAMP =
      List.of(stage("canary", 1), stage("half", 50), stage("full", 100));
  private static final RolloutEvent CANARY = at(1, Kind.STAGE_ENTERED, "canary");
  private static final RolloutEvent HALF = at(3, Kind.STAGE_ENTERED, "half");
  private static final RolloutEvent FULL = at(10, Kind.STAGE_ENTERED, "full");

  @Test
  void matched_isCensoredWhereControlEnds() {
    assertThat(cohorts(Assignment.MATCHED, null, 30, CANARY, HALF, FULL))
        .containsExactly(
            new Cohort(0, "canary", DAY, 10 * DAY, Censoring.NO_CONTROL),
            new Cohort(1, "half", 3 * DAY, 10 * DAY, Censoring.NO_CONTROL));
  }

  @Test
  void ramped_isCensoredAtTheNextStage() {
    assertThat(cohorts(Assignment.RAMPED, null, 30, CANARY, HALF))
        .containsExactly(
            new Cohort(0, "canary", DAY, 3 * DAY, Censoring.NEXT_STAGE),
            new Cohort(1, "half", 3 * DAY, 30 * DAY, Censoring.DATA_END));
  }

  @Test
  void rolledBack_censorsEveryCohort() {
    assertThat(cohorts(Assignment.MATCHED, null, 30, CANARY, HALF, at(5, Kind.ROLLED_BACK, "")))
        .extracting(Cohort::censoring)
        .containsExactly(Censoring.ROLLED_BACK, Censoring.ROLLED_BACK);
  }

  @Test
  void completed_censorsUnlessAHoldoutIsKept() {
    RolloutEvent done = at(20, Kind.COMPLETED, "");
    Holdout kept = new Holdout(1, Instant.ofEpochMilli(25 * DAY));
    assertThat(cohorts(Assignment.MATCHED, null, 30, CANARY, done))
        .containsExactly(new Cohort(0, "canary", DAY, 20 * DAY, Censoring.COMPLETED));
    assertThat(cohorts(Assignment.MATCHED, kept, 30, CANARY, HALF, FULL, done))
        .last()
        .isEqualTo(new Cohort(2, "full", 10 * DAY, 25 * DAY, Censoring.HOLDOUT_END));
  }

  @Test
  void completedBeforeEveryoneHasIt_censorsDespiteAHoldout() {
    assertThat(
            cohorts(
                Assignment.MATCHED,
                new Holdout(1, null),
                30,
                CANARY,
                HALF,
                at(20, Kind.COMPLETED, "")))
        .extracting(Cohort::censoredAtMs, Cohort::censoring)
        .containsOnly(org.assertj.core.groups.Tuple.tuple(20 * DAY, Censoring.COMPLETED));
  }

  @Test
  void dataEnd_hidesStagesNotYetReached() {
    assertThat(cohorts(Assignment.MATCHED, null, 2, CANARY, HALF))
        .containsExactly(new Cohort(0, "canary", DAY, 2 * DAY, Censoring.DATA_END));
  }

  private static List<Cohort> cohorts(
      Assignment assignment, @Nullable Holdout holdout, int dataEndDay, RolloutEvent... events) {
    RolloutSpec spec =
        Rollouts.spec(assignment, RAMP, holdout, List.of(), List.of(Rollouts.revenue(null)), 0);
    Timeline timeline = Rollouts.timeline(spec, events);
    return Cohorts.of(timeline.attempts().get(0), dataEndDay * DAY);
  }
}
