package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Better;
import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Purpose;
import io.tidegate.model.Role;
import io.tidegate.stats.sequence.NormalMixture;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartlyPooledTest {

  private static final double ALPHA = 0.05;
  private static final double CRITICAL =
      NormalMixture.criticalTwo(NormalMixture.tunedKappa(ALPHA), ALPHA);
  private static final Scale SCALE =
      new Scale(
          new Metric(
              "conversion",
              Role.GUARDRAIL,
              new MetricKind.Proportion(OutcomeFilter.of("purchase"), null),
              Better.UP,
              Margin.relative(0.1),
              null,
              Margin.relative(0.1),
              Map.of(),
              "",
              ""),
          true,
          1);

  /** An effect with a standard error; without one its range is open below. */
  private static Estimate row(
      String dimension, String segment, double effect, @Nullable Double error) {
    Double lower = error == null ? null : Double.valueOf(effect - CRITICAL * error);
    double upper = effect + CRITICAL * (error == null ? 1 : error);
    return new Estimate(
        "r",
        1,
        0,
        "canary",
        1,
        0,
        "off",
        "on",
        "conversion",
        dimension,
        segment,
        Purpose.HARM,
        Estimate.CONCURRENT,
        Estimate.RAW,
        "mean_sequence",
        ALPHA,
        0.1,
        0.2,
        0.2 * (1 + effect),
        0.2 * effect,
        lower == null ? null : Double.valueOf(0.2 * lower),
        0.2 * upper,
        effect,
        lower,
        upper,
        0.0,
        1.0,
        1_000,
        1_000,
        "");
  }

  @Test
  void a_segment_of_which_little_is_known_is_drawn_towards_the_others() {
    Estimate sure = row("device", "desktop", 0, 0.01);
    Estimate harmed = row("device", "mobile", -0.2, 0.01);
    Estimate vague = row("device", "tablet", -0.5, 0.2);
    PartlyPooled pooled =
        PartlyPooled.of(List.of(row("all", "*", -0.1, 0.005), sure, harmed, vague), SCALE);
    assertThat(pooled.effect(sure)).isCloseTo(0, within(0.01));
    assertThat(pooled.effect(harmed)).isCloseTo(-0.2, within(0.01));
    assertThat(pooled.effect(vague)).isBetween(-0.35, -0.1);
  }

  @Test
  void segments_that_differ_no_more_than_by_chance_all_show_the_pooled_effect() {
    Estimate a = row("device", "desktop", 0.01, 0.02);
    Estimate b = row("device", "mobile", -0.01, 0.02);
    PartlyPooled pooled = PartlyPooled.of(List.of(a, b), SCALE);
    assertThat(pooled.effect(a)).isCloseTo(0, within(1e-12));
    assertThat(pooled.effect(b)).isCloseTo(0, within(1e-12));
  }

  @Test
  void what_stands_alone_or_has_an_open_range_is_not_pooled() {
    Estimate alone = row("country", "DE", -0.3, 0.01);
    Estimate open = row("device", "mobile", -0.3, null);
    Estimate other = row("device", "desktop", 0.1, 0.01);
    PartlyPooled pooled = PartlyPooled.of(List.of(alone, open, other), SCALE);
    assertThat(pooled.effect(alone)).isNull();
    assertThat(pooled.effect(open)).isNull();
    assertThat(pooled.effect(other)).isNull();
  }
}
