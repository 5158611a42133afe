package io.tidegate.simulate;

import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rollouts and worlds for the simulator's tests. */
final class Worlds {

  static final long START_MS = 1_772_409_600_000L; // 2026-03-02T00:00:00Z, a Monday.
  static final long HOUR_MS = 3_600_000L;
  static final long DAY_MS = 86_400_000L;

  private Worlds() {}

  static RolloutSpec spec(Assignment assignment) {
    RolloutSpec.Flag flag =
        new RolloutSpec.Flag(
            "checkout",
            "off",
            List.of("on"),
            assignment == Assignment.MATCHED ? Map.of("off", 1.0, "on", 1.0) : Map.of("on", 1.0),
            "v1",
            assignment == Assignment.MATCHED ? "default" : "");
    return new RolloutSpec(
        "checkout",
        "team",
        "#team",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis("", "", "", null, null),
        flag,
        assignment,
        Duration.ofHours(1),
        Duration.ofHours(1),
        List.of(stage("canary", 10), stage("early", 25), stage("half", 50), stage("full", 100)),
        null,
        List.of(new SegmentDimension("device", List.of("mobile", "desktop"), 0)),
        metrics(),
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(List.of()),
        List.of(),
        null,
        50,
        null);
  }

  static SimulationConfig plain(Assignment assignment, long seed, double unitsPerDay) {
    return SimulationConfig.plain(spec(assignment), seed, START_MS, unitsPerDay);
  }

  /** Everything that arrives up to an instant. */
  static List<Arrival> run(Simulator simulator, long untilMs) {
    List<Arrival> arrivals = new ArrayList<>();
    simulator.advanceTo(untilMs, arrivals::add);
    return arrivals;
  }

  private static Stage stage(String name, double percent) {
    return new Stage(
        name,
        percent,
        Duration.ofHours(12),
        null,
        100,
        null,
        false,
        false,
        "",
        Stage.DEFAULT_SETTLE,
        null);
  }

  private static List<Metric> metrics() {
    OutcomeFilter sale = new OutcomeFilter("purchase", Map.of("type", java.util.Set.of("sale")));
    return List.of(
        metric("conversion", new MetricKind.Proportion(sale, Duration.ofHours(24)), Better.UP),
        metric(
            "errors",
            new MetricKind.Ratio(
                new MetricKind.Term(OutcomeFilter.of("error"), false),
                new MetricKind.Term(OutcomeFilter.of("request"), false),
                null),
            Better.DOWN),
        metric(
            "revenue",
            new MetricKind.Sum(OutcomeFilter.of("purchase"), null, 300_000_000L, "EUR"),
            Better.UP),
        metric("d1", new MetricKind.Retention(OutcomeFilter.of("session_start"), 1, 2), Better.UP));
  }

  private static Metric metric(String name, MetricKind kind, Better better) {
    return new Metric(
        name, Role.GUARDRAIL, kind, better, Margin.relative(0.1), null, null, Map.of(), "", "");
  }
}
