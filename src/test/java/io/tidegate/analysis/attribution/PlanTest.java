package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A latency before the five metrics of {@link Rollouts}; its stages treat 10, 25, 50 and 100 %. */
class PlanTest {

  private static final Resolved.MetricBase KNOWN =
      new Resolved.MetricBase(0.05, 0.0475, 0.3, Map.of("all=*", 250.0));

  private static Plan plan(Resolved resolved) {
    RolloutSpec base = Rollouts.spec("m", Assignment.MATCHED);
    List<Metric> metrics = new ArrayList<>(base.metrics());
    metrics.add(
        0,
        new Metric(
            "latency",
            Role.GUARDRAIL,
            new MetricKind.Quantile(OutcomeFilter.of("request"), "latency_ms", 0.95, null),
            Better.DOWN,
            Margin.relative(0.1),
            Margin.relative(0.2),
            null,
            Map.of(),
            "",
            ""));
    RolloutSpec spec =
        Rollouts.spec(
            base, base.lookEvery(), base.stages(), base.segments(), metrics, base.decision());
    return Plan.of(new Definition(spec, resolved, "hash"));
  }

  private static List<Double> factors(Plan plan) {
    return plan.channels().stream().filter(c -> c.metric() == 0).map(Plan.Channel::factor).toList();
  }

  @Test
  void plans_that_count_the_same_are_laid_out_once() {
    SharedLayouts layouts = new SharedLayouts();
    Resolved known = new Resolved(7, Map.of(), Map.of("latency", KNOWN), List.of());
    Plan one = Plan.of(plan(known).definition(), layouts);
    Plan same =
        Plan.of(
            new Definition(
                plan(new Resolved(8, Map.of(), Map.of("latency", KNOWN), List.of()))
                    .definition()
                    .spec(),
                known,
                "another"),
            layouts);
    assertThat(same.channels()).isSameAs(one.channels());
    assertThat(same.segmentStarts()).isSameAs(one.segmentStarts());
    assertThat(same.reading("request")).isSameAs(one.reading("request"));
    assertThat(same.definition().specHash()).isEqualTo("another");

    Resolved.MetricBase slower = new Resolved.MetricBase(0.05, 0.0475, 0.3, Map.of("all=*", 251.0));
    Resolved other = new Resolved(7, Map.of(), Map.of("latency", slower), List.of());
    assertThat(Plan.of(plan(other).definition(), layouts).channels()).isNotEqualTo(one.channels());
    Resolved named =
        new Resolved(7, Map.of("device", List.of("tv")), Map.of("latency", KNOWN), List.of());
    Plan segments = Plan.of(plan(named).definition(), layouts);
    assertThat(segments.channels()).isEqualTo(one.channels()).isNotSameAs(one.channels());
    assertThat(segments.dimensions()).isNotEqualTo(one.dimensions());
  }

  /**
   * States written when stages had no channels are read with the numbers they were written with.
   */
  @Test
  void a_quantile_without_a_threshold_has_the_channels_it_always_had() {
    Plan plan = plan(Resolved.NONE);
    assertThat(factors(plan)).containsExactly(1.0, 1.1, 1.2);
    assertThat(plan.channel(1, 1)).isEqualTo(3);
  }

  @Test
  void a_quantile_with_a_threshold_has_one_for_every_stages_margin() {
    Plan plan = plan(new Resolved(7, Map.of(), Map.of("latency", KNOWN), List.of()));
    assertThat(factors(plan)).containsExactly(1.0, 1.1, 1.2, 1.4);
  }

  @Test
  void a_frozen_margin_stands_even_above_what_a_stage_would_ask_today() {
    List<Resolved.StagePlan> stages =
        List.of(
            new Resolved.StagePlan("canary", 100, Map.of("latency", Margin.relative(0.8))),
            new Resolved.StagePlan("early", 100, Map.of("latency", Margin.relative(0.7))),
            new Resolved.StagePlan("half", 100, Map.of("latency", Margin.relative(0.1))),
            new Resolved.StagePlan("full", 100, Map.of()));
    Plan plan = plan(new Resolved(7, Map.of(), Map.of("latency", KNOWN), stages));
    assertThat(factors(plan)).containsExactly(1.0, 1.1, 1.2, 1.7, 1.8);
  }
}
