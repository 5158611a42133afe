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

/** The last stage has no control; its days are held against a history in which a fifth buy. */
class AgainstBaselineTest {

  private static final long FULL_FROM = 72;

  /** Two days and the window of the second. */
  static final long SETTLED = FULL_FROM + 72;

  /** The last stage over two days on which so many of 2,000 units buy. */
  static GateFixture two(GateFixture gate, int converts) {
    return days(full(gate, 8), converts, converts);
  }

  private static GateFixture full(double weeks) {
    return full(new GateFixture(), weeks);
  }

  private static GateFixture full(GateFixture gate, double weeks) {
    Seasonal.Profile fifth = profile(0.2);
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
                Map.of("conversion", fifth, "revenue", profile(4.4), "errors", profile(0.01)),
                Map.of()));
    return gate.alike(20_000).stage(1, 24).stage(2, 48).stage(3, FULL_FROM);
  }

  /** Two per cent of spread from hour to hour. */
  private static Seasonal.Profile profile(double level) {
    return new Seasonal.Profile(
        Collections.nCopies(Seasonal.HOURS, level), level, 0.0004, Map.of());
  }

  /** 2,000 units a day, of which so many buy. */
  private static GateFixture days(GateFixture gate, int... converts) {
    for (int day = 0; day < converts.length; day++) {
      gate.hour(FULL_FROM + 24L * day + 1).day(day).enter(1, 2_000, converts[day], 200, 0);
    }
    return gate;
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
    Evaluation evaluation = look(days(full(8), 400, 405), SETTLED);
    GateSignal signal = evaluation.signal();
    assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(GateFixture.codes(signal)).containsExactly("COMPLETE");
    assertThat(signal.reasons().get(0).sentence())
        .isEqualTo(
            "the last stage ran its time; it has no control, against the baseline nothing asks for"
                + " a review: conversion");
    Estimate row = row(evaluation, "conversion");
    assertThat(row.basis()).isEqualTo(Estimate.BASELINE);
    assertThat(row.normalisation()).isEqualTo("season");
    assertThat(row.controlVariant()).isEmpty();
    assertThat(row.control()).isEqualTo(0.2);
    assertThat(row.unitsTreatment()).isEqualTo(2_000);
    assertThat(row.relEffectSizeLower()).isNegative();
    assertThat(row.relEffectSizeUpper()).isPositive();
    assertThat(row.eValueLog()).as("no guarantee is claimed").isNull();
    assertThat(row(evaluation, "revenue").reason()).startsWith("OUT_OF_RANGE");
    assertThat(row(evaluation, "d1").reason()).startsWith("NO_DATA");
  }

  @Test
  void money_without_a_rate_is_not_held_against_history() {
    GateFixture known = days(full(withRevenueOfADay(), 8), 120, 120);
    Evaluation evaluation = look(known, SETTLED);
    assertThat(row(evaluation, "revenue").treatment()).isCloseTo(1.32, within(1e-9));
    assertThat(worse(evaluation)).anyMatch(sentence -> sentence.startsWith("revenue was worse"));

    GateFixture refused = days(full(withRevenueOfADay(), 8), 120, 120);
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
  void two_days_worse_than_history_ask_for_a_review_and_never_roll_back() {
    GateFixture gate = days(full(8), 120, 120);
    GateState before = gate.state.copy();
    Evaluation evaluation = look(gate, SETTLED);
    GateSignal signal = evaluation.signal();
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(GateFixture.codes(signal)).contains("WORSE_THAN_BASELINE");
    assertThat(gate.state.rolledBack).isFalse();
    assertThat(row(evaluation, "conversion").relEffectSizeUpper()).isNegative();
    assertThat(signal.reasons())
        .anyMatch(
            r -> r.sentence().contains("there is no control: other causes are not ruled out"));
    Evaluation again =
        Objects.requireNonNull(
            Gate.evaluate(before, gate.timeline(), Rollouts.START_MS + SETTLED * Rollouts.HOUR_MS));
    assertThat(again.signal()).isEqualTo(signal);
  }

  @Test
  void a_person_may_approve_what_history_does_not_explain() {
    GateFixture gate = days(full(8), 320, 320);
    gate.decide("approve", SETTLED - 1, List.of("WORSE_THAN_BASELINE"), "");
    assertThat(look(gate, SETTLED).signal().verdict()).isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void one_day_is_not_enough_nor_is_the_good_side() {
    assertThat(look(days(full(8), 400, 120), SETTLED).signal().verdict())
        .isEqualTo(Verdict.ADVANCE);
    assertThat(look(days(full(8), 120, 400), SETTLED).signal().verdict())
        .isEqualTo(Verdict.ADVANCE);
    assertThat(look(days(full(8), 900, 900), SETTLED).signal().verdict())
        .isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void units_that_were_not_followed_to_the_end_say_nothing() {
    Evaluation early = look(days(full(8), 120, 120), SETTLED - 1);
    assertThat(early.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    Evaluation first = look(days(full(8), 120, 120), FULL_FROM + 47);
    assertThat(row(first, "conversion").reason()).startsWith("TOO_FEW_UNITS");
    assertThat(first.signal().reasons().get(0).sentence())
        .endsWith("it has no control, and nothing could be held against the baseline yet");
  }

  @Test
  void a_provisional_history_is_not_held_against_anything() {
    Evaluation evaluation = look(days(full(1.5), 120, 120), SETTLED);
    assertThat(evaluation.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(row(evaluation, "conversion").reason()).startsWith("START_UP");
  }
}
