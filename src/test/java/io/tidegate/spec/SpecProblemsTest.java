package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecProblemsTest {

  @Test
  void every_problem_is_reported_at_once_in_the_order_of_the_file() {
    List<Problem> problems =
        Specs.problems(
            """
            apiVersion: tidegate.io/v1
            kind: Rollout
            id: wrong
            owner: 7
            hypothesis: {statement: It helps, metric: convresion}
            flag: {key: flag, control: "off", treatments: ["on"]}
            assignment: machted
            stages:
              - {name: half, percent: 50, min_duraton: PT1H}
              - {name: half, percent: 20, min_duration: 1h, require: [conversion]}
            metrics:
              - {name: conversion, role: success, kind: proprotion, outcome: purchase, better: up}
              - {name: errors, role: guardrail, kind: ratio, numerator: error, cap: 3, better: down}
            """);
    assertThat(problems)
        .extracting(p -> p.line() + " " + p.path() + " " + p.value())
        .containsExactly(
            "4 owner 7",
            "5 hypothesis.metric convresion",
            "7 assignment machted",
            "9 stages[0].min_duraton min_duraton",
            "10 stages[1].min_duration 1h",
            "10 stages[1].name half",
            "10 stages[1].percent 20",
            "10 stages[1].require[0] conversion",
            "12 metrics[0].kind proprotion",
            "13 metrics[1].denominator ",
            "13 metrics[1].cap cap",
            "13 metrics[1].margin ");
    assertThat(problems.toString())
        .contains("did you mean conversion?", "did you mean matched?", "did you mean proportion?")
        .contains("did you mean min_duration?", "put 7 in quotes");
    assertThat(problems.get(3).toString())
        .startsWith("spec.yaml:9: stages[0].min_duraton: found min_duraton: expected one of the");
  }

  /** One change to a sound spec, the place of its one problem, and a part of what was expected. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          percent: 50 | percent: 51 | stages[0].percent | at most 50 or exactly 100
          percent: 50 | percent: 0 | stages[0].percent | above 0
          percent: 50 | percent: .nan | stages[0].percent | a finite number
          percent: 50 | percent: 50, min_duration: PT0S | stages[0].min_duration | above zero
          percent: 50 | percent: 50, min_duration: -PT1H | stages[0].min_duration | ISO-8601
          percent: 50 | percent: 50, min_duration: P9999D | stages[0].min_duration | ten years
          percent: 50 | percent: 50, max_duration: PT1H | stages[0].max_duration | at least min_duration, PT24H
          percent: 50 | percent: 50, settle: PT1H | stages[0].settle | matched
          percent: 50 | percent: 50, success: any | stages[0].success | role success
          percent: 50 | percent: 50, min_units: 1.5 | stages[0].min_units | a whole number
          percent: 50 | percent: 50, require: [erors] | stages[0].require[0] | did you mean errors?
          percent: 50 | percent: 50, percent: 40 | stages[0].percent | every field once
          percent: 50 | percent: 50, review: | stages[0].review | manual
          owner: team | owner: &a team | none |
          owner: team | owner: "team" | none |
          team | !!str team | owner | a value without a tag
          team | *a | owner | written out
          kind: Rollout | kind: rollout | kind | Rollout
          treatments: ["on"] | treatments: ["off"] | flag.treatments | other than the control
          treatments: ["on"] | treatments: [on, on] | flag.treatments | different
          treatments: ["on"] | treatments: ["on"], split: {"on": 1} | flag.split.off | a weight
          treatments: ["on"] | treatments: ["on"], split: {"off": 1, "on": 1, onn: 2} | flag.split.onn | did you mean on?
          treatments: ["on"] | treatments: ["on"], not_enrolled: "off" | flag.not_enrolled | neither
          margin: {relative: 0.1} | margin: {} | metrics[0].margin | relative
          margin: {relative: 0.1} | margin: {relative: 0} | metrics[0].margin.relative | above 0
          margin: {relative: 0.1} | rollback: {relative: 0} | metrics[0].margin | guardrail
          margin: {relative: 0.1} | margin: {relative: 0.1}, segment_margins: {device=tv: {relative: 1}} | metrics[0].segment_margins.device=tv | declare the dimension
          role: guardrail | role: guard_rail | metrics[0].role | did you mean guardrail?
          outcome: error | outcome: {outcome: error, sum: true} | metrics[0].outcome.sum | one of the fields
          outcome: error | outcome: {outcome: error, where: {a: [1]}} | metrics[0].outcome.where.a[0] | put 1 in quotes
          outcome: error | outcome: error, day: 3 | metrics[0].day | a field of kind proportion
          kind: proportion | kind: retention | metrics[0] | either day or days
          kind: proportion | kind: retention, days: {from: 3, to: 3} | metrics[0].days.to | more than from
          kind: proportion | kind: mean | stages[0].require | never a gate alone
          kind: proportion | kind: count, cap: 2.5 | metrics[0].cap | a whole number
          kind: proportion | kind: sum, cap: 0.0000001 | metrics[0].cap | six decimal
          kind: proportion | kind: sum, rates: {USD: 0.9} | metrics[0].currency | that rates convert to
          kind: proportion | kind: sum, currency: EUR, rates: {EUR: 1} | metrics[0].rates.EUR | other than the metric's own
          kind: proportion | kind: sum, currency: EUR, rates: {USD: 0} | metrics[0].rates.USD | above 0
          kind: proportion | kind: sum, currency: EUR, rates: {USD: 0.0000000001} | metrics[0].rates.USD | nine decimal
          kind: proportion | kind: sum, currency: EUR, rates: {dollars: 0.9} | metrics[0].rates.dollars | ISO-4217
          kind: proportion | kind: count, rates: {USD: 0.9} | metrics[0].rates | a field of kind count
          statement: It helps | statement: It helps, segment: mobile | hypothesis.segment | dimension=value
          """)
  void one_wrong_field_is_one_problem(String from, String to, String path, String expected) {
    List<Problem> problems = Specs.problems(Specs.change(Specs.LEAST, from, to == null ? "" : to));
    if (path.equals("none")) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).extracting(Problem::path).containsOnly(path);
      assertThat(problems.toString()).contains(expected);
    }
  }

  @Test
  void added_sections_are_checked_across_fields() {
    String more =
        """
        looks: {every: PT2M, evidence: PT1M}
        holdout: {percent: 1, until: 2026-13-45}
        segments: {all: [a], device: [mobile, "(other)"], "a b": {top: 3}}
        governance: {sign_offs: [{name: privacy, before_percent: 10}, {name: privacy, before_percent: 20}]}
        """;
    assertThat(Specs.problems(Specs.LEAST + more))
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "looks.evidence",
            "holdout.until",
            "segments.all",
            "segments.device[1]",
            "segments.a b",
            "governance.sign_offs[1].name");
  }

  @Test
  void settle_below_the_out_of_order_bound_is_refused() {
    String yaml =
        Specs.change(
            Specs.change(Specs.LEAST, "matched", "ramped"),
            "percent: 50",
            "percent: 50, settle: PT9S");
    assertThat(Specs.problems(yaml)).extracting(Problem::path).containsExactly("stages[0].settle");
    assertThat(Specs.problems(yaml.replace("PT9S", "PT10S"))).isEmpty();
    assertThat(RolloutSpecs.OUT_OF_ORDER).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void ramped_split_refuses_a_weight_of_control() {
    String yaml =
        Specs.change(
            Specs.change(Specs.LEAST, "matched", "ramped"),
            "treatments: [\"on\"]",
            "treatments: [\"on\"], split: {\"off\": 1, \"on\": 1}");
    assertThat(Specs.problems(yaml).toString()).contains("weights of the treatments only");
  }

  @Test
  void unequal_split_allows_a_larger_matched_share() {
    String yaml =
        Specs.change(
            Specs.change(Specs.LEAST, "percent: 50", "percent: 90"),
            "treatments: [\"on\"]",
            "treatments: [\"on\"], split: {\"off\": 1, \"on\": 9}");
    assertThat(Specs.problems(yaml)).isEmpty();
    assertThat(Specs.problems(yaml.replace("percent: 90", "percent: 91")))
        .extracting(Problem::expected)
        .containsExactly(
            "at most 90 or exactly 100: the treatments are 90 % of the enrolled, so 101.11 % of all"
                + " traffic would be enrolled");
  }

  @Test
  void text_that_is_no_yaml_names_the_line() {
    List<Problem> problems = Specs.problems("apiVersion: tidegate.io/v1\nkind: a: b\n");
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString())
        .isEqualTo("spec.yaml:2: found mapping values are not allowed here: expected valid YAML");
  }

  @Test
  void unusable_documents_are_refused() throws IOException {
    assertThat(Specs.problems("")).extracting(Problem::value).containsExactly("nothing");
    assertThat(Specs.problems("- a\n")).extracting(Problem::value).containsExactly("no mapping");
    assertThat(Specs.problems(Specs.LEAST + "---\na: 1\n"))
        .extracting(Problem::expected)
        .containsExactly("one document a file");
    assertThat(Specs.problems("a: " + "[".repeat(5_000) + "]".repeat(5_000)))
        .extracting(Problem::expected)
        .containsExactly("a smaller and flatter file");
    assertThat(Specs.problems("#" + "x".repeat(SpecTree.MAX_BYTES)))
        .extracting(Problem::expected)
        .containsExactly("at most 262144 bytes");
    assertThat(Specs.problems(Specs.design() + "big: " + "9".repeat(200) + "\n"))
        .extracting(Problem::expected)
        .containsExactly("a smaller and flatter file");
  }
}
