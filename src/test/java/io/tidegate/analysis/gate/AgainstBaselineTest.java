package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The last stage has no control; its weeks of entry are held against a history in which a fifth
 * buy.
 */
class AgainstBaselineTest {

  private static final long FULL_FROM = 72;

  /** A week and the window of conversion. */
  static final long SETTLED = FULL_FROM + 8 * 24;

  /** Units are followed for half a week at most, so that weeks of entry begin every 11 days. */
  private static final int CYCLE = 11;

  private static final long AGAIN_SETTLED = SETTLED + CYCLE * 24;

  /** The last stage over a week in which so many of 2,100 units buy. */
  static GateFixture ofWeek(GateFixture gate, int converts) {
    return week(full(gate, 8), 0, converts);
  }

  private static GateFixture full(double weeks) {
    return full(new GateFixture(), weeks);
  }

  private static GateFixture full(GateFixture gate, double weeks) {
    return full(gate, weeks, Seasonal.entry(gate.spec, true));
  }

  /** A history whose units entered so. */
  private static GateFixture full(GateFixture gate, double weeks, String entry) {
    Seasonal.Profile fifth = profile(0.2, entry);
    gate.resolved =
        new Resolved(
            7,
            Map.of(),
            Map.of("conversion", new Resolved.MetricBase(0.2, 0.16, 0.2, Map.of())),
            List.of(),
            new Seasonal(
                "UTC",
                weeks,
                List.of(),
                Map.of(),
                Map.of(
                    "conversion",
                    fifth,
                    "revenue",
                    profile(4.4, entry),
                    "errors",
                    profile(0.01, entry)),
                Map.of()));
    return gate.alike(20_000).stage(1, 24).stage(2, 48).stage(3, FULL_FROM);
  }

  /** Two per cent of spread from hour to hour. */
  private static Seasonal.Profile profile(double level, String entry) {
    return new Seasonal.Profile(
        Collections.nCopies(Seasonal.HOURS, level), level, 0.0004, Map.of(), entry);
  }

  /** 300 units on each day of a week of entry, of which so many buy in all. */
  private static GateFixture week(GateFixture gate, int number, int converts) {
    int left = converts;
    for (int d = 0; d < 7; d++) {
      int day = number * CYCLE + d;
      int buy = Math.min(300, left);
      left -= buy;
      gate.hour(FULL_FROM + 24L * day + 1).day(day).enter(1, 300, buy, 30, 0);
    }
    return gate;
  }

  private static String complete(Evaluation evaluation) {
    return evaluation.signal().reasons().stream()
        .filter(r -> r.code().equals("COMPLETE"))
        .findFirst()
        .orElseThrow()
        .sentence();
  }

  private static Evaluation look(GateFixture gate, long hours) {
    return Objects.requireNonNull(
        Gate.evaluate(gate.state, gate.timeline(), Rollouts.START_MS + hours * Rollouts.HOUR_MS));
  }

