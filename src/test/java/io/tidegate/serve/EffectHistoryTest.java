package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectHistoryTest {

  private static final long LEAST = 50;

  private final EffectHistory history = new EffectHistory(1, LEAST);

  private static Estimate row(
      String dimension, String segment, Purpose purpose, long boundaryMs, long units) {
    return row("errors", dimension, segment, purpose, boundaryMs, units);
  }

  private static Estimate revenue(String segment, long boundaryMs, long units) {
    return row("revenue", "device", segment, Purpose.HARM, boundaryMs, units);
  }

  private static Estimate row(
      String metric,
      String dimension,
      String segment,
      Purpose purpose,
      long boundaryMs,
      long units) {
    return new Estimate(
        Topic.ROLLOUT,
        1,
        0,
        "canary",
        boundaryMs,
        0,
        "off",
        "on",
        metric,
        dimension,
        segment,
        purpose,
        Estimate.CONCURRENT,
        Estimate.RAW,
        "ratio",
        0.01,
        0.0,
        0.01,
        0.02,
        0.01,
        0.005,
        0.015,
        1.0,
        0.5,
        1.5,
        9.3,
        0.0001,
        units,
        units,
        "");
  }

  private void evidence(long boundaryMs, long mobile, long desktop, long tablet) {
    history.evidence(
        List.of(
            row("all", "*", Purpose.NON_INFERIORITY, boundaryMs, mobile + desktop + tablet),
            row("all", "*", Purpose.HARM, boundaryMs, mobile + desktop + tablet),
            row("device", "mobile", Purpose.HARM, boundaryMs, mobile),
            row("device", "desktop", Purpose.HARM, boundaryMs, desktop),
            row("device", "tablet", Purpose.HARM, boundaryMs, tablet)));
  }

  private List<String> shown() {
    return history.estimates().stream()
        .filter(e -> e.dimension().equals("device"))
        .map(e -> e.segment() + " " + e.unitsControl())
        .toList();
  }

  @Test
  void small_segment_and_the_next_smallest_are_held_back() {
    evidence(1, 4_000, 900, 9);
    assertThat(shown()).containsExactly("mobile 4000");
    assertThat(history.feed().hidden()).isEqualTo(Map.of("device", Set.of("desktop", "tablet")));
  }

  @Test
  void shown_segment_changes_only_after_enough_further_units() {
    evidence(1, 4_000, 900, 800);
    evidence(2, 4_049, 950, 800);
    assertThat(shown()).containsExactlyInAnyOrder("mobile 4000", "desktop 950", "tablet 800");
    evidence(3, 4_050, 951, 800);
    assertThat(shown()).containsExactlyInAnyOrder("mobile 4050", "desktop 950", "tablet 800");
  }

  @Test
  void evidence_sent_again_changes_nothing() {
    evidence(1, 4_000, 900, 800);
    evidence(2, 5_000, 1_900, 1_800);
    List<Estimate> before = history.estimates();
    evidence(1, 4_000, 900, 800);
    evidence(2, 5_000, 1_900, 1_800);
    assertThat(history.estimates()).isEqualTo(before);
  }

  @Test
  void boundary_of_a_shown_segment_stays() {
    evidence(1, 2_000, 500, 400);
    for (int at = 2; at <= 2 * EffectHistory.MOST_BOUNDARIES; at++) {
      long more = Math.min(at, 40);
      evidence(at, 4_000 + more, 900 + more, 800 + more);
    }
    List<Long> everyone =
        history.estimates().stream()
            .filter(e -> e.dimension().equals("all"))
            .map(Estimate::boundaryMs)
            .toList();
    assertThat(history.estimates())
        .filteredOn(e -> e.dimension().equals("device"))
        .hasSize(3)
        .allSatisfy(e -> assertThat(everyone).contains(e.boundaryMs()));
  }

  @Test
  void boundaries_are_thinned_and_the_newest_stays() {
    for (int at = 1; at <= 10 * EffectHistory.MOST_BOUNDARIES; at++) {
      evidence(at, 4_000, 900, 800);
    }
    List<Long> kept =
        history.estimates().stream()
            .filter(e -> e.dimension().equals("all"))
            .map(Estimate::boundaryMs)
            .toList();
    assertThat(kept)
        .hasSizeBetween(EffectHistory.MOST_BOUNDARIES / 2, EffectHistory.MOST_BOUNDARIES)
        .startsWith(1L)
        .endsWith(10L * EffectHistory.MOST_BOUNDARIES);
  }

  @Test
  void signal_that_names_a_segment_names_it_only_once_it_is_shown() {
    GateSignal back = Topic.signal(Verdict.ROLLBACK, "canary", 1, 5);
    history.signal(back);
    assertThat(history.signals().get(0).reasons().get(0).sentence())
        .contains("errors in device=(small) is worse");
    assertThat(history.signals().get(0).evidence()).isEmpty();
    evidence(5, 4_000, 900, 800);
    assertThat(history.signals().get(0).reasons().get(0).sentence())
        .contains("errors in device=mobile is worse");
  }

  @Test
  void newest_signal_tells_of_a_segment_no_more_than_its_published_row() {
    evidence(5, 4_000, 900, 800);
    GateSignal first = current(5, 4_000);
    assertThat(first.evidence()).extracting(Estimate::unitsControl).containsExactly(4_000L);
    assertThat(first.reasons().get(0).sentence()).contains("(now +100 %)");
    GateSignal few = current(6, 4_049);
    assertThat(few.evidence()).extracting(Estimate::unitsControl).containsExactly(4_000L);
    assertThat(few.reasons()).isEqualTo(first.reasons());
    GateSignal enough = current(7, 4_050);
    assertThat(enough.evidence()).extracting(Estimate::unitsControl).containsExactly(4_050L);
    assertThat(enough.reasons().get(0).observed()).isEqualTo("log e 7");
  }

  @Test
  void figures_stay_while_only_another_metrics_row_of_the_segment_is_new() {
    evidence(5, 4_000, 900, 800);
    GateSignal first = current(5, 4_000);
    history.evidence(List.of(revenue("mobile", 6, 4_500), revenue("desktop", 6, 900)));
    GateSignal few = current(6, 4_001);
    assertThat(few.reasons()).isEqualTo(first.reasons());
  }

  @Test
  void signals_before_the_newest_tell_no_figure_of_a_segment() {
    evidence(5, 4_000, 900, 800);
    history.signal(Topic.signal(Verdict.ROLLBACK, "canary", 1, 5));
    Reason told = history.signals().get(0).reasons().get(0);
    assertThat(told.sentence())
        .isEqualTo(
            "errors in device=mobile is worse than control by more than … (now … %)"
                + " [… withheld: a segment's figures are told at the newest look only]");
    assertThat(told.observed()).isEmpty();
  }

  @Test
  void figures_that_were_never_published_are_left_out() {
    evidence(5, 4_000, 900, 800);
    Reason reason = current(6, 4_001).reasons().get(0);
    assertThat(reason.sentence())
        .isEqualTo(
            "errors in device=mobile is worse than control by more than … (now … %)"
                + " [… withheld: too few units came to the segment since its figures were told]");
    assertThat(reason.observed()).isEmpty();
  }

  /** A rollback whose evidence is of so many units of mobile, as it may be shown. */
  private GateSignal current(long boundaryMs, long units) {
    GateSignal signal = Topic.signal(Verdict.ROLLBACK, "canary", 1, boundaryMs);
    Reason said = signal.reasons().get(0);
    return history
        .feed()
        .current(
            signal.told(
                List.of(
                    new Reason(
                        said.code(), said.sentence(), "log e " + boundaryMs, said.threshold())),
                List.of(row("device", "mobile", Purpose.HARM, boundaryMs, units)),
                signal.missing()));
  }

  @Test
  void changes_of_verdict_and_the_newest_signal_are_kept() {
    for (int at = 1; at <= 20; at++) {
      Verdict verdict = at < 10 ? Verdict.HOLD : Verdict.REVIEW;
      history.signal(Topic.signal(verdict, "canary", 1, at));
    }
    history.signal(Topic.signal(Verdict.ROLLBACK, "canary", 1, 3));
    assertThat(history.signals()).extracting(GateSignal::boundaryMs).containsExactly(1L, 10L, 20L);
  }
}
