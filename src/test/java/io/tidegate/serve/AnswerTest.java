package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.job.Definitions;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Decided;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import io.tidegate.serve.Answer.Outcome;
import io.tidegate.serve.RolloutState.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

  private static final Ageing WALL = new Ageing(true, Duration.ofMinutes(5));
  private static final Ageing EVENTS = new Ageing(false, Duration.ofMinutes(5));
  private static final long T1 = START_MS + MINUTE_MS;

  /** The canary entered and judged once. */
  private static Topic canary(Verdict verdict) {
    return Topic.defined()
        .event(Kind.STAGE_ENTERED, "canary", START_MS)
        .tick(T1)
        .verdict(verdict, "canary", 1, T1);
  }

  private static Answer ask(Topic topic, String stage) {
    return Answer.of(topic.board.state(ROLLOUT), stage, WALL, T1 + 1_000);
  }

  @ParameterizedTest
  @CsvSource({"ADVANCE, PASS", "HOLD, INCONCLUSIVE", "REVIEW, INCONCLUSIVE", "ROLLBACK, FAIL"})
  void verdict_of_the_stage_in_force_is_passed_on(Verdict verdict, Outcome outcome) {
    for (String stage : List.of("", "canary")) {
      Answer answer = ask(canary(verdict), stage);
      assertThat(answer.outcome()).isEqualTo(outcome);
      assertThat(answer.code()).isEqualTo(verdict.name());
      assertThat(answer.sentence()).startsWith(verdict + " at stage canary: ");
    }
  }

  @Test
  void stage_entered_after_the_verdict_is_not_judged_by_it() {
    Topic topic = canary(Verdict.ADVANCE).event(Kind.STAGE_ENTERED, "early", T1);
    assertThat(ask(topic, "").code()).isEqualTo("NOT_JUDGED");
    assertThat(ask(topic, "early").code()).isEqualTo("NOT_JUDGED");
    assertThat(ask(topic, "canary").code()).isEqualTo("STAGE_LEFT");
    assertThat(ask(topic, "half").code()).isEqualTo("STAGE_NOT_ENTERED");
  }

  @Test
  void stage_without_a_verdict_says_when_it_is_judged_first_and_whether_the_gate_runs() {
    long entered = T1 + 20_000;
    Topic topic = canary(Verdict.ADVANCE).event(Kind.STAGE_ENTERED, "early", entered);
    String due = "stage early has no verdict yet: its first look ";
    RolloutState state = topic.board.state(ROLLOUT);
    assertThat(Answer.of(state, "early", WALL, entered).sentence())
        .isEqualTo(due + "is due at 2026-01-05T00:02:00Z");
    assertThat(Answer.of(state, "early", EVENTS, entered + 60 * MINUTE_MS).sentence())
        .isEqualTo(due + "is due at 2026-01-05T00:02:00Z");
    assertThat(Answer.of(state, "early", WALL, entered + 60 * MINUTE_MS).sentence())
        .isEqualTo(
            due
                + "was due at 2026-01-05T00:02:00Z, but the clock stopped 60 min ago: is the gate"
                + " running?");
    state = topic.tick(entered + 60 * MINUTE_MS).board.state(ROLLOUT);
    assertThat(Answer.of(state, "early", EVENTS, entered).sentence())
        .endsWith("was due at 2026-01-05T00:02:00Z, but the gate is 60 min behind its clock");
  }

  @Test
  void rollback_says_nothing_of_what_an_advance_would_have_taken() {
    Reason harm = new Reason("HARM_SHOWN", "errors is worse", "", "");
    Reason units = new Reason("MIN_UNITS", "the smallest variant has 1 of 9 units", "1", "9");
    Reason overdue = new Reason("RESPONSE_OVERDUE", "nobody has answered", "", "");
    GateSignal back =
        Topic.signal(Verdict.ROLLBACK, "canary", 1, T1)
            .told(List.of(harm, units, overdue), List.of(), List.of(units.sentence()));
    assertThat(Answer.reasons(Phase.RUNNING, back)).containsExactly(harm, overdue);
    assertThat(Answer.reasons(Phase.ROLLED_BACK, back)).containsExactly(harm);
    assertThat(Answer.sentence(back)).doesNotContain("smallest variant");
    GateSignal hold =
        Topic.signal(Verdict.HOLD, "canary", 1, T1)
            .told(List.of(units), List.of(), List.of(units.sentence()));
    assertThat(Answer.reasons(Phase.RUNNING, hold)).containsExactly(units);
    assertThat(Answer.reasons(Phase.ROLLED_BACK, hold)).isEmpty();
  }

  @Test
  void rollback_fails_whatever_stage_is_asked_about() {
    Topic topic = canary(Verdict.ROLLBACK).event(Kind.STAGE_ENTERED, "early", T1);
    for (String stage : List.of("", "canary", "early", "full")) {
      assertThat(ask(topic, stage).outcome()).isEqualTo(Outcome.FAIL);
    }
    assertThat(ask(topic.event(Kind.COMPLETED, "", T1), "").outcome()).isEqualTo(Outcome.FAIL);
  }

  @Test
  void new_attempt_waits_for_its_own_verdict() {
    Topic topic = canary(Verdict.ADVANCE).event(Kind.ROLLED_BACK, "", T1);
    assertThat(ask(topic, "").code()).isEqualTo("ROLLED_BACK");
    topic.event(Kind.STAGE_ENTERED, "canary", T1);
    assertThat(ask(topic, "canary").code()).isEqualTo("NOT_JUDGED");
    topic.verdict(Verdict.ADVANCE, "canary", 2, T1 + 1);
    assertThat(ask(topic, "canary").outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void pause_and_decision_stop_an_advance_that_knows_nothing_of_them() {
    Topic paused = canary(Verdict.ADVANCE).event(Kind.PAUSED, "", T1);
    assertThat(ask(paused, "").code()).isEqualTo("NOT_JUDGED");
    Topic decided = canary(Verdict.ADVANCE);
    decided.rollout(
        new RolloutEvent(
            "x",
            T1,
            ROLLOUT,
            Kind.DECISION,
            "",
            "ben",
            0,
            "",
            List.of(),
            List.of(),
            "",
            "",
            new Decided("override", List.of(), "HOLD", ""),
            null));
    assertThat(ask(decided, "").sentence()).contains("ben", "decision");
    decided.tick(T1 + 1).verdict(Verdict.ADVANCE, "canary", 1, T1 + 1);
    assertThat(ask(decided, "").outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void stopped_clock_and_a_gate_behind_its_clock_make_an_advance_stale() {
    Topic topic = canary(Verdict.ADVANCE);
    long later = T1 + 10 * MINUTE_MS;
    Answer stopped = Answer.of(topic.board.state(ROLLOUT), "", WALL, later);
    assertThat(stopped.code()).isEqualTo("STALE");
    assertThat(stopped.sentence()).isEqualTo("the clock stopped 10 min ago: is the gate running?");
    assertThat(Answer.of(topic.board.state(ROLLOUT), "", EVENTS, later).outcome())
        .isEqualTo(Outcome.PASS);
    topic.tick(later);
    Answer behind = Answer.of(topic.board.state(ROLLOUT), "", EVENTS, later);
    assertThat(behind.sentence()).isEqualTo("the gate is 10 min behind its clock");
  }

  @Test
  void rollback_is_never_too_old() {
    Topic topic = canary(Verdict.ROLLBACK);
    long later = T1 + 1_000 * MINUTE_MS;
    assertThat(Answer.of(topic.board.state(ROLLOUT), "", WALL, later).outcome())
        .isEqualTo(Outcome.FAIL);
  }

  @Test
  void what_is_not_known_is_said() {
    assertThat(ask(Topic.defined(), "").code()).isEqualTo("NOT_ENTERED");
    assertThat(ask(Topic.defined(), "").sentence())
        .contains("tidegate rollout enter checkout-v2 canary");
    assertThat(ask(Topic.defined(), "canari").sentence()).contains("did you mean canary?");
    Topic undefined = new Topic();
    undefined.verdict(Verdict.ADVANCE, "canary", 1, T1);
    assertThat(ask(undefined, "").code()).isEqualTo("NOT_DEFINED");
    assertThat(Answer.unknownRollout("checkout-v3", List.of(ROLLOUT)).sentence())
        .isEqualTo("there is no rollout checkout-v3; did you mean checkout-v2?");
  }

  @Test
  void completed_rollout_passes() {
    assertThat(ask(canary(Verdict.ADVANCE).event(Kind.COMPLETED, "", T1), "").code())
        .isEqualTo("COMPLETED");
  }

  @Test
  void verdict_that_cannot_be_read_takes_the_one_before_away() {
    Topic topic = canary(Verdict.ADVANCE);
    byte[] key = ROLLOUT.getBytes(StandardCharsets.UTF_8);
    topic.board.verdict(key, new byte[] {'{'}, T1);
    assertThat(ask(topic, "").code()).isEqualTo("NOT_JUDGED");
    assertThat(topic.board.skipped()).isEqualTo(1);
    topic.verdict(Verdict.ADVANCE, "canary", 1, T1);
    topic.board.verdict(key, null, T1);
    assertThat(ask(topic, "").code()).isEqualTo("NOT_JUDGED");
  }

  @Test
  void board_read_again_is_the_same() {
    Topic first = canary(Verdict.ADVANCE);
    Topic second = canary(Verdict.ADVANCE);
    assertThat(second.board.state(ROLLOUT).signal()).isEqualTo(first.board.state(ROLLOUT).signal());
    assertThat(new Board(Definitions.READER, DecodeLimits.DEFAULT).shown()).isEmpty();
  }
}
