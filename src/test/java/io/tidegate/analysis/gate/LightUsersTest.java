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
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Purpose;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.stats.sequence.calibration.Draws;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A {@code ramped} treatment that loses 4 % of the conversions and drives half of the light users
 * away for good, as section 1 of vectors/anchors-ramps.md: through the real attribution every stage
 * shows the loss, where everyone by their current variant shows ever less of it. A unit's
 * conversion is its probability and not its draw, which has the same mean and less noise. In full
 * it writes its table into docs/simulations.md.
 */
class LightUsersTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RUNS = FULL ? 120 : 5;
  private static final int USERS = 24_000;
  private static final double[] SHARES = {0.05, 0.25, 0.50};
  private static final double STAGE_DAYS = 1.5;
  private static final double SETTLE_DAYS = 0.06;
  private static final double LOSS = 0.04;
  private static final long ONE = 1_000_000L;

  private static final RolloutSpec SPEC = spec();
  private static final Timeline TIMELINE =
      Rollouts.timeline(SPEC, Resolved.NONE, List.of(at(0), at(1), at(2), at(3)));
  private static final RolloutIndex INDEX =
      RolloutIndex.of(List.of(new RolloutContext(0, TIMELINE)));

  private static long at(double stage) {
    return Rollouts.START_MS + (long) (stage * STAGE_DAYS * Rollouts.DAY_MS);
  }

  private static RolloutSpec spec() {
    Duration settle = Duration.ofMillis((long) (SETTLE_DAYS * Rollouts.DAY_MS));
    List<Stage> stages = new ArrayList<>();
    for (double share : SHARES) {
      stages.add(Rollouts.stage("to " + 100 * share, 100 * share, Duration.ofHours(12), settle));
    }
    stages.add(Rollouts.stage("full", 100, Duration.ofHours(12), settle));
    Metric conversion =
        new Metric(
            "conversion",
            Role.GUARDRAIL,
            new MetricKind.Sum(OutcomeFilter.of("chance"), null, null, null),
            Better.UP,
            Margin.relative(0.1),
            Margin.ZERO,
            null,
            Map.of(),
            "",
            "");
    RolloutSpec base = Rollouts.spec("m", Assignment.RAMPED);
    return Rollouts.spec(
        base, Duration.ofHours(4), stages, List.of(), List.of(conversion), base.decision());
  }

  /** What each stage shows in a run, by the gate and by everyone's current variant. */
  private static final class World {
    private final Draws draws;
    private final PostedCells batch = new PostedCells();
    private final Ledger ledger = new Ledger(6, batch::add);
    private final double[][] chance = new double[SHARES.length][2];
    private final double[][] seen = new double[SHARES.length][2];
    private long ids;

    World(Draws draws) {
      this.draws = draws;
    }

    /** Every user's way through the stages. */
    void live() {
      for (int u = 0; u < USERS; u++) {
        boolean heavy = draws.uniform() < 0.25;
        double visits = 0.02 + (heavy ? gamma(4, 0.75) : gamma(2, 0.12));
        double converts = (heavy ? 0.25 : 0.08) * (0.6 + 0.8 * draws.uniform());
        double hash = draws.uniform();
        UnitState unit = new UnitState();
        for (int k = 0; k < SHARES.length; k++) {
          boolean treated = hash < SHARES[k];
          boolean came = stage(unit, k, treated, visits, converts);
          if (came && treated && !heavy && draws.uniform() < 0.5) {
            break;
          }
        }
      }
    }

    private double gamma(int shape, double scale) {
      double sum = 0;
      for (int i = 0; i < shape; i++) {
        sum += draws.exponential(scale);
      }
      return sum;
    }

    /** Whether the user comes after the settling. */
    private boolean stage(UnitState unit, int k, boolean treated, double visits, double converts) {
      double settle = k == 0 ? 0 : SETTLE_DAYS;
      double first = draws.exponential(1 / visits);
      if (first < settle) {
        take(unit, k, first, treated && draws.uniform() < 0.5, -1);
        first = settle + draws.exponential(1 / visits);
      }
      if (first >= STAGE_DAYS) {
        return false;
      }
      double value = converts * (treated ? 1 - LOSS : 1);
      take(unit, k, first, treated, value);
      chance[k][treated ? 1 : 0] += value;
      seen[k][treated ? 1 : 0]++;
      return true;
    }

    private void take(UnitState unit, int k, double day, boolean treated, double value) {
      Point point = new Point();
      point.timeMs = at(k) + (long) (day * Rollouts.DAY_MS);
      point.exposure = true;
      point.name = "m";
      point.variant = treated ? "on" : "off";
      point.idHash = ids++;
      ledger.take(unit, point, INDEX, Long.MIN_VALUE, point.timeMs);
      if (value >= 0) {
        Point outcome = point.copy();
        outcome.exposure = false;
        outcome.name = "chance";
        outcome.valueMicros = (long) (ONE * value);
        outcome.idHash = ids++;
        ledger.take(unit, outcome, INDEX, Long.MIN_VALUE, outcome.timeMs);
      }
    }

    /** The effect that each stage's process shows at its end, in percent. */
    double[] gate() {
      GateState state = new GateState();
      batch.rollouts().forEach(rollout -> state.add(batch.write(rollout)));
      double[] effects = new double[SHARES.length];
      for (int k = 0; k < SHARES.length; k++) {
        Evaluation evaluation = Gate.evaluate(state, TIMELINE, at(k + 1));
        assertThat(evaluation).isNotNull();
        assertThat(GateFixture.codes(evaluation.signal())).doesNotContain("SAMPLE_RATIO_MISMATCH");
        for (Estimate row : evaluation.estimates()) {
          Double relative = row.relEffectSize();
          if (row.purpose() == Purpose.HARM && relative != null) {
            effects[k] = 100 * relative;
          }
        }
      }
      return effects;
    }

    double[] everyone() {
      double[] effects = new double[SHARES.length];
      for (int k = 0; k < SHARES.length; k++) {
        effects[k] = 100 * (chance[k][1] / seen[k][1] / (chance[k][0] / seen[k][0]) - 1);
      }
      return effects;
    }
  }

  /** Mean and its standard error. */
  private record Mean(double value, double error) {
    static Mean of(double[][] runs, int stage) {
      double sum = 0;
      double squares = 0;
      for (double[] run : runs) {
        sum += run[stage];
        squares += run[stage] * run[stage];
      }
      double mean = sum / runs.length;
      double variance = (squares - sum * mean) / (runs.length - 1);
      return new Mean(mean, Math.sqrt(variance / runs.length));
    }

    String text() {
      return String.format(Locale.ROOT, "%.2f ± %.2f %%", value, error);
    }
  }

  @Test
  void harm_that_drives_light_users_away_shows_in_every_stage_of_a_ramped_rollout() {
    double[][] gate = new double[RUNS][];
    double[][] everyone = new double[RUNS][];
    Draws draws = new Draws(13);
    for (int r = 0; r < RUNS; r++) {
      World world = new World(draws);
      world.live();
      gate[r] = world.gate();
      everyone[r] = world.everyone();
    }
    StringBuilder table =
        new StringBuilder(
            "| stage | the gate | everyone by their current variant |\n|---|---|---|\n");
    for (int k = 0; k < SHARES.length; k++) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %.0f %% | %s | %s |%n",
              100 * SHARES[k],
              Mean.of(gate, k).text(),
              Mean.of(everyone, k).text()));
    }
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), "light", table.toString());
    }
    for (int k = 0; k < SHARES.length; k++) {
      Mean shown = Mean.of(gate, k);
      assertThat(shown.value)
          .as("stage %d%n%s", k, table)
          .isBetween(-100 * LOSS - 4 * shown.error, -100 * LOSS + 4 * shown.error);
    }
    Mean hidden = Mean.of(everyone, 2);
    assertThat(hidden.value).as("%s", table).isGreaterThan(-100 * LOSS + 4 * hidden.error);
  }
}
