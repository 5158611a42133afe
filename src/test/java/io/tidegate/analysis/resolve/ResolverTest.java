package io.tidegate.analysis.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.History;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResolverTest {

  /** Conversion of 5 %: variance 0.0475, (sd/mean)² = 19. */
  private static final MetricBase CONVERSION = new MetricBase(0.05, 0.0475, 0.05, Map.of());

  private static Metric guardrail(Margin margin) {
    MetricKind kind = new MetricKind.Proportion(OutcomeFilter.of("purchase"), null);
    return new Metric(
        "conversion", Role.GUARDRAIL, kind, Better.UP, margin, null, null, Map.of(), "", "");
  }

  private static Stage stage(double percent, int days, @Nullable Duration most) {
    return new Stage(
        "p" + (int) percent,
        percent,
        Duration.ofDays(days),
        most,
        0,
        null,
        false,
        false,
        "",
        Stage.DEFAULT_SETTLE,
        null);
  }

  private static RolloutSpec spec(
      Assignment assignment, Map<String, Double> split, Margin margin, double... percents) {
    List<Stage> stages = new ArrayList<>();
    for (double percent : percents) {
      stages.add(stage(percent, 1, Duration.ofDays(30)));
    }
    List<String> treatments = split.keySet().stream().filter(v -> !v.equals("off")).toList();
    return new RolloutSpec(
        "r",
        "team",
        "team",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis("it helps", "", "", null, null),
        new RolloutSpec.Flag("f", "off", treatments, split, "v1", ""),
        assignment,
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        stages,
        null,
        List.of(new SegmentDimension("plan", List.of(), 2)),
        List.of(guardrail(margin)),
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(List.of()),
        List.of(),
        null,
        50,
        null);
  }

  private static RolloutSpec matched(double... percents) {
    return spec(Assignment.MATCHED, Map.of("off", 1.0, "on", 1.0), Margin.relative(0.1), percents);
  }

  private record Known(double units, MetricBase known) implements History {
    @Override
    public double unitsPerDay(RolloutSpec spec) {
      return units;
    }

    @Override
    public long snapshotId() {
      return 7;
    }

    @Override
    public MetricBase base(RolloutSpec spec, Metric metric) {
      return known;
    }

    @Override
    public List<String> largest(String dimension, int count) {
      return List.of("free", "pro", "team").subList(0, count);
    }
  }

  private static double relative(Resolved resolved, int stage) {
    Double relative =
        resolved.stages().get(stage).margins().getOrDefault("conversion", Margin.ZERO).relative();
    return relative == null ? Double.NaN : relative;
  }

  @Test
  void conversion_of_5_percent_needs_51_000_units_for_a_margin_of_10_percent() {
    Double units =
        Resolver.unitsToShow(guardrail(Margin.relative(0.1)), Margin.relative(0.1), CONVERSION);
    assertThat(units).isCloseTo(51_300, within(1e-6));
  }

  @Test
  void stage_margin_is_the_larger_of_the_scaled_and_the_provable() {
    // 1 % and 10 % of 100,000 a day for a day each: n = 1,000, then 11,000 per variant.
    Resolved resolved = Resolver.resolve(matched(1, 10, 50, 100), new Known(100_000, CONVERSION));
    assertThat(resolved.stages().get(0).unitsPerVariant()).isCloseTo(1_000, within(1e-6));
    assertThat(resolved.stages().get(1).unitsPerVariant()).isCloseTo(11_000, within(1e-6));
    assertThat(resolved.stages().get(1).controlUnits()).isCloseTo(10_000, within(1e-6));
    assertThat(relative(resolved, 0)).isEqualTo(0.5);
    // √(19·27/11,000) = 0.21595 is more than 0.1/0.5.
    assertThat(relative(resolved, 1)).isCloseTo(0.215954, within(1e-6));
    assertThat(relative(resolved, 2)).isEqualTo(0.1);
    assertThat(resolved.stages().get(3).margins()).isEmpty();
    assertThat(resolved.segmentValues()).isEqualTo(Map.of("plan", List.of("free", "pro")));
    assertThat(resolved.baselinesSnapshotId()).isEqualTo(7);
  }

  @Test
  void plenty_of_units_leave_the_scaled_margin() {
    Resolved resolved =
        Resolver.resolve(matched(1, 10, 50, 100), new Known(10_000_000, CONVERSION));
    assertThat(relative(resolved, 1)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void without_history_only_the_scaled_margin_counts() {
    Resolved resolved = Resolver.resolve(matched(1, 25, 50), History.NONE);
    assertThat(relative(resolved, 0)).isCloseTo(0.4, within(1e-12));
    assertThat(relative(resolved, 1)).isCloseTo(0.2, within(1e-12));
    assertThat(relative(resolved, 2)).isEqualTo(0.1);
    assertThat(resolved.stages().get(0).unitsPerVariant()).isZero();
    assertThat(resolved.metrics()).isEmpty();
  }

  @Test
  void absolute_margin_is_scaled_but_not_capped() {
    RolloutSpec both =
        spec(Assignment.MATCHED, Map.of("off", 1.0, "on", 1.0), new Margin(0.1, 0.002), 1, 10, 50);
    Margin first =
        Resolver.resolve(both, new Known(100_000, CONVERSION))
            .stages()
            .get(0)
            .margins()
            .getOrDefault("conversion", Margin.ZERO);
    assertThat(first.relative()).isEqualTo(0.5);
    assertThat(first.absolute()).isCloseTo(0.02, within(1e-12));
  }

  @Test
  void ramped_stage_uses_its_own_newly_treated_units() {
    RolloutSpec ramped =
        spec(Assignment.RAMPED, Map.of("on", 1.0), Margin.relative(0.1), 10, 40, 100);
    Resolved resolved = Resolver.resolve(ramped, new Known(1_000, CONVERSION));
    // Stage 2 treats 30 % anew against 60 %: 2·300·600/900 = 400.
    assertThat(resolved.stages().get(1).unitsPerVariant()).isCloseTo(400, within(1e-9));
    assertThat(resolved.stages().get(1).controlUnits()).isCloseTo(600, within(1e-9));
  }

  @Test
  void stage_before_everyone_shows_the_whole_margin_even_with_a_holdout() {
    RolloutSpec spec = Rollouts.withHoldout(matched(10, 50, 100), new RolloutSpec.Holdout(2, null));
    Resolved resolved = Resolver.resolve(spec, new Known(1_000, CONVERSION));
    assertThat(relative(resolved, 1)).isEqualTo(0.1);
    // The holdout's process has its own units: 2·20·980/1,000.
    assertThat(resolved.stages().get(2).unitsPerVariant()).isCloseTo(39.2, within(1e-9));
    assertThat(Resolver.plan(spec, resolved, 1_000))
        .extracting(MarginPlan::stage)
        .containsExactly("p10", "p50");
  }

  @Test
  void unequal_split_counts_as_its_harmonic_mean() {
    Map<String, Double> split = new LinkedHashMap<>();
    split.put("off", 1.0);
    split.put("a", 3.0);
    split.put("b", 6.0);
    RolloutSpec spec = spec(Assignment.MATCHED, split, Margin.relative(0.1), 9);
    Resolved resolved = Resolver.resolve(spec, new Known(1_000, CONVERSION));
    // 9 % treated: control 1 %, a 3 %, b 6 % of 1,000: 2·10·30/40 = 15.
    assertThat(resolved.stages().get(0).unitsPerVariant()).isCloseTo(15, within(1e-9));
  }

  @Test
  void plan_says_how_many_days_and_warns_beyond_max_duration() {
    RolloutSpec spec = matched(1, 50, 100);
    Resolved resolved = Resolver.resolve(spec, new Known(2_000, CONVERSION));
    List<MarginPlan> plans = Resolver.plan(spec, resolved, 2_000);
    assertThat(plans).extracting(MarginPlan::stage).containsExactly("p1", "p50");
    // 51,300 − 20 units of the first stage at 1,000 a day.
    assertThat(plans.get(1).days()).isCloseTo(51.28, within(1e-9));
    assertThat(plans.get(1).late()).isTrue();
    // 27·19/0.5² = 2,052 at 20 a day.
    assertThat(plans.get(0).days()).isCloseTo(102.6, within(1e-9));
  }

  @Test
  void plan_without_history_cannot_say_how_long() {
    RolloutSpec spec = matched(1, 50, 100);
    List<MarginPlan> plans = Resolver.plan(spec, Resolver.resolve(spec, History.NONE), 0);
    assertThat(plans).extracting(MarginPlan::days).containsOnlyNulls();
    assertThat(plans).extracting(MarginPlan::late).containsOnly(false);
  }
}
