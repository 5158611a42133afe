package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Verdict;
import io.tidegate.stats.sequence.calibration.Draws;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/**
 * The treatment does nothing, but its outcomes come later than control's: through the real
 * attribution and the real gate that is a REVIEW, and no more ROLLBACKs than {@code
 * alpha_rollback}. In full it writes its table into docs/simulations.md.
 */
class DelayedVariantTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RUNS = FULL ? 400 : 8;
  private static final int USERS = 12_000;
  private static final int LOOKS = 200;
  private static final long MINUTE_MS = 60_000L;
  private static final double ALPHA = 0.05;

  /**
   * How outcomes of the treatment travel: a share of them comes later, by a share of the run that
   * is fixed or exponential. With a look every minute they are within the horizon of an hour, with
   * one every hour beyond it, and lost.
   */
  private record Delay(String name, long lookMs, double share, double fixed, double mean) {
    double runMs() {
      return LOOKS * (double) lookMs;
    }
  }

  private static final List<Delay> DELAYS =
      List.of(
          new Delay("2 % of the run later, all of them", MINUTE_MS, 1, 0.02, 0),
          new Delay("10 % of the run later on average, one in ten", MINUTE_MS, 0.1, 0, 0.1),
          new Delay(
              "2 % of the run later, all of them, too late to count", 60 * MINUTE_MS, 1, 0.02, 0));

  private static Timeline timeline(Delay delay) {
    RolloutSpec base = Rollouts.spec("m", Assignment.MATCHED);
    Metric conversion =
        new Metric(
            "conversion",
            Role.GUARDRAIL,
            new MetricKind.Proportion(OutcomeFilter.of("purchase"), null),
            Better.UP,
            Margin.relative(0.1),
            Margin.ZERO,
            null,
            Map.of(),
            "",
            "");
    RolloutSpec spec =
        Rollouts.spec(
            base,
            Duration.ofMillis(delay.lookMs),
            base.stages().subList(2, 4),
            List.of(),
            List.of(conversion),
            new RolloutSpec.Decision(ALPHA, 0.05, 0.8, Duration.ofHours(6)));
    return Rollouts.timeline(spec, Resolved.NONE, List.of(Rollouts.START_MS));
  }

  /** What became of a run. */
  private record Outcome(boolean rolledBack, boolean reviewed, boolean looksLikeHarm) {}

  private static Outcome run(Delay delay, Timeline timeline, Draws draws) {
    RolloutIndex index = RolloutIndex.of(List.of(new RolloutContext(0, timeline)));
    double runMs = delay.runMs();
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    for (int u = 0; u < 2 * USERS; u++) {
      UnitState unit = new UnitState();
      boolean treated = u % 2 == 1;
      double entry = draws.uniform() * runMs;
      ledger.take(unit, point(u, entry, treated), index, Long.MIN_VALUE, Long.MIN_VALUE);
      if (draws.uniform() < 0.05) {
        double happened = entry + draws.exponential(0.1 * runMs);
        Point purchase = point(u, happened, treated);
        purchase.exposure = false;
        purchase.name = "purchase";
        purchase.idHash++;
        long watermarkMs = purchase.timeMs;
        if (treated && draws.uniform() < delay.share) {
          double later = delay.fixed + (delay.mean > 0 ? draws.exponential(delay.mean) : 0);
          watermarkMs += (long) (later * runMs);
        }
        if (watermarkMs < Rollouts.START_MS + runMs) {
          ledger.take(unit, purchase, index, watermarkMs - 1, watermarkMs - 1);
        }
      }
    }
    GateState state = new GateState();
    batch.rollouts().forEach(rollout -> state.add(batch.write(rollout)));
    return judged(state, timeline, delay.lookMs);
  }

  private static Point point(int unit, double atMs, boolean treated) {
    Point point = new Point();
    point.unitKey = unit;
    point.timeMs = Rollouts.START_MS + (long) atMs;
    point.exposure = true;
    point.name = "m";
    point.variant = treated ? "on" : "off";
    point.idHash = 2L * unit;
    return point;
  }

  private static Outcome judged(GateState state, Timeline timeline, long lookMs) {
    boolean reviewed = false;
    boolean harm = false;
    for (int look = 1; look <= LOOKS; look++) {
      Evaluation evaluation = Gate.evaluate(state, timeline, Rollouts.START_MS + look * lookMs);
      if (evaluation == null) {
        continue;
      }
      List<Reason> reasons = evaluation.signal().reasons();
      Verdict verdict = evaluation.signal().verdict();
      if (verdict == Verdict.ROLLBACK) {
        return new Outcome(true, reviewed, true);
      }
      harm |= reasons.stream().anyMatch(r -> r.code().equals("HARM_SHOWN"));
      reviewed |=
          verdict == Verdict.REVIEW
              && reasons.stream().anyMatch(r -> r.code().equals(Quality.DELAY_DIFFERS));
    }
    return new Outcome(false, reviewed, harm);
  }

  @Test
  void outcomes_that_come_later_in_one_variant_are_reviewed_and_not_rolled_back() {
    StringBuilder table =
        new StringBuilder(
            "| the treatment's outcomes come | runs | looked like harm | rolled back | reviewed |\n"
                + "|---|---|---|---|---|\n");
    int most = new BinomialDistribution(null, RUNS, ALPHA).inverseCumulativeProbability(0.99);
    int[][] counts = new int[DELAYS.size()][3];
    for (int i = 0; i < counts.length; i++) {
      Draws draws = new Draws(61 + i);
      Timeline timeline = timeline(DELAYS.get(i));
      for (int r = 0; r < RUNS; r++) {
        Outcome outcome = run(DELAYS.get(i), timeline, draws);
        counts[i][0] += outcome.looksLikeHarm ? 1 : 0;
        counts[i][1] += outcome.rolledBack ? 1 : 0;
        counts[i][2] += outcome.reviewed ? 1 : 0;
      }
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.1f %% | %.1f %% | %.1f %% |%n",
              DELAYS.get(i).name,
              RUNS,
              100.0 * counts[i][0] / RUNS,
              100.0 * counts[i][1] / RUNS,
              100.0 * counts[i][2] / RUNS));
    }
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), "delays", table.toString());
    }
    for (int[] count : counts) {
      assertThat(count[1]).as("%s", table).isLessThanOrEqualTo(most);
      assertThat(count[2]).as("%s", table).isGreaterThanOrEqualTo((int) (0.95 * RUNS));
    }
    assertThat(counts[2][0]).as("without the test of delays: %s", table).isGreaterThan(most);
  }
}
