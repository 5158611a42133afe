package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityTest {

  private static List<String> sentences(GateSignal signal, String code) {
    return signal.reasons().stream()
        .filter(r -> r.code().equals(code))
        .map(Reason::sentence)
        .toList();
  }

  @Test
  void a_split_that_is_wrong_in_one_segment_names_it() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 10_000, 2_000, 1_000, 0).enter(0, 10_000, 2_000, 1_000, 1);
    gate.enter(1, 8_000, 1_600, 800, 0).enter(1, 10_000, 2_000, 1_000, 1);
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(signal, "SAMPLE_RATIO_MISMATCH"))
        .anyMatch(
            s ->
                s.equals(
                    "the split of units, 20000 : 18000, is not the declared one: on has 47.4 % of"
                        + " them, declared are 50.0 %"))
        .anyMatch(
            s ->
                s.equals(
                    "in device=mobile the split of units, 10000 : 8000, is not the declared one; "
                        + "without it the rest is as declared"))
        .noneMatch(s -> s.contains("device=desktop"));
  }

  @Test
  void a_small_segment_with_a_wrong_split_is_not_named() {
    GateFixture gate = new GateFixture();
    gate.enter(0, 10_000, 2_000, 1_000, 0).enter(0, 300, 60, 30, 1);
    gate.enter(1, 10_000, 2_000, 1_000, 0).enter(1, 10, 2, 1, 1);
    assertThat(sentences(gate.look(13), "SAMPLE_RATIO_MISMATCH"))
        .anyMatch(s -> s.startsWith("in a small segment of device the split"))
        .noneMatch(s -> s.contains("desktop"));
  }

  @Test
  void an_invariant_outcome_that_one_variant_lacks_is_reviewed() {
    GateFixture gate = new GateFixture().invariant("session_start").alike(20_000);
    gate.joined(0, 18_000).joined(1, 17_900);
    assertThat(gate.look(13).verdict()).isEqualTo(Verdict.ADVANCE);
    gate.alike(20_000).joined(0, 18_000).joined(1, 15_000);
    GateSignal signal = gate.look(14);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(signal, "JOIN_RATE_DIFFERS"))
        .containsExactly(
            "session_start is declared invariant but 82.3 % of the units of on have it "
                + "and 90.0 % of control");
  }

  @Test
  void many_late_events_are_reviewed_and_few_lost_ones_too() {
    GateFixture gate = new GateFixture().alike(20_000);
    gate.count(CellKey.USED, 0, 9_000).count(CellKey.LATE, -1, 400);
    assertThat(GateFixture.codes(gate.look(13))).doesNotContain("LATE_SHARE");
    gate.count(CellKey.BEYOND, -1, 120);
    GateSignal lost = gate.look(14);
    assertThat(lost.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(lost, "LATE_SHARE"))
        .containsExactly("520 of 9520 events came late, 120 of them too late to count");
  }

  @Test
  void a_trigger_that_comes_more_seldom_in_one_variant_is_reviewed() {
    GateFixture gate = new GateFixture();
    gate.spec = Rollouts.triggered(gate.spec, "view_cart");
    gate.count(CellKey.EXPOSED, 0, 50_000).count(CellKey.EXPOSED, 1, 50_100).alike(20_000);
    assertThat(gate.look(13).verdict()).isEqualTo(Verdict.ADVANCE);
    gate.count(CellKey.EXPOSED, 0, 10_000).count(CellKey.EXPOSED, 1, 10_000);
    gate.enter(0, 4_000, 800, 400, 0).enter(1, 2_500, 500, 250, 0);
    GateSignal signal = gate.look(14);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(signal)).doesNotContain("SAMPLE_RATIO_MISMATCH");
    assertThat(sentences(signal, Quality.TRIGGER_RATE))
        .containsExactly(
            "view_cart lets in 40.0 % of the exposed units of off and 37.4 % of the exposed units"
                + " of on");
  }

  @Test
  void the_split_of_a_triggered_rollout_is_that_of_the_exposed() {
    GateFixture gate = new GateFixture();
    gate.spec = Rollouts.triggered(gate.spec, "view_cart");
    gate.count(CellKey.EXPOSED, 0, 50_000).count(CellKey.EXPOSED, 1, 45_000).alike(20_000);
    assertThat(sentences(gate.look(13), "SAMPLE_RATIO_MISMATCH"))
        .anyMatch(s -> s.startsWith("the split of units, 50000 : 45000, is not the declared one"));
  }
}
