package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.UnitDelta;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Verdict;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.NormalTail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ramps without any effect: four stages, six guardrails of which none may get worse at all, seven
 * segments, a look at every boundary. A false ROLLBACK in any must be no more frequent than {@code
 * alpha_rollback}. Beside it, a Welch test at every look with the same levels.
 */
class HarmlessRampsTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RAMPS = FULL ? 1_000 : 60;
  private static final int POPULATION = 4_000;
  private static final double[] SHARES = {0.10, 0.25, 0.50};
  private static final int PARTS = 3;
  private static final long ONE = 1_000_000L;

  private static RolloutSpec spec(Assignment assignment) {
    RolloutSpec base = Rollouts.spec("m", assignment);
    OutcomeFilter request = OutcomeFilter.of("request");
    List<Metric> metrics =
        List.of(
            guardrail("conversion", proportion("purchase"), Better.UP),
            guardrail("crashes", proportion("crash"), Better.DOWN),
            guardrail("requests", new MetricKind.Count(request, null, null), Better.UP),
            guardrail(
                "revenue",
                new MetricKind.Sum(OutcomeFilter.of("purchase"), null, 200 * ONE, "EUR"),
                Better.UP),
            guardrail(
                "errors",
                new MetricKind.Ratio(
                    new MetricKind.Term(OutcomeFilter.of("error"), false),
                    new MetricKind.Term(request, false),
                    null),
                Better.DOWN),
            guardrail("returns", proportion("session_start"), Better.UP));
    return new RolloutSpec(
        base.id(),
        base.owner(),
        base.contact(),
        base.respondWithin(),
        base.hypothesis(),
        base.flag(),
        assignment,
        Duration.ofHours(4),
        base.evidenceEvery(),
        base.stages(),
        null,
        List.of(
            new SegmentDimension("country", List.of("DE", "FR"), 0),
            new SegmentDimension("device", List.of("mobile"), 0)),
        metrics,
        base.decision(),
        base.quality(),
        List.of(),
        null,
        50);
  }

  private static MetricKind proportion(String outcome) {
    return new MetricKind.Proportion(OutcomeFilter.of(outcome), null);
  }

  private static Metric guardrail(String name, MetricKind kind, Better better) {
    return new Metric(
        name,
        Role.GUARDRAIL,
        kind,
        better,
        Margin.relative(0.1),
        Margin.ZERO,
        null,
        Map.of(),
        "",
        "");
  }

  @ParameterizedTest
  @EnumSource(Assignment.class)
  void harmless_ramps_are_rolled_back_no_more_often_than_declared(Assignment assignment) {
    RolloutSpec spec = spec(assignment);
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    Rollouts.events("m").forEach(e -> controls.add(sequencer.next(e)));
    Timeline timeline =
        Timeline.of("m", controls, d -> new Definition(spec, Resolved.NONE, "hash-m"));
    int gate = 0;
    int welch = 0;
    int looks = 0;
    for (int ramp = 0; ramp < RAMPS; ramp++) {
      Ramp one = new Ramp(timeline, assignment, new Random(1_000L * ramp + 7));
      one.run();
      gate += one.rolledBack ? 1 : 0;
      welch += one.welch ? 1 : 0;
      looks += one.looks;
    }
    System.out.printf(
        "%s: %d ramps without effect, %d looks: false ROLLBACK %d, Welch at every look %d%n",
        assignment, RAMPS, looks, gate, welch);
    double alpha = spec.decision().alphaRollback();
    int most = new BinomialDistribution(null, RAMPS, alpha).inverseCumulativeProbability(0.99);
    assertThat(gate).isLessThanOrEqualTo(most);
    if (FULL) {
      assertThat(welch).isGreaterThan(most);
    }
  }

  /** One ramp and what both judges make of it. */
  private static final class Ramp {
    private final Timeline timeline;
    private final Assignment assignment;
    private final Random random;
    private final Attempt attempt;
    private final Plan plan;
    private final GateState state = new GateState();
    private final CellBatch batch = new CellBatch();
    private boolean rolledBack;
    private boolean welch;
    private int looks;

    Ramp(Timeline timeline, Assignment assignment, Random random) {
      this.timeline = timeline;
      this.assignment = assignment;
      this.random = random;
      this.attempt = timeline.attempts().get(0);
      this.plan = Plan.of(attempt.definition());
    }

    void run() {
      for (int u = 0; u < POPULATION; u++) {
        live();
      }
      state.add(batch.write("m"));
      long endMs = attempt.epochs().get(SHARES.length).enteredMs();
      for (long b = timeline.nextBoundary(attempt.startMs());
          b <= endMs;
          b = timeline.nextBoundary(b)) {
        Evaluation evaluation = Gate.evaluate(state, timeline, b);
        rolledBack |= evaluation != null && evaluation.signal().verdict() == Verdict.ROLLBACK;
        Epoch epoch = attempt.epochBefore(b);
        if (!welch && epoch != null) {
          welch = welchFires(StageProcess.of(state.sums, attempt, plan, epoch));
        }
        looks++;
      }
    }

    /** A unit's way through the stages: heavy units come more often and do more. */
    private void live() {
      double heavy = StrictMath.exp(0.6 * random.nextGaussian());
      double hash = random.nextDouble();
      int[] segments = {random.nextInt(4), random.nextInt(3)};
      boolean coin = random.nextBoolean();
      boolean prone = random.nextInt(16) == 0;
      double seen = 0;
      for (int k = 0; k < SHARES.length; k++) {
        double when = random.nextDouble();
        if (random.nextDouble() > StrictMath.min(0.95, 0.4 * heavy)) {
          continue;
        }
        if (assignment == Assignment.MATCHED) {
          if (hash < 2 * SHARES[k]) {
            long endMs = attempt.epochs().get(SHARES.length).enteredMs();
            enter(
                new Life(CellKey.MATCHED, k, coin ? 1 : 0, segments, prone), k, when, endMs, heavy);
            return;
          }
        } else {
          boolean treated = hash < SHARES[k];
          int stratum = (int) StrictMath.round(seen * 1e6);
          long endMs = attempt.epochs().get(k).leftMs();
          enter(new Life(k, stratum, treated ? 1 : 0, segments, prone), k, when, endMs, heavy);
          if (treated) {
            return;
          }
          seen = SHARES[k];
        }
      }
    }

    private void enter(Life life, int stage, double when, long endMs, double heavy) {
      Epoch epoch = attempt.epochs().get(stage);
      long enteredMs = epoch.enteredMs() + (long) (when * (epoch.leftMs() - epoch.enteredMs()));
      post(life, CellKey.UNITS, enteredMs, true, 0, 0, 0, 0);
      long timeMs = enteredMs;
      for (int part = 0; part < PARTS; part++) {
        act(life, timeMs, heavy);
        timeMs += (long) (random.nextDouble() * (endMs - timeMs));
      }
    }

    /** What a unit does at one time. */
    private void act(Life life, long timeMs, double heavy) {
      long requests = 1 + (long) (8 * heavy * random.nextDouble());
      long errors = 0;
      double prone = life.prone ? 0.1 : 0.005;
      for (int r = 0; r < requests; r++) {
        errors += random.nextDouble() < prone ? 1 : 0;
      }
      move(life, 2, timeMs, life.requests, 0, life.requests + requests, 0);
      move(
          life,
          4,
          timeMs,
          life.errors,
          life.requests,
          life.errors + errors,
          life.requests + requests);
      life.requests += requests;
      life.errors += errors;
      if (random.nextDouble() < 0.04 * heavy) {
        move(life, 0, timeMs, life.revenue > 0 ? 1 : 0, 0, 1, 0);
        long paid = 1 + (long) StrictMath.exp(3 + random.nextGaussian());
        long revenue = Math.min(200, life.revenue + paid);
        move(life, 3, timeMs, life.revenue, 0, revenue, 0);
        life.revenue = revenue;
      }
      if (!life.crashed && random.nextDouble() < 0.003) {
        life.crashed = true;
        move(life, 1, timeMs, 0, 0, 1, 0);
      }
      if (!life.returned && random.nextDouble() < 0.15) {
        life.returned = true;
        move(life, 5, timeMs, 0, 0, 1, 0);
      }
    }

    private void move(
        Life life, int channel, long timeMs, long yOld, long dOld, long yNew, long dNew) {
      if (yOld != yNew || dOld != dNew) {
        post(life, channel, timeMs, false, yOld * ONE, dOld * ONE, yNew * ONE, dNew * ONE);
      }
    }

    private void post(
        Life life,
        int channel,
        long timeMs,
        boolean enters,
        long yOld,
        long dOld,
        long yNew,
        long dNew) {
      UnitDelta delta = new UnitDelta();
      delta.rolloutId = "m";
      delta.bucketMs = timeline.floorBoundary(timeMs);
      delta.attempt = 1;
      delta.process = life.process;
      delta.stratum = life.stratum;
      delta.variant = life.variant;
      delta.segments = life.segments;
      delta.channel = channel;
      delta.sign = 1;
      delta.enters = enters;
      delta.yOld = yOld;
      delta.dOld = dOld;
      delta.yNew = yNew;
      delta.dNew = dNew;
      batch.add(delta);
    }

    /** A one-sided test of unequal variances for each metric and segment, at the gate's levels. */
    private boolean welchFires(StageProcess process) {
      Budget budget = Budget.of(attempt, plan);
      boolean fires = false;
      for (int m = 0; m < attempt.definition().spec().metrics().size(); m++) {
        fires |= welchFires(process, m, -1, 0, budget.harmOverall());
        for (int d = 0; d < plan.dimensions().size(); d++) {
          for (int s = 0; s < plan.segmentCount(d); s++) {
            fires |= welchFires(process, m, d, s, budget.harmSegment());
          }
        }
      }
      return fires;
    }

    private boolean welchFires(
        StageProcess process, int metric, int dimension, int segment, double alpha) {
      Metric tested = attempt.definition().spec().metrics().get(metric);
      List<MeanStratum> strata =
          process.means(metric, metric, 1, dimension, segment, tested.kind().isRatio());
      Stated<MeanContrast> contrast = MeanContrast.of(strata, 1, false);
      if (!contrast.said()) {
        return false;
      }
      MeanContrast c = contrast.orThrow();
      double worse = -tested.better().sign() * c.estimate() / c.standardError();
      return c.unitsControl() >= 100
          && c.unitsTreatment() >= 100
          && worse > NormalTail.quantile(1 - alpha);
    }
  }

  /** One unit in one process. Mutable. */
  private static final class Life {
    private final int process;
    private final int stratum;
    private final int variant;
    private final int[] segments;
    private final boolean prone;
    private long requests;
    private long errors;
    private long revenue;
    private boolean crashed;
    private boolean returned;

    Life(int process, int stratum, int variant, int[] segments, boolean prone) {
      this.process = process;
      this.stratum = stratum;
      this.variant = variant;
      this.segments = segments;
      // Bad luck that stays with a unit, so that its errors come in clusters.
      this.prone = prone;
    }
  }
}
