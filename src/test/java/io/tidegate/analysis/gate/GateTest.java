package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The order of judgement on sums made by hand. */
class GateTest {

  private final GateFixture gate = new GateFixture();

  /** Mobile converts a third as often and comes twice as often in the second stage. */
  @Test
  void a_mix_that_shifts_between_stages_is_no_harm() {
    GateFixture gate = new GateFixture();
    for (int variant = 0; variant < 2; variant++) {
      gate.enter(variant, 1_000, 100, 50, 0).enter(variant, 2_000, 600, 100, 1);
    }
    GateSignal before = gate.look(13);
    gate.stage(1, 24);
    for (int variant = 0; variant < 2; variant++) {
      gate.enter(variant, 4_000, 400, 200, 0).enter(variant, 2_000, 600, 100, 1);
    }
    GateSignal after = gate.look(48);
    for (GateSignal signal : List.of(before, after)) {
      assertThat(signal.verdict()).isNotEqualTo(Verdict.ROLLBACK);
      assertThat(GateFixture.codes(signal)).doesNotContain("HARM_SHOWN", "WORSE_WITHIN_TOLERANCE");
    }
  }

  @Test
  void without_units_the_gate_holds_and_says_what_is_missing() {
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(GateFixture.codes(signal)).contains("MIN_UNITS", "CANNOT_SAY");
    assertThat(signal.missing()).anyMatch(m -> m.contains("0 of 100 units"));
  }