  private static Estimate row(Evaluation evaluation, String metric) {
    return evaluation.signal().evidence().stream()
        .filter(e -> e.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void what_history_expects_completes_the_rollout_and_says_that_it_is_history() {
    Evaluation evaluation = look(week(full(8), 0, 425), SETTLED);
    GateSignal signal = evaluation.signal();
    assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(GateFixture.codes(signal)).containsExactly("COMPLETE");
    assertThat(complete(evaluation))
        .isEqualTo(
            "the last stage ran its time; it has no control, and against the baseline nothing asks"
                + " for a review of conversion");
    Estimate row = row(evaluation, "conversion");
    assertThat(row.basis()).isEqualTo(Estimate.BASELINE);
    assertThat(row.normalisation()).isEqualTo("season");
    assertThat(row.controlVariant()).isEmpty();
    assertThat(row.control()).isEqualTo(0.2);
    assertThat(row.unitsTreatment()).isEqualTo(2_100);
    assertThat(row.alpha()).as("four metrics, four weeks").isEqualTo(0.05 / 16);
    assertThat(row.relEffectSizeLower()).isNegative();
    assertThat(row.relEffectSizeUpper()).isPositive();
    assertThat(row.eValueLog()).as("no guarantee is claimed").isNull();
    assertThat(row(evaluation, "revenue").reason()).startsWith("OUT_OF_RANGE");
    assertThat(row(evaluation, "d1").reason()).startsWith("NO_DATA");
    assertThat(complete(look(week(full(8), 0, 425), FULL_FROM + 10 * 24 + 12)))
        .endsWith("nothing asks for a review of conversion, errors");
  }

  @Test
  void money_without_a_rate_is_not_held_against_history() {
    GateFixture known = week(full(withRevenueOfADay(), 8), 0, 126);
    Evaluation evaluation = look(known, SETTLED);
    assertThat(row(evaluation, "revenue").treatment()).isCloseTo(1.32, within(0.02));
    assertThat(worse(evaluation)).anyMatch(sentence -> sentence.startsWith("revenue was worse"));

    GateFixture refused = week(full(withRevenueOfADay(), 8), 0, 126);
    refused.day(0).unknownCurrency(1, 3).day(1).unknownCurrency(1, 4);
    Evaluation unsaid = look(refused, SETTLED);
    Estimate row = row(unsaid, "revenue");
    assertThat(row.reason())
        .isEqualTo("NO_RATE: units with a value in a currency without a rate to EUR: 7");
    assertThat(row.treatment()).isNull();
    assertThat(row.relEffectSizeUpper()).isNull();
    assertThat(worse(unsaid))
        .noneMatch(sentence -> sentence.startsWith("revenue"))
        .anyMatch(sentence -> sentence.startsWith("conversion was worse"));
  }

  private static List<String> worse(Evaluation evaluation) {
    return evaluation.signal().reasons().stream()
        .filter(r -> r.code().equals(AgainstBaseline.CODE))
        .map(Reason::sentence)
        .toList();
  }

  /** A sum is held against history where it has a window. */
  private static GateFixture withRevenueOfADay() {
    GateFixture gate = new GateFixture();
    List<Metric> metrics = new ArrayList<>(gate.spec.metrics());
    metrics.replaceAll(
        m ->
            m.kind() instanceof MetricKind.Sum sum
                ? new Metric(
                    m.name(),
                    m.role(),
                    new MetricKind.Sum(
                        sum.outcome(), Duration.ofHours(24), sum.capMicros(), sum.currency()),
                    m.better(),
                    m.margin(),
                    null,
                    null,
                    Map.of(),
                    "",
                    "")
                : m);
    gate.spec = Rollouts.withMetrics(gate.spec, metrics);
    return gate;
  }

  @Test
  void a_week_worse_than_history_asks_for_a_review_and_never_rolls_back() {
    GateFixture gate = week(full(8), 0, 126);
    GateState before = gate.state.copy();
    Evaluation evaluation = look(gate, SETTLED);
    GateSignal signal = evaluation.signal();
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(signal))
        .as("nothing is complete beside it")
        .containsExactly("WORSE_THAN_BASELINE");
    assertThat(gate.state.rolledBack).isFalse();
    assertThat(row(evaluation, "conversion").relEffectSizeUpper()).isNegative();
    assertThat(signal.reasons().get(0).sentence())
        .isEqualTo(
            "conversion was worse than history expects among the units of the newest settled week"
                + " of entry (0.06000 where 0.2000 is expected); against the baseline, there"
                + " is no control: other causes are not ruled out");
    Evaluation again =
        Objects.requireNonNull(
            Gate.evaluate(before, gate.timeline(), Rollouts.START_MS + SETTLED * Rollouts.HOUR_MS));
    assertThat(again.signal()).isEqualTo(signal);
  }

  @Test
  void of_several_treatments_the_one_that_is_worse_than_history_is_named() {
    GateFixture gate = full(new GateFixture().secondTreatment("on-b"), 8);
    for (int day = 0; day < 7; day++) {
      gate.hour(FULL_FROM + 24L * day + 1).day(day);
      gate.enter(1, 300, 60, 30, 0).enter(2, 300, 18, 30, 0);
    }
    assertThat(worse(look(gate, SETTLED)))
        .singleElement()
        .asString()
        .startsWith("conversion was worse with on-b than history expects among the units");
  }

  @Test
  void not_a_single_purchase_is_worse_than_history() {
    Evaluation evaluation = look(week(full(8), 0, 0), SETTLED);
    assertThat(evaluation.signal().verdict()).isEqualTo(Verdict.REVIEW);
    Estimate row = row(evaluation, "conversion");
    assertThat(row.reason()).isEmpty();
    assertThat(row.relEffectSize()).isEqualTo(-1);
    assertThat(row.relEffectSizeUpper()).isBetween(-0.8, -0.65);
  }

  @Test
  void a_person_may_approve_what_history_does_not_explain() {
    GateFixture gate = week(full(8), 0, 126);
    gate.decide("approve", SETTLED - 1, List.of("WORSE_THAN_BASELINE"), "");
    Evaluation evaluation = look(gate, SETTLED);
    assertThat(evaluation.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(complete(evaluation))
        .endsWith("it has no control, and against the baseline what was worse is approved");
  }

  @Test
  void the_good_side_asks_nothing_and_a_change_that_was_mended_clears_the_finding() {
    assertThat(look(week(full(8), 0, 900), SETTLED).signal().verdict()).isEqualTo(Verdict.ADVANCE);
    GateFixture gate = week(week(full(8), 0, 126), 1, 425);
    assertThat(look(gate, AGAIN_SETTLED - 1).signal().verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(look(gate, AGAIN_SETTLED).signal().verdict()).isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void units_that_were_not_followed_to_the_end_say_nothing() {
    Evaluation early = look(week(full(8), 0, 126), SETTLED - 1);
    assertThat(early.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(row(early, "conversion").reason())
        .isEqualTo("TOO_FEW_UNITS: the units of no week of entry were followed to the end yet");
    assertThat(complete(early))
        .endsWith(
            "it has no control, and no guardrail or success metric could be held against the"
                + " baseline so far");
    GateFixture few = full(8);
    few.hour(FULL_FROM + 1).day(0).enter(1, 99, 0, 9, 0);
    assertThat(row(look(few, SETTLED), "conversion").reason())
        .isEqualTo("TOO_FEW_UNITS: 99 units in the newest settled week of entry, of at least 100");
  }

  @Test
  void a_flag_that_is_upgraded_while_the_stage_runs_is_noted() {
    GateFixture same = week(full(8), 0, 126).day(1).version(7, 300).day(5).version(7, 300);
    assertThat(worse(look(same, SETTLED)).get(0)).endsWith("other causes are not ruled out");
    GateFixture upgraded = week(full(8), 0, 126).day(1).version(7, 300).day(5).version(8, 1);
    assertThat(worse(look(upgraded, SETTLED)))
        .singleElement()
        .asString()
        .endsWith(
            "ruled out; the flag's version changed while the stage ran: its units were not all given"
                + " the same");
    GateFixture fine = week(full(8), 0, 425).day(1).version(7, 300).day(5).version(8, 1);
    assertThat(complete(look(fine, SETTLED))).endsWith("not all given the same");
    GateFixture later = week(full(8), 0, 425).day(1).version(7, 300).day(7).version(8, 1);
    assertThat(complete(look(later, SETTLED))).as("not in that week").endsWith("of conversion");
  }

  @Test
  void a_history_of_units_that_entered_otherwise_asks_for_no_review() {
    GateFixture gate = new GateFixture();
    Evaluation evaluation = look(week(full(gate, 8, "any outcome"), 0, 126), SETTLED);
    GateSignal signal = evaluation.signal();
    String unlike = "the baseline's units entered at any outcome, the rollout's at an exposure of ";
    assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(GateFixture.codes(signal)).containsExactly("COMPLETE");
    Estimate row = row(evaluation, "conversion");
    assertThat(row.reason()).isEqualTo("UNLIKE_UNITS: " + unlike + gate.spec.flag().key());
    assertThat(row.treatment()).isNull();
    assertThat(complete(evaluation))
        .contains("no guardrail or success metric could be held against the baseline so far")
        .contains("; cannot say against the baseline: conversion, ")
        .endsWith(", for " + unlike + gate.spec.flag().key());
    assertThat(
            row(look(week(full(new GateFixture(), 8, ""), 0, 126), SETTLED), "conversion").reason())
        .isEqualTo("UNLIKE_UNITS: the baseline does not tell how its units entered");
  }

  @Test
  void a_provisional_history_is_not_held_against_anything() {
    Evaluation evaluation = look(week(full(1.5), 0, 126), SETTLED);
    assertThat(evaluation.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(row(evaluation, "conversion").reason()).startsWith("START_UP");
  }
}
