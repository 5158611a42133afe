package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.stats.sequence.calibration.Draws;
import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How long a change that does nothing takes through a {@code matched} ramp of 1, 10, 50, 100 %
 * whose stages are entered when the gate says ADVANCE: 100,000 new users a day, looks every 4
 * hours, as section 4 of vectors/anchors-ramps.md. In full it writes its table into
 * docs/simulations.md.
 */
class TimeToAdvanceTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RUNS = FULL ? 300 : 8;
  private static final double PER_DAY = 100_000;
  private static final Duration LOOK = Duration.ofHours(4);
  private static final int MOST_LOOKS = 6 * 60;
  private static final long ONE = UnitSums.SCALE;
  private static final OutcomeFilter ANY = OutcomeFilter.of("any");

  /** What guardrails must show, and the anchors' median and 90 % days of all stages. */
  private record Ramp(String name, double conversion, double errors, double median, double late) {}

  private static final List<Ramp> RAMPS =
      List.of(
          new Ramp("errors 5 %", 0, 0.05, 3.0, 5.2),
          new Ramp("conversion 10 %", 0.10, 0, 2.2, 3.5),
          new Ramp("conversion 5 %", 0.05, 0, 5.8, 10.3),
          new Ramp("errors 5 % and conversion 5 %", 0.05, 0.05, 6.3, 10.2));

  private static RolloutSpec spec(Ramp ramp) {
    List<Metric> metrics = new ArrayList<>();
    if (ramp.conversion > 0) {
      metrics.add(
          guardrail(
              "conversion", new MetricKind.Proportion(ANY, null), Better.UP, ramp.conversion));
    }
    if (ramp.errors > 0) {
      MetricKind.Term term = new MetricKind.Term(ANY, false);
      metrics.add(
          guardrail("errors", new MetricKind.Ratio(term, term, null), Better.DOWN, ramp.errors));
    }
    List<Stage> stages = new ArrayList<>();
    for (double percent : new double[] {1, 10, 50, 100}) {
      stages.add(Rollouts.stage("to " + percent, percent, LOOK, Duration.ZERO));
    }
    RolloutSpec base = Rollouts.spec("m", Assignment.MATCHED);
    return Rollouts.spec(base, LOOK, stages, List.of(), metrics, base.decision());
  }

  private static Metric guardrail(String name, MetricKind kind, Better better, double margin) {
    return new Metric(
        name, Role.GUARDRAIL, kind, better, Margin.relative(margin), null, null, Map.of(), "", "");
  }

  private static final Resolved HISTORY =
      new Resolved(
          1,
          Map.of(),
          Map.of(
              "conversion", new Resolved.MetricBase(0.05, 0.0475, 0.05, Map.of()),
              "errors", new Resolved.MetricBase(0.02, 0.0004 * 6.9, 0.16, Map.of())),
          List.of());

  /** Days of each stage until ADVANCE; infinite where it never came. */
  private static double[] days(RolloutSpec spec, Draws draws) {
    List<Long> entered = new ArrayList<>(List.of(Rollouts.START_MS));
    Timeline timeline = Rollouts.timeline(spec, HISTORY, entered);
    Plan plan = Plan.of(new Definition(spec, HISTORY, ""));
    GateState state = new GateState();
    double[] days = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    for (int look = 0; look < MOST_LOOKS && entered.size() <= days.length; look++) {
      long bucketMs = Rollouts.START_MS + look * LOOK.toMillis();
      int stage = entered.size() - 1;
      double share = spec.stages().get(stage).percent() / 100;
      state.add(arrivals(plan, bucketMs, stage, (int) (PER_DAY / 6 * share), draws));
      long boundaryMs = bucketMs + LOOK.toMillis();
      Evaluation evaluation = Gate.evaluate(state, timeline, boundaryMs);
      if (evaluation != null && evaluation.signal().verdict() == Verdict.ADVANCE) {
        days[stage] = (boundaryMs - entered.get(stage)) / (double) Rollouts.DAY_MS;
        entered.add(boundaryMs);
        timeline = Rollouts.timeline(spec, HISTORY, entered);
      }
    }
    return days;
  }

  private static byte[] arrivals(Plan plan, long bucketMs, int stage, int users, Draws draws) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int v = 0; v < 2; v++) {
      UnitSums[] sums = SteadyTrial.sums(plan);
      for (int u = 0; u < users; u++) {
        sums[sums.length - 1].enter(0, 0);
      }
      List<Metric> metrics = plan.definition().spec().metrics();
      for (int m = 0; m < metrics.size(); m++) {
        if (metrics.get(m).name().equals("conversion")) {
          int hits = draws.binomial(users, 0.05);
          for (int i = 0; i < hits; i++) {
            sums[m].move(0, 0, ONE, 0);
          }
        } else {
          for (int u = 0; u < users; u++) {
            sums[m].move(0, 0, ONE * failed(draws), 10 * ONE);
          }
        }
      }
      SteadyTrial.write(bucketMs, stage, v, -1, 0, sums, new DataOutputStream(bytes));
    }
    return bytes.toByteArray();
  }

  /** Failed of ten requests: 2 %, with the clustering of section 4 (variance 6.9 times 0.02²). */
  private static int failed(Draws draws) {
    double p = draws.uniform() < 0.0265 ? 0.2 : 0.0151;
    return draws.binomial(10, p);
  }

  @Test
  void a_change_that_does_nothing_advances_as_fast_as_the_reference_says() {
    StringBuilder table =
        new StringBuilder(
            "| must show | to 10 % | to 50 % | to 100 % | all stages | reference |\n"
                + "|---|---|---|---|---|---|\n");
    List<double[]> totals = new ArrayList<>();
    for (Ramp ramp : RAMPS) {
      RolloutSpec spec = spec(ramp);
      Draws draws = new Draws(41);
      double[][] days = new double[4][RUNS];
      for (int r = 0; r < RUNS; r++) {
        double[] stages = days(spec, draws);
        for (int k = 0; k < stages.length; k++) {
          days[k][r] = stages[k];
          days[3][r] += stages[k];
        }
      }
      table.append("| ").append(ramp.name);
      for (double[] stage : days) {
        Arrays.sort(stage);
        table.append(String.format(Locale.ROOT, " | %.1f / %.1f", at(stage, 0.5), at(stage, 0.9)));
      }
      table.append(String.format(Locale.ROOT, " | %.1f / %.1f |%n", ramp.median, ramp.late));
      totals.add(days[3]);
    }
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), "advance", table.toString());
    }
    for (int i = 0; i < RAMPS.size(); i++) {
      double tolerance = FULL ? 0.15 : 0.5;
      assertThat(at(totals.get(i), 0.5))
          .as("%s", table)
          .isBetween(RAMPS.get(i).median * (1 - tolerance), RAMPS.get(i).median * (1 + tolerance));
      assertThat(at(totals.get(i), 0.9))
          .as("%s", table)
          .isBetween(RAMPS.get(i).late * (1 - tolerance), RAMPS.get(i).late * (1 + tolerance));
    }
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * (sorted.length - 1))];
  }
}