  @Test
  void healthy_evidence_advances_to_the_next_declared_percentage() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 4_010, 1_990, 0);
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(signal.nextPercent()).isEqualTo(25.0);
    assertThat(GateFixture.codes(signal)).contains("ENOUGH");
  }

  @Test
  void a_sum_over_currencies_without_a_rate_is_not_known_and_nothing_advances() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 4_010, 1_990, 0);
    gate.unknownCurrency(1, 3);
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(signal.reasons())
        .anyMatch(
            r ->
                r.code().equals("CANNOT_SAY")
                    && r.sentence()
                        .contains(
                            "NO_RATE: units with a value in a currency without a rate to EUR: 3"));
  }

  @Test
  void the_stage_must_run_its_time() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 4_010, 1_990, 0);
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.HOLD);
  }

  @Test
  void of_several_treatments_a_reason_names_the_one_that_does_harm() {
    gate.secondTreatment("on-b");
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 4_010, 1_990, 0);
    gate.enter(2, 20_000, 2_500, 2_000, 0);
    GateSignal harmed = gate.look(5);
    assertThat(harmed.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(harmed.reasons())
        .filteredOn(r -> r.code().equals("HARM_SHOWN"))
        .isNotEmpty()
        .allMatch(r -> r.sentence().contains(" is worse with on-b than with control by more than"));
  }

  @Test
  void of_several_treatments_a_reason_names_the_one_that_is_worse_or_near_harm() {
    Map<String, String> told = new TreeMap<>();
    for (int converts = 4_000; converts > 3_000; converts -= 20) {
      GateFixture each = new GateFixture().secondTreatment("on-b");
      each.enter(0, 20_000, 4_000, 2_000, 0);
      each.enter(1, 20_000, 4_010, 1_990, 0);
      each.enter(2, 20_000, converts, 2_000, 0);
      each.look(5).reasons().forEach(r -> told.putIfAbsent(r.code(), r.sentence()));
    }
    assertThat(told.get("HARM_NOT_YET_SHOWN"))
        .contains(" is not shown to be worse with on-b than with control by more than");
    assertThat(told.get("WORSE_WITHIN_TOLERANCE"))
        .contains(" is worse with on-b than with control (now");
  }

  @Test
  void harm_rolls_back_and_stays_until_a_person_overrides() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 2_500, 2_000, 0);
    GateSignal harmed = gate.look(5);
    assertThat(harmed.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(harmed.reasons().get(0).sentence())
        .contains(
            "conversion is worse than control by more than the 10 % that is tolerated (now 12.5 % "
                + "against 20 %, -37.5 %)");
    assertThat(harmed.respondByMs()).isEqualTo(harmed.boundaryMs() + 30 * 60_000L);
    gate.enter(1, 20_000, 20_000, 0, 0);
    gate.enter(0, 20_000, 4_000, 0, 0);
    assertThat(gate.look(6).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.decide("override", 7, List.of(), "HOLD");
    GateSignal overridden = gate.look(8);
    assertThat(overridden.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(overridden.overridden()).isTrue();
    assertThat(GateFixture.codes(overridden)).contains("OVERRIDDEN");
  }

  @Test
  void harm_in_one_segment_rolls_back_and_is_named() {
    gate.enter(0, 10_000, 2_000, 0, 0);
    gate.enter(0, 30_000, 6_000, 0, 1);
    gate.enter(1, 10_000, 1_200, 0, 0);
    gate.enter(1, 30_000, 6_800, 0, 1);
    GateSignal signal = gate.look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(signal.reasons()).anyMatch(r -> r.sentence().contains("in device=mobile"));
    assertThat(signal.reasons())
        .noneMatch(r -> r.code().equals("HARM_SHOWN") && !r.sentence().contains("mobile"));
  }

  @Test
  void errors_that_appear_from_a_zero_control_are_harm() {
    gate.enter(0, 5_000, 1_000, 0, 0);
    gate.enter(1, 5_000, 1_000, 400, 0);
    GateSignal signal = gate.look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(signal.reasons().get(0).sentence()).startsWith("errors is worse");
  }

  @Test
  void a_skewed_split_is_reviewed_and_an_approval_lets_it_pass() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 22_000, 4_410, 2_190, 0);
    GateSignal skewed = gate.look(13);
    assertThat(skewed.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(skewed)).contains("SAMPLE_RATIO_MISMATCH");
    gate.decide("approve", 14, List.of("SAMPLE_RATIO_MISMATCH"), "");
    assertThat(gate.look(15).verdict()).isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void harm_is_reviewed_and_does_not_latch_while_events_come_late_in_one_variant() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 2_500, 2_000, 0);
    gate.late(0, 50_000, 100);
    gate.late(1, 50_000, 200);
    GateSignal doubtful = gate.look(5);
    assertThat(doubtful.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(doubtful)).contains("HARM_SHOWN", "DELAY_DIFFERS");
    assertThat(doubtful.reasons().get(0).sentence()).contains("not acted upon");
    assertThat(gate.state.rolledBack).isFalse();
    gate.decide("approve", 6, List.of("DELAY_DIFFERS"), "");
    assertThat(gate.look(7).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void harm_shown_before_events_came_late_stays() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.late(0, 50_000, 100);
    gate.late(1, 50_000, 200);
    GateSignal signal = gate.look(6);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(GateFixture.codes(signal)).contains("DELAY_DIFFERS");
  }

  @Test
  void a_treatment_whose_units_do_half_as_much_is_not_taken_for_a_delay() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 2_000, 2_000, 0);
    gate.late(0, 100_000, 1_000);
    gate.late(1, 50_000, 500);
    GateSignal signal = gate.look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(GateFixture.codes(signal)).doesNotContain("DELAY_DIFFERS");
  }

  /** Late units are as many in both, late events per event twice as many in the treatment. */
  @Test
  void harm_by_doing_less_is_not_doubted_where_as_many_units_are_late() {
    for (int late : List.of(60, 2_000)) {
      GateFixture gate = new GateFixture();
      gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_000, 2_000, 0);
      gate.late(0, 100_000, late).late(1, 50_000, late);
      GateSignal signal = gate.look(5);
      assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
      assertThat(GateFixture.codes(signal)).doesNotContain("DELAY_DIFFERS");
    }
  }

  @Test
  void a_few_late_events_in_one_variant_doubt_a_harm() {
    GateSignal signal = doubtful().look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(signal)).contains("HARM_SHOWN", "DELAY_DIFFERS");
  }

  @Test
  void a_harm_that_was_doubted_and_is_over_does_not_roll_back() {
    GateFixture gate = doubtful();
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.REVIEW);
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 5_500, 2_000, 0).late(0, 0, 4);
    for (int hour = 6; hour < 9; hour++) {
      GateSignal signal = gate.look(hour);
      assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(GateFixture.codes(signal))
          .doesNotContain("HARM_SHOWN", "HARM_NOT_YET_SHOWN", "DELAY_DIFFERS");
    }
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 1_000, 2_000, 0);
    assertThat(gate.look(9).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void a_harm_that_was_doubted_and_is_still_shown_rolls_back_once_nobody_doubts_it() {
    GateFixture gate = doubtful();
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.REVIEW);
    gate.late(0, 0, 4);
    GateSignal signal = gate.look(6);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(GateFixture.codes(signal)).doesNotContain("DELAY_DIFFERS");
  }

  /** The smallest number of late events that is uneven. */
  private static GateFixture doubtful() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    return gate.late(0, 50_000, 0).late(1, 50_000, 6);
  }

  @Test
  void a_rollback_that_stands_is_acted_upon_whatever_comes_late_afterwards() {
    gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(gate.look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    gate.late(0, 50_000, 0).late(1, 50_000, 6);
    GateSignal few = gate.look(6);
    assertThat(few.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(GateFixture.codes(few)).contains("HARM_SHOWN").doesNotContain("DELAY_DIFFERS");
    gate.late(1, 0, 100);
    GateSignal many = gate.look(7);
    assertThat(GateFixture.codes(many)).contains("HARM_SHOWN", "DELAY_DIFFERS");
    assertThat(many.reasons()).noneMatch(r -> r.sentence().contains("not acted upon"));
  }

  @Test
  void a_refused_event_is_reviewed() {
    gate.events.add(
        RolloutEvent.bare(
            "down", GateFixture.ENTERED_MS + 1, "m", RolloutEvent.Kind.STAGE_ENTERED, "canary"));
    GateSignal signal = gate.look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(signal.reasons().get(0).sentence()).contains("a stage must raise the percentage");
  }

  @Test
  void a_paused_rollout_does_not_advance() {
    gate.enter(0, 20_000, 4_000, 2_000, 0);
    gate.enter(1, 20_000, 4_010, 1_990, 0);
    gate.events.add(
        RolloutEvent.bare("p", GateFixture.ENTERED_MS + 1, "m", RolloutEvent.Kind.PAUSED, ""));
    assertThat(GateFixture.codes(gate.look(13))).contains("PAUSED").doesNotContain("ENOUGH");
  }

  @Test
  void the_same_data_have_the_same_hash_and_other_data_another() {
    gate.enter(0, 200, 40, 20, 0);
    gate.enter(1, 200, 41, 20, 0);
    GateState copy = gate.state.copy();
    String hash = gate.look(5).dataHash();
    assertThat(
            GateFixture.signal(
                    Gate.evaluate(copy, gate.timeline(), Rollouts.START_MS + 5 * Rollouts.HOUR_MS))
                .dataHash())
        .isEqualTo(hash);
    assertThat(gate.look(6).dataHash()).isNotEqualTo(hash);
  }

  @Test
  void a_boundary_is_not_evaluated_twice() {
    gate.look(5);
    assertThatThrownBy(() -> gate.look(5)).hasMessageContaining("is not later than the last");
  }

  @Test
  void a_small_segment_and_the_one_that_hides_it_are_named_nowhere() {
    GateFixture gate = new GateFixture();
    // 40 units and 300 of device, and 20,000 of others: harm in the second alone.
    gate.enter(0, 40, 8, 0, 0).enter(1, 40, 8, 0, 0);
    gate.enter(0, 300, 150, 0, 1).enter(1, 300, 15, 0, 1);
    gate.enter(0, 20_000, 4_000, 0, 2).enter(1, 20_000, 4_000, 0, 2);
    GateSignal signal = gate.look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(signal.reasons())
        .filteredOn(r -> r.code().equals("HARM_SHOWN"))
        .isNotEmpty()
        .allSatisfy(
            r ->
                assertThat(r.sentence())
                    .contains(" in a small segment of device is worse")
                    .doesNotContain("now"))
        .allSatisfy(r -> assertThat(r.observed()).isEmpty());
    assertThat(signal.evidence()).noneMatch(e -> e.dimension().equals("device"));
  }

  @Test
  void how_far_a_small_segment_is_from_harm_is_told_without_a_figure() {
    List<Reason> near = new ArrayList<>();
    for (int converts = 150; near.isEmpty() && converts > 0; converts--) {
      GateFixture each = new GateFixture();
      each.enter(0, 40, 8, 0, 0).enter(1, 40, 8, 0, 0);
      each.enter(0, 300, 150, 0, 1).enter(1, 300, converts, 0, 1);
      each.enter(0, 20_000, 4_000, 0, 2).enter(1, 20_000, 4_000, 0, 2);
      each.look(5).reasons().stream()
          .filter(r -> r.code().equals("HARM_NOT_YET_SHOWN"))
          .filter(r -> r.sentence().contains("small segment"))
          .forEach(near::add);
    }
    assertThat(near)
        .isNotEmpty()
        .allSatisfy(
            r -> {
              assertThat(r.sentence())
                  .endsWith("; the evidence is more than half of what ROLLBACK takes");
              assertThat(r.observed()).isEmpty();
            });
  }
}
