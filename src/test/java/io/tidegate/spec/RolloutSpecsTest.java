package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutSpecsTest {

  private static final String KINDS =
      """
        - {name: count, role: success, kind: count, outcome: {outcome: view, where: {page: [home, cart], ad: "no"}}, window: PT2H, cap: 20, better: up}
        - {name: sum, role: success, kind: sum, outcome: purchase, cap: 0.1, currency: EUR, better: up}
        - {name: money, role: success, kind: sum, outcome: purchase, currency: EUR, rates: {USD: 0.92, JPY: 0.006123456}, better: up}
        - {name: mean, role: success, kind: mean, outcome: rating, better: up}
        - {name: ratio, role: success, kind: ratio, numerator: {outcome: purchase, sum: true}, denominator: session, better: up}
        - {name: quantile, role: success, kind: quantile, outcome: request, measure: latency_ms, quantile: 0.95, better: down}
        - {name: funnel, role: success, kind: funnel, steps: [cart, {outcome: pay, where: {how: card}}], within: PT1H, better: up}
        - {name: duration, role: success, kind: duration, from: cart, to: pay, within: PT1H, better: down}
        - {name: day7, role: long_term, kind: retention, outcome: session, day: 7, better: up}
        - {name: week2, role: long_term, kind: retention, outcome: session, days: {from: 7, to: 14}, better: up}
        - {name: depth, role: long_term, kind: depth, outcome: session, days: 28, better: up}
      """;

  @Test
  void design_example_is_read_whole() {
    RolloutSpec spec = RolloutSpecs.read(Specs.DESIGN);
    assertThat(spec.id()).isEqualTo("checkout-v2");
    assertThat(spec.assignment()).isEqualTo(Assignment.MATCHED);
    assertThat(spec.hypothesis().expect()).isEqualTo(Margin.relative(0.08));
    assertThat(spec.flag().split()).isEqualTo(Map.of("off", 1.0, "on", 1.0));
    assertThat(spec.flag().treatmentShare()).isEqualTo(0.5);
    assertThat(spec.stages())
        .extracting(Stage::name)
        .containsExactly("canary", "early", "half", "full");
    assertThat(spec.stages().get(0).maxDuration()).isEqualTo(Duration.ofDays(2));
    assertThat(spec.stages().get(2).successRequired()).isTrue();
    assertThat(spec.stages().get(2).manualReview()).isTrue();
    assertThat(spec.stages().get(2).require()).isNull();
    assertThat(spec.holdout())
        .isEqualTo(new RolloutSpec.Holdout(1, Instant.parse("2026-12-31T00:00:00Z")));
    assertThat(spec.metric("errors").rollbackMargin()).isEqualTo(Margin.ZERO);
    assertThat(spec.metric("latency").rollbackMargin()).isEqualTo(Margin.relative(0.1));
    assertThat(spec.metric("revenue").segmentMargins())
        .isEqualTo(Map.of("device=mobile", Margin.relative(0.15)));
    assertThat(spec.segments()).extracting("name").containsExactly("country", "device", "plan");
    assertThat(spec.signOffs())
        .containsExactly(
            new RolloutSpec.SignOff("privacy", 10), new RolloutSpec.SignOff("accessibility", 50));
  }

  @Test
  void trigger_is_read_written_and_part_of_the_baseline_s_key() {
    RolloutSpec plain = Specs.parse(Specs.LEAST);
    RolloutSpec triggered = Specs.parse(Specs.LEAST + "\ntrigger: view_cart\n");
    assertThat(plain.trigger()).isNull();
    assertThat(triggered.trigger()).isEqualTo(OutcomeFilter.of("view_cart"));
    assertThat(RolloutSpecs.fromJson("json", RolloutSpecs.toJson(triggered))).isEqualTo(triggered);
    assertThat(RolloutSpecs.frozenHash(triggered)).isNotEqualTo(RolloutSpecs.frozenHash(plain));
    assertThat(triggered.outcomeNames()).contains("view_cart");
    Metric metric = plain.metrics().get(0);
    assertThat(RolloutSpecs.definitionHash(plain, metric))
        .isEqualTo(RolloutSpecs.definitionHash(metric.kind()));
    assertThat(RolloutSpecs.definitionHash(triggered, metric))
        .isNotEqualTo(RolloutSpecs.definitionHash(plain, metric));
  }

  @Test
  void flag_is_part_of_the_baseline_s_key_where_units_enter_by_exposure() {
    RolloutSpec one = Specs.parse(Specs.LEAST);
    RolloutSpec other = Specs.parse(Specs.LEAST.replace("{key: flag,", "{key: another,"));
    assertThat(other.flag().key()).isEqualTo("another");
    Metric metric = one.metrics().get(0);
    assertThat(RolloutSpecs.baselineKey(one, metric, true))
        .isNotEqualTo(RolloutSpecs.baselineKey(other, metric, true))
        .isNotEqualTo(RolloutSpecs.baselineKey(one, metric, false));
    assertThat(RolloutSpecs.baselineKey(one, metric, false))
        .isEqualTo(RolloutSpecs.baselineKey(other, metric, false))
        .isEqualTo(RolloutSpecs.definitionHash(metric.kind()));
    RolloutSpec triggered = Specs.parse(Specs.LEAST + "\ntrigger: view_cart\n");
    assertThat(RolloutSpecs.baselineKey(triggered, metric, true))
        .isEqualTo(RolloutSpecs.baselineKey(triggered, metric, false))
        .isEqualTo(RolloutSpecs.definitionHash(triggered, metric));
  }

  @Test
  void least_spec_has_the_documented_defaults() {
    RolloutSpec spec = Specs.parse(Specs.LEAST);
    assertThat(spec.contact()).isEqualTo("team");
    assertThat(spec.respondWithin()).isEqualTo(Duration.ofMinutes(30));
    assertThat(spec.lookEvery()).isEqualTo(Duration.ofMinutes(1));
    assertThat(spec.stages().get(0).minDuration()).isEqualTo(Duration.ofHours(24));
    assertThat(spec.stages().get(0).minUnits()).isEqualTo(100);
    assertThat(spec.flag().split()).isEqualTo(Map.of("off", 1.0, "on", 1.0));
    assertThat(spec.decision())
        .isEqualTo(new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)));
    assertThat(spec.minSegmentUnits()).isEqualTo(50);
  }

  @Test
  void every_metric_kind_is_read() {
    RolloutSpec spec = Specs.parse(Specs.LEAST + KINDS);
    OutcomeFilter session = OutcomeFilter.of("session");
    assertThat(spec.metric("count").kind())
        .isEqualTo(
            new MetricKind.Count(
                new OutcomeFilter(
                    "view", Map.of("page", Set.of("home", "cart"), "ad", Set.of("no"))),
                Duration.ofHours(2),
                20L));
    assertThat(spec.metric("sum").kind())
        .isEqualTo(new MetricKind.Sum(OutcomeFilter.of("purchase"), null, 100_000L, "EUR"));
    MetricKind.Sum money =
        new MetricKind.Sum(
            OutcomeFilter.of("purchase"),
            null,
            null,
            "EUR",
            Map.of("USD", 920_000_000L, "JPY", 6_123_456L));
    assertThat(spec.metric("money").kind()).isEqualTo(money);
    assertThat(RolloutSpecs.fromJson("json", RolloutSpecs.toJson(spec))).isEqualTo(spec);
    assertThat(spec.metric("mean").kind())
        .isEqualTo(new MetricKind.Mean(OutcomeFilter.of("rating"), null));
    assertThat(spec.metric("ratio").kind())
        .isEqualTo(
            new MetricKind.Ratio(
                new MetricKind.Term(OutcomeFilter.of("purchase"), true),
                new MetricKind.Term(session, false),
                null));
    assertThat(spec.metric("quantile").kind())
        .isEqualTo(new MetricKind.Quantile(OutcomeFilter.of("request"), "latency_ms", 0.95, null));
    assertThat(spec.metric("funnel").kind().filters())
        .containsExactly(
            OutcomeFilter.of("cart"), new OutcomeFilter("pay", Map.of("how", Set.of("card"))));
    assertThat(spec.metric("duration").kind().kindName()).isEqualTo("duration");
    assertThat(spec.metric("day7").kind()).isEqualTo(new MetricKind.Retention(session, 7, 8));
    assertThat(spec.metric("week2").kind()).isEqualTo(new MetricKind.Retention(session, 7, 14));
    assertThat(spec.metric("depth").kind()).isEqualTo(new MetricKind.Depth(session, 28));
    assertThat(spec.metric("errors").role()).isEqualTo(Role.GUARDRAIL);
    assertThat(spec.metric("errors").better()).isEqualTo(Better.DOWN);
  }

  @Test
  void canonical_json_reads_back_as_the_same_spec() throws IOException {
    for (String yaml : new String[] {Specs.design(), Specs.LEAST, Specs.LEAST + KINDS}) {
      RolloutSpec spec = Specs.parse(yaml);
      String json = RolloutSpecs.toJson(spec);
      RolloutSpec again = RolloutSpecs.fromJson("test", json);
      assertThat(again).isEqualTo(spec);
      assertThat(RolloutSpecs.toJson(again)).isEqualTo(json);
    }
  }

  @Test
  void ramped_split_has_the_treatments_only() {
    RolloutSpec spec = Specs.parse(Specs.change(Specs.LEAST, "matched", "ramped"));
    assertThat(spec.flag().split()).isEqualTo(Map.of("on", 1.0));
    assertThat(RolloutSpecs.fromJson("test", RolloutSpecs.toJson(spec))).isEqualTo(spec);
  }

  @Test
  void hash_ignores_how_the_file_is_written() throws IOException {
    String written = Specs.design();
    String rewritten =
        "# a comment\n"
            + Specs.change(
                Specs.change(written, "max_duration: P2D", "max_duration: PT48H"),
                "percent: 100}",
                "percent: 1e2}");
    assertThat(RolloutSpecs.hash(Specs.parse(rewritten)))
        .isEqualTo(RolloutSpecs.hash(Specs.parse(written)))
        .matches("[0-9a-f]{64}");
  }

  @Test
  void frozen_hash_moves_only_with_what_bears_on_a_decision() throws IOException {
    RolloutSpec spec = Specs.parse(Specs.design());
    RolloutSpec contact =
        Specs.parse(Specs.change(Specs.design(), "#checkout-oncall", "#elsewhere"));
    RolloutSpec alpha = Specs.parse(Specs.change(Specs.design(), "alpha: 0.05", "alpha: 0.04"));
    assertThat(RolloutSpecs.hash(contact)).isNotEqualTo(RolloutSpecs.hash(spec));
    assertThat(RolloutSpecs.frozenHash(contact)).isEqualTo(RolloutSpecs.frozenHash(spec));
    assertThat(RolloutSpecs.frozenHash(alpha)).isNotEqualTo(RolloutSpecs.frozenHash(spec));
  }

  @Test
  void rollout_source_is_inherited_by_metrics() {
    RolloutSpec spec = Specs.parse(Specs.LEAST + "source: warehouse\n");
    assertThat(spec.metric("errors").source()).isEqualTo("warehouse");
  }

  @Test
  void missing_file_is_a_user_error() {
    assertThatThrownBy(() -> RolloutSpecs.read(Path.of("no/such.yaml")))
        .isInstanceOf(UserError.class)
        .hasMessage("no/such.yaml: expected a rollout spec, but there is no such file");
  }
}
