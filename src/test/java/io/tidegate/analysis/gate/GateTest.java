package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.UnitDelta;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of judgement on sums made by hand. */
class GateTest {

  private static final long ONE = 1_000_000L;
  private static final long ENTERED_MS = Rollouts.START_MS + 17 * 60_000L;
  private static final int CONVERSION = 0;
  private static final int REQUESTS = 1;
  private static final int REVENUE = 2;
  private static final int ERRORS = 3;

  private final GateState state = new GateState();
  private final List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m").subList(0, 2));

  /**
   * Units of a variant enter; {@code converts} of them buy, and each makes ten requests of which
   * {@code errors} in all fail.
   */
  private void enter(int variant, int units, int converts, int errors, int segment) {
    CellBatch batch = new CellBatch();
    for (int u = 0; u < units; u++) {
      add(batch, variant, segment, CellKey.UNITS, true, 0, 0);
      add(batch, variant, segment, REQUESTS, false, (9 + u % 3) * ONE, 0);
      if (u < converts) {
        add(batch, variant, segment, CONVERSION, false, ONE, 0);
        add(batch, variant, segment, REVENUE, false, (20 + u % 5) * ONE, 0);
      }
      add(batch, variant, segment, ERRORS, false, u < errors ? ONE : 0, 10 * ONE);
    }
    state.add(batch.write("m"));
  }

  private static void add(
      CellBatch batch, int variant, int segment, int channel, boolean enters, long y, long d) {
    UnitDelta delta = new UnitDelta();
    delta.rolloutId = "m";
    delta.bucketMs = ENTERED_MS;
    delta.attempt = 1;
    delta.process = CellKey.MATCHED;
    delta.stratum = 0;
    delta.variant = variant;
    delta.segments = new int[] {0, segment};
    delta.channel = channel;
    delta.sign = 1;
    delta.enters = enters;
    delta.yNew = y;
    delta.dNew = d;
    batch.add(delta);
  }

  private GateSignal look(long hours) {
    Evaluation evaluation =
        Gate.evaluate(state, timeline(), Rollouts.START_MS + hours * Rollouts.HOUR_MS);
    assertThat(evaluation).isNotNull();
    return signal(evaluation);
  }

  private static GateSignal signal(@Nullable Evaluation evaluation) {
    if (evaluation == null) {
      throw new AssertionError("no evaluation");
    }
    return evaluation.signal();
  }

  private Timeline timeline() {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    events.forEach(e -> controls.add(sequencer.next(e)));
    return Timeline.of("m", controls, Rollouts.reader(Assignment.MATCHED));
  }

  private void decide(String action, long hours, List<String> codes, String verdict) {
    events.add(
        new RolloutEvent(
            "decision-" + hours,
            Rollouts.START_MS + hours * Rollouts.HOUR_MS,
            "m",
            RolloutEvent.Kind.DECISION,
            "",
            "ann",
            1,
            "seen",
            List.of(),
            List.of(),
            "",
            "",
            new RolloutEvent.Decided(action, codes, verdict, ""),
            null));
  }

  private static List<String> codes(GateSignal signal) {
    return signal.reasons().stream().map(Reason::code).toList();
  }

  @Test
  void without_units_the_gate_holds_and_says_what_is_missing() {
    GateSignal signal = look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(codes(signal)).contains("MIN_UNITS", "CANNOT_SAY");
    assertThat(signal.missing()).anyMatch(m -> m.contains("0 of 100 units"));
  }

