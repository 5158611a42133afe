package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Assignment;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an override settles, and what it leaves to later evidence. */
class OverrideTest {

  private static GateFixture harmed(Assignment assignment) {
    GateFixture gate = new GateFixture(assignment);
    if (assignment == Assignment.MATCHED) {
      gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    } else {
      gate.enter(0, 90_000, 18_000, 9_000, 0).enter(1, 10_000, 1_250, 1_000, 0);
    }
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    return gate.decide("override", 6, List.of(), "HOLD");
  }

  @Test
  void the_override_is_the_verdict_of_its_stage() {
    GateFixture gate = harmed(Assignment.MATCHED);
    for (int hour = 7; hour < 24; hour++) {
      GateSignal signal = gate.look(hour);
      assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(signal.overridden()).isTrue();
    }
  }

  @Test
  void harm_that_was_answered_does_not_fire_again_in_a_later_stage() {
    GateFixture gate = harmed(Assignment.MATCHED);
    gate.look(7);
    gate.stage(1, 24).alike(30_000);
    GateSignal signal = gate.look(30);
    assertThat(signal.verdict()).isNotEqualTo(Verdict.ROLLBACK);
    assertThat(signal.overridden()).isFalse();
    assertThat(GateFixture.codes(signal)).doesNotContain("HARM_SHOWN");
  }

  @Test
  void harm_that_goes_on_fires_again_by_what_came_since() {
    GateFixture gate = harmed(Assignment.MATCHED);
    gate.look(7);
    gate.stage(1, 24).enter(0, 500, 100, 50, 0).enter(1, 500, 63, 50, 0);
    assertThat(gate.look(26).verdict()).isNotEqualTo(Verdict.ROLLBACK);
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    GateSignal signal = gate.look(30);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(gate.look(31).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void more_harm_in_the_stage_of_the_override_is_told_and_rolls_the_next_stage_back() {
    GateFixture gate = harmed(Assignment.MATCHED);
    gate.look(7);
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    GateSignal same = gate.look(8);
    assertThat(same.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(GateFixture.codes(same)).contains("HARM_SHOWN", "OVERRIDDEN");
    gate.stage(1, 24).alike(30_000);
    assertThat(gate.look(30).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void a_ramped_stage_after_an_override_judges_its_own_units() {
    GateFixture gate = harmed(Assignment.RAMPED);
    gate.look(7);
    gate.stage(1, 24).enter(0, 7_500, 1_500, 750, 0).enter(1, 2_500, 500, 250, 0);
    assertThat(gate.look(30).verdict()).isNotEqualTo(Verdict.ROLLBACK);
    gate.enter(0, 75_000, 15_000, 7_500, 0).enter(1, 25_000, 3_000, 2_500, 0);
    assertThat(gate.look(31).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void without_an_override_harm_stays_in_the_next_stage_and_a_new_attempt_begins_afresh() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.stage(1, 24).alike(100_000);
    assertThat(gate.look(30).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.again(31).alike(1_000);
    GateSignal fresh = gate.look(34);
    assertThat(fresh.attempt()).isEqualTo(2);
    assertThat(fresh.verdict()).isEqualTo(Verdict.HOLD);
  }

  @Test
  void a_rollback_set_by_a_person_stays_too() {
    GateFixture gate = new GateFixture().alike(2_000);
    gate.decide("override", 2, List.of(), "ROLLBACK");
    assertThat(gate.look(3).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.stage(1, 24);
    GateSignal later = gate.look(25);
    assertThat(later.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(GateFixture.codes(later)).contains("ROLLBACK_SET");
    gate.decide("override", 26, List.of(), "HOLD").look(27);
    gate.stage(2, 48);
    assertThat(gate.look(49).verdict()).isNotEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void an_override_survives_a_restart() {
    GateFixture gate = harmed(Assignment.MATCHED);
    gate.look(7);
    GateState copy = gate.state.copy();
    assertThat(copy.answered).isEqualTo(gate.state.answered).isNotEmpty();
    assertThat(copy.overrideId).isEqualTo("decision-6");
  }
}
