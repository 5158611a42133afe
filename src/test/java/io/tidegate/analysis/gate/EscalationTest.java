package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.model.Assignment;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rollout of {@link Rollouts} asks for an answer within 30 minutes. */
class EscalationTest {

  private static List<Reason> overdue(GateSignal signal) {
    return signal.reasons().stream().filter(r -> r.code().equals(Escalation.CODE)).toList();
  }

  /** The split is wrong from the first look on. */
  private static GateFixture skewed() {
    return new GateFixture().enter(0, 20_000, 4_000, 2_000, 0).enter(1, 22_000, 4_400, 2_200, 0);
  }

  @Test
  void a_review_that_nobody_answers_in_time_is_escalated_once_and_by_name() {
    GateFixture gate = skewed();
    GateSignal first = gate.look(13);
    assertThat(first.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(first.owner()).isEqualTo("team");
    assertThat(first.contact()).isEqualTo("#oncall");
    assertThat(first.respondByMs())
        .isEqualTo(Rollouts.START_MS + 13 * Rollouts.HOUR_MS + 30 * 60_000L);
    assertThat(overdue(first)).isEmpty();
    GateSignal late = gate.look(14);
    assertThat(late.respondByMs()).isEqualTo(first.respondByMs());
    assertThat(late.changed()).isTrue();
    assertThat(overdue(late))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.sentence())
                  .isEqualTo(
                      "nobody has answered REVIEW (SAMPLE_RATIO_MISMATCH) since"
                          + " 2026-01-05T13:00:00Z: escalate beyond team (#oncall)");
              assertThat(r.observed()).isEqualTo("2026-01-05T14:00:00Z");
              assertThat(r.threshold()).isEqualTo("2026-01-05T13:30:00Z");
            });
    assertThat(gate.look(15).changed()).isFalse();
  }

  @Test
  void a_note_a_pause_or_a_decision_answers_it() {
    for (Kind kind : List.of(Kind.NOTE, Kind.PAUSED)) {
      GateFixture gate = skewed();
      gate.look(13);
      gate.event(kind, "", 14);
      assertThat(overdue(gate.look(15))).as("%s", kind).isEmpty();
    }
    GateFixture gate = skewed();
    gate.look(13);
    assertThat(overdue(gate.look(14))).hasSize(1);
    gate.decide("approve", 14, List.of("MIXED_UNITS"), "");
    GateSignal answered = gate.look(15);
    assertThat(answered.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(overdue(answered)).isEmpty();
    assertThat(answered.respondByMs()).isNull();
    assertThat(answered.changed()).isTrue();
  }

  @Test
  void an_answer_answers_what_stood_when_it_was_made_and_nothing_later() {
    GateFixture gate = skewed();
    gate.look(13);
    gate.event(Kind.NOTE, "", 13);
    gate.hour(14).count(CellKey.MIXED, 0, 500);
    GateSignal mixed = gate.look(15);
    assertThat(GateFixture.codes(mixed)).contains("SAMPLE_RATIO_MISMATCH", "MIXED_UNITS");
    assertThat(mixed.respondByMs()).isEqualTo(mixed.boundaryMs() + 30 * 60_000L);
    GateSignal late = gate.look(16);
    assertThat(overdue(late))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r.sentence())
                    .startsWith(
                        "nobody has answered REVIEW (MIXED_UNITS) since 2026-01-05T15:00:00Z"));
    gate.event(Kind.NOTE, "", 16);
    assertThat(overdue(gate.look(17))).isEmpty();
  }

  /** Few of the first hours' units are mixed, then too many, then few of all, then too many. */
  @Test
  void a_question_that_went_away_is_asked_anew_when_it_comes_back() {
    GateFixture gate = skewed();
    gate.count(CellKey.MIXED, 0, 400);
    assertThat(GateFixture.codes(gate.look(13))).contains("MIXED_UNITS");
    gate.event(Kind.NOTE, "", 13);
    gate.hour(14).enter(0, 400_000, 80_000, 40_000, 0).enter(1, 440_000, 88_000, 44_000, 0);
    GateSignal gone = gate.look(15);
    assertThat(gone.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(gone)).doesNotContain("MIXED_UNITS");
    gate.hour(16).count(CellKey.MIXED, 0, 9_000);
    GateSignal again = gate.look(17);
    assertThat(GateFixture.codes(again)).contains("MIXED_UNITS");
    assertThat(again.respondByMs()).isEqualTo(again.boundaryMs() + 30 * 60_000L);
    assertThat(overdue(gate.look(18))).hasSize(1);
  }

  @Test
  void two_metrics_that_get_worse_are_two_questions() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 60_000, 12_000, 6_000, 0).enter(1, 60_000, 11_100, 6_000, 0);
    assertThat(gate.look(13).verdict()).isEqualTo(Verdict.REVIEW);
    gate.event(Kind.NOTE, "", 13);
    assertThat(gate.look(14).respondByMs()).isNull();
    gate.hour(14).enter(0, 60_000, 12_000, 6_000, 0).enter(1, 60_000, 12_000, 6_800, 0);
    GateSignal errors = gate.look(15);
    assertThat(errors.reasons())
        .filteredOn(r -> r.code().equals("WORSE_WITHIN_TOLERANCE"))
        .anySatisfy(r -> assertThat(r.sentence()).startsWith("errors is worse"));
    assertThat(errors.respondByMs()).isNotNull();
  }

  @Test
  void a_latched_rollback_that_was_answered_stays_answered() {
    GateFixture gate = new GateFixture(Assignment.RAMPED);
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.event(Kind.NOTE, "", 5);
    assertThat(overdue(gate.look(6))).isEmpty();
    gate.stage(1, 7);
    assertThat(gate.look(8).verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(overdue(gate.look(20))).isEmpty();
  }

  @Test
  void a_rollback_is_escalated_and_what_a_person_set_is_not() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(overdue(gate.look(5))).isEmpty();
    assertThat(overdue(gate.look(6))).hasSize(1);
    gate.decide("override", 6, List.of(), "REVIEW");
    GateSignal set = gate.look(20);
    assertThat(set.overridden()).isTrue();
    assertThat(set.respondByMs()).isNull();
    assertThat(overdue(set)).isEmpty();
  }

  @Test
  void a_hold_asks_nobody() {
    GateFixture gate = new GateFixture().alike(50);
    assertThat(gate.look(2).respondByMs()).isNull();
    assertThat(overdue(gate.look(20))).isEmpty();
  }
}
