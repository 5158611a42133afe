package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.NormalTail;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.StartUp;
import io.tidegate.stats.sequence.Tuning;
import io.tidegate.stats.sequence.calibration.Draws;
import io.tidegate.stats.sequence.calibration.Tally;
import io.tidegate.stats.sums.UnitSums;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Harm planted into users who come one to one: how many are caught and after how many users a
 * variant, by the gate and by judges that are in use. What is required of the gate are the delays
 * of vectors/anchors.md. In full it writes its table into docs/simulations.md.
 */
class PlantedHarmTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int RUNS = FULL ? 400 : 6;
  private static final int RUNS_OF_ALL = FULL ? 200 : 5;

  private static final int LOOKS = FULL ? 500 : 100;
  private static final int LOOKS_OF_ALL = FULL ? 200 : 100;

  private static final String GATE = "the gate";
  private static final String WELCH = "Welch at every look, the same level";
  private static final String MANN_WHITNEY = "Mann–Whitney canary judge";
  private static final String BEST = "one sequence tuned to this very effect";

  private static final long ONE = UnitSums.SCALE;
  private static final OutcomeFilter ANY = OutcomeFilter.of("any");
  private static final double CAP = Math.exp(3 + 1.5 * 2.0537);
  private static final double LATENCY_MU = 5;
  private static final double LATENCY_UNIT = 0.3;
  private static final double LATENCY_REQUEST = 0.5;
  private static final double THRESHOLD =
      LATENCY_MU + 1.6448536 * Math.hypot(LATENCY_UNIT, LATENCY_REQUEST);
  private static final int MINUTES = 100;

  /**
   * @param users users a variant at the end
   * @param mostDelay the largest median delay of the gate that is allowed; NaN where none is stated
   * @param best the true effect, for the one sequence that is tuned to it; 0 for none
   * @param mostOfBest the largest median delay in multiples of that sequence's
   */
  private record Scenario(
      String name,
      int users,
      int looks,
      int runs,
      SteadyTrial trial,
      SteadyTrial.Behaviour behaviour,
      double mostDelay,
      double best,
      double mostOfBest) {}

  private static Metric guardrail(
      String name, MetricKind kind, Better better, @Nullable Margin margin, double effect) {
    return new Metric(
        name,
        Role.GUARDRAIL,
        kind,
        better,
        margin,
        Margin.ZERO,
        Margin.relative(effect),
        Map.of(),
        "",
        "");
  }

  private static SteadyTrial alone(Metric metric, Resolved.MetricBase base) {
    Resolved resolved = new Resolved(1, Map.of(), Map.of(metric.name(), base), List.of());
    return new SteadyTrial(List.of(metric), 0, resolved, 0.05);
  }

  private static Resolved.MetricBase rate(double p) {
    return new Resolved.MetricBase(p, p * (1 - p), p, Map.of());
  }

  private static SteadyTrial.Behaviour binary(double p, double harmed) {
    return (draws, users, segment, treated, channels) ->
        hits(channels[0], draws.binomial(users, treated ? harmed : p));
  }

  private static void hits(UnitSums sums, int hits) {
    for (int i = 0; i < hits; i++) {
      sums.move(0, 0, ONE, 0);
    }
  }

  private static void revenue(Draws draws, int users, double factor, UnitSums sums) {
    int payers = draws.binomial(users, 0.05);
    for (int i = 0; i < payers; i++) {
      sums.move(0, 0, (long) (ONE * Math.min(CAP, factor * draws.logNormal(3, 1.5))), 0);
    }
  }

  private static void latency(Draws draws, int users, double factor, UnitSums sums) {
    for (int i = 0; i < users; i++) {
      int requests = 1 + draws.poisson(4);
      double level = LATENCY_MU + Math.log(factor) + LATENCY_UNIT * draws.normal();
      double p = Math.exp(NormalTail.logCdf((level - THRESHOLD) / LATENCY_REQUEST));
      sums.move(0, 0, ONE * draws.binomial(requests, p), ONE * requests);
    }
  }

  private static Resolved.MetricBase revenueBase() {
    UnitSums pilot = units(400_000);
    revenue(new Draws(1), 400_000, 1, pilot);
    double n = pilot.moments().n();
    return new Resolved.MetricBase(
        pilot.moments().mean(), pilot.moments().m2() / n, 0.05, Map.of());
  }

  private static Resolved.MetricBase latencyBase() {
    UnitSums pilot = units(100_000);
    latency(new Draws(2), 100_000, 1, pilot);
    var score = pilot.ratio().score().orThrow();
    return new Resolved.MetricBase(
        score.mean(), score.m2() / score.n(), 0.2, Map.of("all=*", Math.exp(THRESHOLD)));
  }

  private static UnitSums units(int users) {
    UnitSums sums = new UnitSums();
    for (int u = 0; u < users; u++) {
      sums.enter(0, 0);
    }
    return sums;
  }

  private static Metric conversion(double effect) {
    return guardrail("conversion", new MetricKind.Proportion(ANY, null), Better.UP, null, effect);
  }

  private static Metric errors(double effect) {
    return guardrail("errors", new MetricKind.Proportion(ANY, null), Better.DOWN, null, effect);
  }

  private static Metric revenue(double effect) {
    return guardrail(
        "revenue",
        new MetricKind.Sum(ANY, null, (long) (CAP * ONE), "EUR"),
        Better.UP,
        null,
        effect);
  }

  private static Metric latency(@Nullable Margin margin) {
    return guardrail(
        "latency", new MetricKind.Quantile(ANY, "ms", 0.95, null), Better.DOWN, margin, 0.1);
  }

  private static List<Scenario> alone() {
    SteadyTrial.Behaviour lessRevenue =
        (draws, users, segment, treated, channels) ->
            revenue(draws, users, treated ? 0.7 : 1, channels[0]);
    return List.of(
        new Scenario(
            "conversion 5 → 4.5 %",
            60_000,
            LOOKS,
            RUNS,
            alone(conversion(0.1), rate(0.05)),
            binary(0.05, 0.045),
            1.25 * 21_840,
            0,
            0),
        new Scenario(
            "error users 0.1 → 0.3 % (label test)",
            20_000,
            LOOKS,
            RUNS,
            alone(errors(2), rate(0.001)),
            binary(0.001, 0.003),
            1.1 * 6_720,
            0,
            0),
        new Scenario(
            "p95 latency +10 %",
            4_000,
            LOOKS,
            RUNS / 2,
            alone(latency(null), latencyBase()),
            (draws, users, segment, treated, channels) ->
                latency(draws, users, treated ? 1.1 : 1, channels[0]),
            1.25 * 619,
            0,
            0),
        new Scenario(
            "revenue −30 %, capped",
            60_000,
            LOOKS,
            RUNS / 2,
            alone(revenue(0.3), revenueBase()),
            lessRevenue,
            1.25 * 11_590,
            0,
            0),
        new Scenario(
            "conversion 5 → 2.5 %, tuned to −5 %",
            6_000,
            LOOKS,
            RUNS,
            alone(conversion(0.05), rate(0.05)),
            binary(0.05, 0.025),
            Double.NaN,
            0.5,
            1.6),
        new Scenario(
            "revenue −30 %, capped, tuned to −3 %",
            60_000,
            LOOKS,
            RUNS / 2,
            alone(revenue(0.03), revenueBase()),
            lessRevenue,
            Double.NaN,
            0.3,
            1.6));
  }

  /** Six guardrails in all and in six segments, with a share of 1 % for any false ROLLBACK. */
  private static SteadyTrial whole() {
    Margin margin = Margin.relative(0.1);
    List<Metric> metrics =
        List.of(
            guardrail("conversion", new MetricKind.Proportion(ANY, null), Better.UP, margin, 0.1),
            guardrail("errors", new MetricKind.Proportion(ANY, null), Better.DOWN, margin, 0.1),
            guardrail("returns", new MetricKind.Proportion(ANY, null), Better.UP, margin, 0.1),
            guardrail("requests", new MetricKind.Count(ANY, null, null), Better.UP, margin, 0.1),
            guardrail(
                "revenue",
                new MetricKind.Sum(ANY, null, (long) (CAP * ONE), "EUR"),
                Better.UP,
                margin,
                0.1),
            latency(margin));
    Map<String, Resolved.MetricBase> bases =
        Map.of(
            "conversion", rate(0.05),
            "errors", rate(0.01),
            "returns", rate(0.2),
            "requests", new Resolved.MetricBase(4, 4, 0.98, Map.of()),
            "revenue", revenueBase(),
            "latency", latencyBase());
    return new SteadyTrial(metrics, 6, new Resolved(1, Map.of(), bases, List.of()), 0.01);
  }

  private static SteadyTrial.Behaviour everything(double errors, int harmedSegment) {
    return (draws, users, segment, treated, channels) -> {
      boolean hurts = treated && (harmedSegment < 0 || harmedSegment == segment);
      hits(channels[0], draws.binomial(users, 0.05));
      hits(channels[1], draws.binomial(users, hurts ? errors : 0.01));
      hits(channels[2], draws.binomial(users, 0.2));
      for (int u = 0; u < users; u++) {
        channels[3].move(0, 0, ONE * draws.poisson(4), 0);
      }
      revenue(draws, users, 1, channels[4]);
      latency(draws, users, 1, channels[5]);
    };
  }

  private static List<Scenario> ofAll() {
    SteadyTrial trial = whole();
    return List.of(
        new Scenario(
            "the whole rule (42 tests, 1 %): error users 1 → 2 %",
            18_000, LOOKS_OF_ALL, RUNS_OF_ALL, trial, everything(0.02, -1), 1.1 * 4_860, 0, 0),
        new Scenario(
            "the whole rule: error users 1 → 3 % in one of six segments",
            18_000, LOOKS_OF_ALL, RUNS_OF_ALL, trial, everything(0.03, 2), Double.NaN, 0, 0));
  }

  @Test
  void harm_to_one_guardrail_is_caught_as_fast_as_is_required() {
    isCaughtInTime(alone(), "planted");
  }

  @Test
  void harm_is_caught_by_the_whole_rule_as_fast_as_is_required() {
    isCaughtInTime(ofAll(), "whole");
  }

  private static void isCaughtInTime(List<Scenario> scenarios, String part) {
    StringBuilder table =
        new StringBuilder(
            "| harm | judge | called without harm | caught | median users a variant | at most |\n"
                + "|---|---|---|---|---|---|\n");
    Map<Scenario, Tally> harmed = new LinkedHashMap<>();
    for (Scenario scenario : scenarios) {
      Tally none = run(scenario, false);
      Tally harm = run(scenario, true);
      harmed.put(scenario, harm);
      for (String judge : judges(scenario)) {
        row(table, scenario, judge, none, harm);
      }
    }
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), part, table.toString());
    }
    harmed.forEach(
        (scenario, tally) -> {
          double most = most(scenario, tally);
          // Few runs tell a median only roughly.
          double allowance = FULL ? 0 : 3 * tally.medianError(GATE);
          if (!Double.isNaN(most)) {
            assertThat(tally.median(GATE))
                .as("%s\n%s", scenario.name, table)
                .isLessThanOrEqualTo(most + allowance);
          }
        });
  }

  private static double most(Scenario scenario, Tally harm) {
    return scenario.best > 0 ? scenario.mostOfBest * harm.median(BEST) : scenario.mostDelay;
  }

  private static List<String> judges(Scenario scenario) {
    return scenario.best > 0
        ? List.of(GATE, BEST, WELCH, MANN_WHITNEY)
        : List.of(GATE, WELCH, MANN_WHITNEY);
  }

  private static void row(
      StringBuilder table, Scenario scenario, String judge, Tally none, Tally harm) {
    double most = judge.equals(GATE) ? most(scenario, harm) : Double.NaN;
    double median = harm.median(judge);
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %.1f ± %.1f %% | %.1f ± %.1f %% | %s | %s |%n",
            scenario.name,
            judge,
            none.percent(judge),
            none.error(judge),
            harm.percent(judge),
            harm.error(judge),
            Double.isInfinite(median)
                ? "not reached"
                : String.format(Locale.ROOT, "%,.0f ± %,.0f", median, harm.medianError(judge)),
            Double.isNaN(most) ? "–" : String.format(Locale.ROOT, "%,.0f", most)));
  }

  private static Tally run(Scenario scenario, boolean harmed) {
    Draws draws = new Draws(scenario.users + (harmed ? 12 : 11));
    Tally tally = new Tally();
    int runs = harmed ? scenario.runs : FULL ? scenario.runs / 2 : 1;
    for (int r = 0; r < runs; r++) {
      SteadyTrial.Run run = scenario.trial.start(draws, scenario.behaviour);
      Series series = new Series(scenario);
      int came = 0;
      boolean open = true;
      for (int look = 1; look <= scenario.looks && open; look++) {
        int until = (int) ((long) scenario.users * look / scenario.looks);
        UnitSums[][] sums = run.arrive(until - came, harmed);
        came = until;
        series.add(look, sums);
        open = look(scenario, run, series, look, came, tally);
      }
      tally.endRun();
    }
    return tally;
  }

  /** Lets every judge look that has not called yet; whether one is left. */
  private static boolean look(
      Scenario scenario, SteadyTrial.Run run, Series series, int look, int came, Tally tally) {
    SteadyTrial trial = scenario.trial;
    boolean open = false;
    boolean left =
        judges(scenario).stream().anyMatch(j -> !j.equals(MANN_WHITNEY) && !tally.done(j));
    // Its sums become those of the boundary, which the others read too.
    boolean gate = left && run.rolledBack();
    for (String judge : judges(scenario)) {
      if (tally.done(judge)) {
        continue;
      }
      boolean calls =
          switch (judge) {
            case GATE -> gate;
            case WELCH ->
                WelchRival.fails(
                    run.process(), trial.budget.harmOverall(), trial.budget.harmSegment());
            case BEST -> best(scenario, run.process());
            default -> series.fails(look);
          };
      tally.look(judge, calls, came);
      open |= !calls;
    }
    return open;
  }

  private static boolean best(Scenario scenario, StageProcess process) {
    Metric metric = scenario.trial.plan.definition().spec().metrics().get(0);
    Resolved.MetricBase base = scenario.trial.plan.definition().resolved().base(metric.name());
    UnitSums control = process.pooled(0, -1, 0, 0);
    UnitSums treatment = process.pooled(1, -1, 0, 0);
    Stated<MeanContrast> contrast =
        MeanContrast.of(process.means(0, 0, 1, -1, 0, false), 1, true)
            .flatMap(StartUp.nonZero(control.unitsNonZero() + treatment.unitsNonZero())::admit);
    if (base == null || !contrast.said()) {
      return false;
    }
    double effect = scenario.best * base.mean();
    Tuning tuning =
        Tuning.at(
            0.05, Tuning.effectiveUnitsFor(base.variance(), effect, 0.05, 0.8), base.variance());
    MeanContrast c = contrast.orThrow();
    double logE =
        MixtureAverage.SINGLE.logE(
            metric.better() == Better.UP ? Side.LESS : Side.GREATER,
            c.estimate() / c.standardError(),
            tuning.kappa(c.information()));
    return logE >= Math.log(1 / 0.05);
  }

  /** Values a minute of every guardrail, judged ten times. */
  private static final class Series {
    private final Scenario scenario;
    private final double[][][] y;
    private final double[][][] n;

    Series(Scenario scenario) {
      this.scenario = scenario;
      int metrics = scenario.trial.plan.definition().spec().metrics().size();
      this.y = new double[2][metrics][MINUTES];
      this.n = new double[2][metrics][MINUTES];
    }

    void add(int look, UnitSums[][] sums) {
      int minute = (look - 1) * MINUTES / scenario.looks;
      List<Metric> metrics = scenario.trial.plan.definition().spec().metrics();
      for (int v = 0; v < 2; v++) {
        long units = sums[v][sums[v].length - 1].units();
        for (int m = 0; m < metrics.size(); m++) {
          UnitSums own = sums[v][scenario.trial.plan.channel(m, 1)];
          y[v][m][minute] += own.sumY().doubleValue();
          n[v][m][minute] += metrics.get(m).kind().isRatio() ? own.sumD().doubleValue() : units;
        }
      }
    }

    boolean fails(int look) {
      if (look % (scenario.looks / 10) != 0) {
        return false;
      }
      int minutes = look * MINUTES / scenario.looks;
      List<Metric> metrics = scenario.trial.plan.definition().spec().metrics();
      for (int m = 0; m < metrics.size(); m++) {
        double[][] values = new double[2][minutes];
        for (int v = 0; v < 2; v++) {
          for (int i = 0; i < minutes; i++) {
            values[v][i] = y[v][m][i] / n[v][m][i];
          }
        }
        if (MannWhitneyJudge.fails(values[1], values[0], -metrics.get(m).better().sign())) {
          return true;
        }
      }
      return false;
    }
  }
}
