package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.job.BaselineRun.Pinned;
import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KnownRolloutsTest {

  private static final String ID = "checkout";
  private static final RolloutSpec SPEC = Rollouts.spec(ID, Assignment.MATCHED);
  private static final long START_MS = Rollouts.START_MS;
  private static final long DAY_MS = Rollouts.DAY_MS;

  private static RolloutEvent defined() {
    return RolloutEvent.defined("d", START_MS - DAY_MS, ID, "ci", RolloutSpecs.toJson(SPEC), "");
  }

  private static RolloutEvent event(long atMs, Kind kind, String stage) {
    return RolloutEvent.bare(kind + "@" + atMs, atMs, ID, kind, stage);
  }

  private static KnownRollouts known(RolloutEvent... afterDefined) {
    List<RolloutEvent> events = new ArrayList<>(List.of(defined()));
    events.addAll(Arrays.asList(afterDefined));
    return KnownRollouts.of(events, List.of());
  }

  private static long untilMs(RolloutEvent... afterDefined) {
    List<Treatment> treatments = known(afterDefined).treatments();
    assertThat(treatments).hasSize(1);
    return treatments.get(0).untilMs();
  }

  @Test
  void covariates_are_wanted_once_the_first_stage_was_entered() {
    Wanted before = known().wanted(Set.of(), START_MS).get(0);
    assertThat(before.covariates()).isEmpty();
    assertThat(before.covariatesEndMs()).isEqualTo(HistoryRequest.NOT_YET);
    Wanted given = KnownRollouts.of(List.of(), List.of(SPEC)).wanted(Set.of(), START_MS).get(0);
    assertThat(given).isEqualTo(before);

    KnownRollouts begun = known(event(START_MS, Kind.STAGE_ENTERED, "canary"));
    assertThat(begun.wanted(Set.of(), START_MS - 1).get(0).covariates())
        .as("while history does not reach the end of their window")
        .isEmpty();
    Wanted wanted = begun.wanted(Set.of(), START_MS + DAY_MS).get(0);
    assertThat(wanted.covariates()).hasSameSizeAs(SPEC.metrics());
    assertThat(wanted.covariatesEndMs()).isEqualTo(START_MS);
  }

  @Test
  void flag_is_part_of_a_key_where_units_enter_by_exposure_and_of_no_covariates() {
    RolloutSpec other = Rollouts.spec("other", Assignment.MATCHED);
    KnownRollouts begun =
        KnownRollouts.of(
            List.of(
                defined(),
                event(START_MS, Kind.STAGE_ENTERED, "canary"),
                RolloutEvent.defined(
                    "o", START_MS - DAY_MS, "other", "ci", RolloutSpecs.toJson(other), ""),
                RolloutEvent.bare("e", START_MS, "other", Kind.STAGE_ENTERED, "canary")),
            List.of());
    Set<String> both = Set.of("checkout", "other");
    assertThat(keys(begun.wanted(both, START_MS + DAY_MS)))
        .as("a key for each flag's metric")
        .hasSize(2 * SPEC.metrics().size());
    assertThat(keys(begun.wanted(Set.of("other"), START_MS + DAY_MS)))
        .hasSize(2 * SPEC.metrics().size())
        .containsAll(keys(begun.wanted(Set.of(), START_MS + DAY_MS)));
    assertThat(keys(begun.wanted(Set.of(), START_MS + DAY_MS)))
        .as("any outcome of any unit")
        .hasSize(SPEC.metrics().size());
    List<Series> before =
        begun.wanted(both, START_MS + DAY_MS).stream()
            .flatMap(wanted -> wanted.covariates().stream())
            .toList();
    assertThat(before)
        .as("what a unit did before a time, once")
        .isEqualTo(begun.wanted(Set.of(), START_MS + DAY_MS).get(0).covariates());
  }

  private static Set<String> keys(List<Wanted> wanted) {
    return wanted.stream()
        .flatMap(each -> each.series().stream())
        .map(Series::key)
        .collect(Collectors.toSet());
  }

  @Test
  void an_event_that_the_gate_refuses_counts_for_nothing() {
    RolloutEvent early = event(START_MS - 1, Kind.COMPLETED, "");
    RolloutEvent unknown = event(START_MS, Kind.STAGE_ENTERED, "no such stage");
    KnownRollouts refused = known(early, unknown);
    assertThat(refused.wanted(Set.of(), START_MS + DAY_MS).get(0).covariates()).isEmpty();
    assertThat(untilMs(early, unknown)).isEqualTo(Long.MAX_VALUE);
    RolloutEvent late = event(START_MS, Kind.STAGE_ENTERED, "canary");
    assertThat(
            known(RolloutEvent.tick("t", START_MS + DAY_MS), late)
                .wanted(Set.of(), START_MS + DAY_MS)
                .get(0)
                .covariatesEndMs())
        .as("a late entry takes effect at the tick before it")
        .isEqualTo(START_MS + DAY_MS);
  }

  @Test
  void a_change_is_everybodys_when_its_last_attempt_is_completed() {
    RolloutEvent first = event(START_MS, Kind.STAGE_ENTERED, "canary");
    RolloutEvent back = event(START_MS + DAY_MS, Kind.ROLLED_BACK, "");
    RolloutEvent again = event(START_MS + 2 * DAY_MS, Kind.STAGE_ENTERED, "canary");
    RolloutEvent done = event(START_MS + 3 * DAY_MS, Kind.COMPLETED, "");
    assertThat(untilMs(first)).isEqualTo(Long.MAX_VALUE);
    assertThat(untilMs(first, back)).isEqualTo(Long.MAX_VALUE);
    assertThat(untilMs(first, back, again, done)).isEqualTo(START_MS + 3 * DAY_MS);
  }

  @Test
  void a_run_has_another_name_once_a_treatment_is_everybodys() {
    Pinned pinned = new Pinned(1L, 2L, 3L, null);
    HistoryRequest open = request(Long.MAX_VALUE);
    HistoryRequest done = request(START_MS);
    assertThat(BaselineRun.runId(open, pinned, false))
        .startsWith("baseline-")
        .isEqualTo(BaselineRun.runId(request(Long.MAX_VALUE), pinned, false))
        .isNotEqualTo(BaselineRun.runId(open, new Pinned(1L, 2L, null, null), false))
        .isNotEqualTo(BaselineRun.runId(open, pinned, true))
        .isNotEqualTo(BaselineRun.runId(done, pinned, false));
  }

  private static HistoryRequest request(long untilMs) {
    return new HistoryRequest(
        0,
        Rollouts.HOUR_MS,
        List.of(
            new Wanted("{}", List.of(new Series(0, "k")), true, List.of(), HistoryRequest.NOT_YET)),
        List.of(new Treatment("flag", "on", untilMs)));
  }
}