  @Test
  void healthy_evidence_advances_to_the_next_declared_percentage() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 4_010, 1_990, 0);
    GateSignal signal = look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(signal.nextPercent()).isEqualTo(25.0);
    assertThat(codes(signal)).contains("ENOUGH");
  }

  @Test
  void the_stage_must_run_its_time() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 4_010, 1_990, 0);
    assertThat(look(5).verdict()).isEqualTo(Verdict.HOLD);
  }

  @Test
  void harm_rolls_back_and_stays_until_a_person_overrides() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 2_500, 2_000, 0);
    GateSignal harmed = look(5);
    assertThat(harmed.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(harmed.reasons().get(0).sentence())
        .contains("conversion is worse than control by more than 0.1");
    assertThat(harmed.respondByMs()).isEqualTo(harmed.boundaryMs() + 30 * 60_000L);
    enter(1, 20_000, 20_000, 0, 0);
    enter(0, 20_000, 4_000, 0, 0);
    assertThat(look(6).verdict()).isEqualTo(Verdict.ROLLBACK);
    decide("override", 7, List.of(), "HOLD");
    GateSignal overridden = look(8);
    assertThat(overridden.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(overridden.overridden()).isTrue();
    assertThat(codes(overridden)).contains("OVERRIDDEN");
  }

  @Test
  void harm_in_one_segment_rolls_back_and_is_named() {
    enter(0, 10_000, 2_000, 0, 0);
    enter(0, 30_000, 6_000, 0, 1);
    enter(1, 10_000, 1_200, 0, 0);
    enter(1, 30_000, 6_800, 0, 1);
    GateSignal signal = look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(signal.reasons()).anyMatch(r -> r.sentence().contains("in device=mobile"));
    assertThat(signal.reasons())
        .noneMatch(r -> r.code().equals("HARM_SHOWN") && !r.sentence().contains("mobile"));
  }

  @Test
  void errors_that_appear_from_a_zero_control_are_harm() {
    enter(0, 5_000, 1_000, 0, 0);
    enter(1, 5_000, 1_000, 400, 0);
    GateSignal signal = look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(signal.reasons().get(0).sentence()).startsWith("errors is worse");
  }

  @Test
  void a_skewed_split_is_reviewed_and_an_approval_lets_it_pass() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 22_000, 4_410, 2_190, 0);
    GateSignal skewed = look(13);
    assertThat(skewed.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(codes(skewed)).contains("SAMPLE_RATIO_MISMATCH");
    decide("approve", 14, List.of("SAMPLE_RATIO_MISMATCH"), "");
    assertThat(look(15).verdict()).isEqualTo(Verdict.ADVANCE);
  }

  /** Events that took part, and units whose events came late. */
  private void late(int variant, int events, int lateUnits) {
    CellBatch batch = new CellBatch();
    for (int i = 0; i < events; i++) {
      add(batch, variant, 0, CellKey.USED, true, 0, 0);
    }
    for (int i = 0; i < lateUnits; i++) {
      add(batch, variant, 0, CellKey.LATE_UNITS, true, 0, 0);
    }
    state.add(batch.write("m"));
  }

  @Test
  void harm_is_reviewed_and_does_not_latch_while_events_come_late_in_one_variant() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 2_500, 2_000, 0);
    late(0, 50_000, 100);
    late(1, 50_000, 200);
    GateSignal doubtful = look(5);
    assertThat(doubtful.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(codes(doubtful)).contains("HARM_SHOWN", "DELAY_DIFFERS");
    assertThat(doubtful.reasons().get(0).sentence()).contains("not acted upon");
    assertThat(state.rolledBack).isFalse();
    decide("approve", 6, List.of("DELAY_DIFFERS"), "");
    assertThat(look(7).verdict()).isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void harm_shown_before_events_came_late_stays() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 2_500, 2_000, 0);
    assertThat(look(5).verdict()).isEqualTo(Verdict.ROLLBACK);
    late(0, 50_000, 100);
    late(1, 50_000, 200);
    GateSignal signal = look(6);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(codes(signal)).contains("DELAY_DIFFERS");
  }

  @Test
  void a_treatment_whose_units_do_half_as_much_is_not_taken_for_a_delay() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 2_000, 2_000, 0);
    late(0, 100_000, 1_000);
    late(1, 50_000, 500);
    GateSignal signal = look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(codes(signal)).doesNotContain("DELAY_DIFFERS");
  }

  @Test
  void a_refused_event_is_reviewed() {
    events.add(
        RolloutEvent.bare("down", ENTERED_MS + 1, "m", RolloutEvent.Kind.STAGE_ENTERED, "canary"));
    GateSignal signal = look(5);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(signal.reasons().get(0).sentence()).contains("a stage must raise the percentage");
  }

  @Test
  void a_paused_rollout_does_not_advance() {
    enter(0, 20_000, 4_000, 2_000, 0);
    enter(1, 20_000, 4_010, 1_990, 0);
    events.add(RolloutEvent.bare("p", ENTERED_MS + 1, "m", RolloutEvent.Kind.PAUSED, ""));
    assertThat(codes(look(13))).contains("PAUSED").doesNotContain("ENOUGH");
  }

  @Test
  void the_same_data_have_the_same_hash_and_other_data_another() {
    enter(0, 200, 40, 20, 0);
    enter(1, 200, 41, 20, 0);
    GateState copy = state.copy();
    String hash = look(5).dataHash();
    assertThat(
            signal(Gate.evaluate(copy, timeline(), Rollouts.START_MS + 5 * Rollouts.HOUR_MS))
                .dataHash())
        .isEqualTo(hash);
    assertThat(look(6).dataHash()).isNotEqualTo(hash);
  }

  @Test
  void a_boundary_is_not_evaluated_twice() {
    look(5);
    assertThatThrownBy(() -> look(5)).hasMessageContaining("is not later than the last");
  }
}
