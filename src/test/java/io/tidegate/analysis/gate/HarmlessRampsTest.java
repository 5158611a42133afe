package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.PostedCells;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/**
 * Ramps without any effect: four stages, six guardrails of which none may get worse at all, seven
 * segments, a look at every boundary. A false ROLLBACK in any must be no more frequent than {@code
 * alpha_rollback}. Beside it, a Welch test at every look and a Mann–Whitney canary judge. In full
 * it writes its table into docs/simulations.md.
 */
class HarmlessRampsTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RAMPS = FULL ? 1_000 : 20;
  private static final int POPULATION = 4_000;
  private static final int CONVERSION = 0;
  private static final int CRASHES = 1;
  private static final int REQUESTS = 2;
  private static final int REVENUE = 3;
  private static final int ERRORS = 4;
  private static final int LATENCY = 5;
  private static final double[] SHARES = {0.10, 0.25, 0.50};
  private static final int PARTS = 3;
  private static final long ONE = 1_000_000L;

  private static final String GATE = "the gate";
  private static final String WELCH = "Welch at every look, the gate's levels";
  private static final String WELCH_5 = "Welch at every look, 5 %";
  private static final String MANN_WHITNEY = "Mann–Whitney canary judge";
  private static final List<String> JUDGES = List.of(GATE, WELCH, WELCH_5, MANN_WHITNEY);

  /** History knows when a request is slow, and nothing else. */
  private static final Resolved THRESHOLD =
      new Resolved(
          0,
          Map.of(),
          Map.of("latency", new Resolved.MetricBase(0.05, 0, 0, Map.of("all=*", 800.0))),
          List.of());

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
            guardrail(
                "latency",
                new MetricKind.Quantile(request, "latency_ms", 0.95, null),
                Better.DOWN));
    return Rollouts.spec(
        base,
        Duration.ofHours(4),
        base.stages(),
        List.of(
            new SegmentDimension("country", List.of("DE", "FR"), 0),
            new SegmentDimension("device", List.of("mobile"), 0)),
        metrics,
        base.decision());
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

  @Test
  void harmless_ramps_are_rolled_back_no_more_often_than_declared() {
    StringBuilder table =
        new StringBuilder("| ramp | judge | ramps | rolled back | share | at most |\n");
    table.append("|---|---|---|---|---|---|\n");
    List<Result> results = Stream.of(Assignment.values()).map(HarmlessRampsTest::result).toList();
    results.forEach(result -> result.addTo(table));
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), "harmless", table.toString());
    }
    for (Result result : results) {
      assertThat(result.called.get(GATE)).as("%s", table).isLessThanOrEqualTo(result.most);
      assertThat(result.called.get(WELCH_5)).as("%s", table).isGreaterThan(result.most);
    }
  }

  private static Result result(Assignment assignment) {
    RolloutSpec spec = spec(assignment);
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    Rollouts.events("m").forEach(e -> controls.add(sequencer.next(e)));
    Timeline timeline = Timeline.of("m", controls, d -> new Definition(spec, THRESHOLD, "hash-m"));
    Map<String, Integer> called = new LinkedHashMap<>();
    JUDGES.forEach(judge -> called.put(judge, 0));
    for (int ramp = 0; ramp < RAMPS; ramp++) {
      Ramp one = new Ramp(timeline, assignment, new Random(1_000L * ramp + 7));
      one.run();
      one.called.forEach(judge -> called.merge(judge, 1, Integer::sum));
    }
    double alpha = spec.decision().alphaRollback();
    int most = new BinomialDistribution(null, RAMPS, alpha).inverseCumulativeProbability(0.99);
    return new Result(assignment, called, most);
  }

  /**
   * How often each judge called for a rollback.
   *
   * @param most the upper 99 % Monte-Carlo bound of the declared share
   */
  private record Result(Assignment assignment, Map<String, Integer> called, int most) {
    void addTo(StringBuilder table) {
      called.forEach(
          (judge, times) ->
              table.append(
                  String.format(
                      Locale.ROOT,
                      "| %s | %s | %,d | %d | %.1f %% | %s |%n",
                      assignment.name().toLowerCase(Locale.ROOT),
                      judge,
                      RAMPS,
                      times,
                      100.0 * times / RAMPS,
                      judge.equals(GATE) ? most : "–")));
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
    private final PostedCells batch = new PostedCells();
    private final CanarySeries series;
    private final Budget budget;
    private final Set<String> called = new TreeSet<>();

    Ramp(Timeline timeline, Assignment assignment, Random random) {
      this.timeline = timeline;
      this.assignment = assignment;
      this.random = random;
      this.attempt = timeline.attempts().get(0);
      this.plan = Plan.of(attempt.definition());
      this.series = new CanarySeries(attempt);
      this.budget = Budget.of(attempt, plan);
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
        if (evaluation != null && evaluation.signal().verdict() == Verdict.ROLLBACK) {
          called.add(GATE);
        }
        Epoch epoch = attempt.epochBefore(b);
        if (epoch != null) {
          welch(StageProcess.of(state.sums, attempt, plan, epoch));
          if (!called.contains(MANN_WHITNEY) && series.fails(epoch, b)) {
            called.add(MANN_WHITNEY);
          }
        }
      }
    }

    private void welch(StageProcess process) {
      if (!called.contains(WELCH)
          && WelchRival.fails(process, budget.harmOverall(), budget.harmSegment())) {
        called.add(WELCH);
      }
      if (!called.contains(WELCH_5) && WelchRival.fails(process, 0.05, 0.05)) {
        called.add(WELCH_5);
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
            unjudged(k + 1, heavy, prone);
            return;
          }
          seen = SHARES[k];
        }
      }
    }

    /** What a treated unit of a ramped rollout does in later stages: traffic, and not judged. */
    private void unjudged(int from, double heavy, boolean prone) {
      for (int k = from; k < SHARES.length; k++) {
        double when = random.nextDouble();
        if (random.nextDouble() <= StrictMath.min(0.95, 0.4 * heavy)) {
          Life life = new Life(Life.UNJUDGED, 0, 1, new int[2], prone);
          enter(life, k, when, attempt.epochs().get(k).leftMs(), heavy);
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
      CanarySeries.Visit visit = series.visit(life.variant, timeMs);
      long requests = 1 + (long) (8 * heavy * random.nextDouble());
      long errors = 0;
      long slow = 0;
      long slower = 0;
      double prone = life.prone ? 0.1 : 0.005;
      for (int r = 0; r < requests; r++) {
        errors += random.nextDouble() < prone ? 1 : 0;
        double latency = random.nextDouble() * (life.prone ? 0.3 : 1);
        slow += latency < 0.04 ? 1 : 0;
        slower += latency < 0.03 ? 1 : 0;
      }
      moved(life, REQUESTS, timeMs, requests, 0);
      moved(life, ERRORS, timeMs, errors, requests);
      moved(life, LATENCY, timeMs, slow, requests);
      moved(life, LATENCY + 1, timeMs, slower, requests);
      visit.add(REQUESTS, requests, 1).add(ERRORS, errors, requests).add(LATENCY, slow, requests);
      boolean buys = random.nextDouble() < 0.04 * heavy;
      long paid = buys ? 1 + (long) StrictMath.exp(3 + random.nextGaussian()) : 0;
      if (buys) {
        once(life, CONVERSION, timeMs);
        moved(life, REVENUE, timeMs, Math.min(paid, 200 - life.y[REVENUE]), 0);
      }
      boolean crashes = random.nextDouble() < 0.003;
      if (crashes) {
        once(life, CRASHES, timeMs);
      }
      visit.add(CONVERSION, buys ? 1 : 0, 1).add(CRASHES, crashes ? 1 : 0, 1).add(REVENUE, paid, 1);
    }

    private void once(Life life, int channel, long timeMs) {
      moved(life, channel, timeMs, 1 - life.y[channel], 0);
    }

    private void moved(Life life, int channel, long timeMs, long y, long d) {
      if (y != 0 || d != 0) {
        long yOld = life.y[channel] * ONE;
        long dOld = life.d[channel] * ONE;
        life.y[channel] += y;
        life.d[channel] += d;
        post(
            life, channel, timeMs, false, yOld, dOld, life.y[channel] * ONE, life.d[channel] * ONE);
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
      if (life.process == Life.UNJUDGED) {
        return;
      }
      UnitDelta delta = new UnitDelta();
      delta.rolloutId = "m";
      delta.bucketMs = timeline.floorBoundary(timeMs);
      delta.attempt = 1;
      delta.process = life.process;
      delta.stratum = life.stratum;
      delta.variant = life.variant;
      delta.segments = life.segments;
      delta.segmentStarts = plan.segmentStarts();
      delta.channel = channel;
      delta.sign = 1;
      delta.enters = enters;
      delta.yOld = yOld;
      delta.dOld = dOld;
      delta.yNew = yNew;
      delta.dNew = dNew;
      batch.add(delta);
    }
  }

  /** One unit in one process. Mutable. */
  private static final class Life {
    /** A process that the gate knows nothing of. */
    private static final int UNJUDGED = Integer.MAX_VALUE;

    private final int process;
    private final int stratum;
    private final int variant;
    private final int[] segments;
    private final boolean prone;
    private final long[] y = new long[LATENCY + 2];
    private final long[] d = new long[LATENCY + 2];

    Life(int process, int stratum, int variant, int[] segments, boolean prone) {
      this.process = process;
      this.stratum = stratum;
      this.variant = variant;
      this.segments = segments;
      // Bad luck that stays with a unit, so that its errors come in clusters.
      this.prone = prone;
    }
  }

  /** Every guardrail's values a quarter of an hour in a stage, as a canary judge reads them. */
  private static final class CanarySeries {

    private static final long INTERVAL_MS = 15 * 60_000L;

    private final Attempt attempt;
    private final double[][][][] sums = new double[SHARES.length][2][LATENCY + 1][];
    private final double[][][][] bases = new double[SHARES.length][2][LATENCY + 1][];

    CanarySeries(Attempt attempt) {
      this.attempt = attempt;
      int intervals = (int) (Rollouts.DAY_MS / INTERVAL_MS);
      for (int k = 0; k < SHARES.length; k++) {
        for (int v = 0; v < 2; v++) {
          for (int m = 0; m <= LATENCY; m++) {
            sums[k][v][m] = new double[intervals];
            bases[k][v][m] = new double[intervals];
          }
        }
      }
    }

    /** What one visit adds to its interval; nothing where it is after the last stage. */
    record Visit(double[][] sums, double[][] bases, int interval) {
      Visit add(int metric, double sum, double base) {
        if (interval >= 0) {
          sums[metric][interval] += sum;
          bases[metric][interval] += base;
        }
        return this;
      }
    }

    Visit visit(int variant, long timeMs) {
      for (int k = SHARES.length - 1; k >= 0; k--) {
        Epoch epoch = attempt.epochs().get(k);
        if (timeMs >= epoch.enteredMs()) {
          int interval = (int) ((timeMs - epoch.enteredMs()) / INTERVAL_MS);
          boolean within = timeMs < epoch.leftMs();
          return new Visit(sums[k][variant], bases[k][variant], within ? interval : -1);
        }
      }
      return new Visit(sums[0][variant], bases[0][variant], -1);
    }

    boolean fails(Epoch epoch, long boundaryMs) {
      int k = epoch.index();
      int intervals = (int) ((boundaryMs - epoch.enteredMs()) / INTERVAL_MS);
      List<Metric> metrics = attempt.definition().spec().metrics();
      for (int m = 0; m <= LATENCY; m++) {
        double[] control = values(k, 0, m, intervals);
        double[] treatment = values(k, 1, m, intervals);
        if (MannWhitneyJudge.fails(treatment, control, -metrics.get(m).better().sign())) {
          return true;
        }
      }
      return false;
    }

    /** Intervals without a visit have no value. */
    private double[] values(int stage, int variant, int metric, int intervals) {
      double[] found = new double[intervals];
      int n = 0;
      for (int i = 0; i < intervals; i++) {
        double base = bases[stage][variant][metric][i];
        if (base > 0) {
          found[n++] = sums[stage][variant][metric][i] / base;
        }
      }
      return Arrays.copyOf(found, n);
    }
  }
}
