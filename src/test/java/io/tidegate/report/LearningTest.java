package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Margin;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningTest {

  /** A difference of conversion from 5 % and half its range's width. */
  private static Contrast found(double effect, double half) {
    return Contrast.of(
        SampleRollout.spec().metrics().stream()
            .filter(m -> m.name().equals("conversion"))
            .findFirst()
            .orElseThrow(),
        "",
        SampleRollout.row(
            0, 0, "conversion", "all", "*", Purpose.SUCCESS, effect, half, 0.05, 10_000, 1.0));
  }

  @ParameterizedTest
  @CsvSource({
    " 0.005, 0.002, 0.08, CAME_TRUE",
    " 0.005, 0.002, 0.20, SMALLER",
    "-0.005, 0.002, 0.08, OPPOSITE",
    " 0.001, 0.002, 0.08, UNCLEAR",
  })
  void hypothesis_comes_out_by_direction_and_by_whether_its_size_is_plausible(
      double effect, double half, double expected, Learning.Outcome outcome) {
    assertThat(Learning.outcome(new Margin(expected, null), found(effect, half)))
        .isEqualTo(outcome);
  }

  @Test
  void rollout_taken_back_on_harm_was_stopped_at_its_stage() {
    Learning learning = Learning.of(SampleRollout.rolledBack());
    Learning.Harm harm = learning.stopped().orElseThrow();
    assertThat(harm.stage()).isEqualTo("half");
    assertThat(harm.percent()).isEqualTo(50);
    assertThat(harm.what()).contains("got worse");
    assertThat(learning.stages())
        .extracting(Learning.StageTime::stage)
        .containsExactly("canary", "early", "half");
    assertThat(learning.stages().get(0).hours()).isBetween(12.0, 13.0);
  }

  @ParameterizedTest
  @CsvSource({"HARM_SHOWN, 50, true", "HARM_SHOWN, 100, false", "ROLLBACK_SET, 50, false"})
  void harm_was_stopped_where_it_was_shown_before_everyone_had_the_change(
      String code, double percent, boolean stopped) {
    ReportData all = SampleRollout.rolledBack();
    List<GateSignal> signals =
        List.of(
            SampleRollout.signal(
                Verdict.ROLLBACK,
                2,
                "half",
                percent,
                all.asOfMs(),
                List.of(new Reason(code, "why", "", "")),
                null,
                List.of()));
    assertThat(
            Learning.of(SampleRollout.with(all, all.events(), signals, all.estimates()))
                .stopped()
                .isPresent())
        .isEqualTo(stopped);
  }

  @Test
  void effect_in_a_segment_is_that_of_the_first_treatment() {
    Estimate better = mobile(0.005);
    Estimate worse = mobile(-0.005);
    ReportData data =
        ReportData.judged(
            SampleRollout.withTreatments(List.of("red", "blue")),
            Resolved.NONE,
            "",
            1,
            SampleRollout.START,
            List.of(),
            List.of(),
            List.of(SampleRollout.with(worse, "blue"), SampleRollout.with(better, "red")),
            List.of());
    assertThat(Learning.of(data).outcome()).isEqualTo(Learning.Outcome.CAME_TRUE);
  }

  private static Estimate mobile(double effect) {
    return SampleRollout.row(
        0,
        SampleRollout.START,
        "conversion",
        "device",
        "mobile",
        Purpose.SUCCESS,
        effect,
        0.002,
        0.05,
        10_000,
        1.0);
  }

  @Test
  void override_of_another_verdict_is_a_reversal_and_an_approval_is_none() {
    ReportData all = SampleRollout.rolledBack();
    long atMs = all.signals().get(0).boundaryMs() + 1;
    Verdict before = all.signals().get(0).verdict();
    List<RolloutEvent> events =
        List.of(
            decided(atMs, new RolloutEvent.Decided("override", List.of(), "REVIEW", "")),
            decided(atMs, new RolloutEvent.Decided("override", List.of(), before.name(), "")),
            decided(atMs, new RolloutEvent.Decided("approve", List.of("LATE"), "", "")));
    Learning learning =
        Learning.of(SampleRollout.with(all, events, all.signals(), all.estimates()));
    assertThat(learning.reversals())
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.before()).isEqualTo(before.name());
              assertThat(r.verdict()).isEqualTo("REVIEW");
            });
    assertThat(learning.decisions()).hasSize(3).contains("approve LATE by ana: why");
  }

  private static RolloutEvent decided(long timeMs, RolloutEvent.Decided decided) {
    RolloutEvent bare = RolloutEvent.bare("d" + timeMs, timeMs, "checkout-v2", Kind.DECISION, "");
    return new RolloutEvent(
        bare.eventId(),
        timeMs,
        bare.rolloutId(),
        bare.kind(),
        "",
        "ana",
        0,
        "why",
        List.of(),
        List.of(),
        "",
        "",
        decided,
        null);
  }
}
