package io.tidegate.analysis;

import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rollouts for tests: four stages of a day each, five metrics, looks every hour. */
public final class Rollouts {

  public static final long HOUR_MS = 3_600_000L;
  public static final long DAY_MS = 24 * HOUR_MS;

  /** A Monday. */
  public static final long START_MS = 1_767_571_200_000L;

  private Rollouts() {}

  public static RolloutSpec spec(String id, Assignment assignment) {
    return new RolloutSpec(
        id,
        "team",
        "#oncall",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis("Nothing gets worse", "", "", null, null),
        new RolloutSpec.Flag(
            id, "off", List.of("on"), Map.of("off", 1.0, "on", 1.0), "v1", "default"),
        assignment,
        Duration.ofHours(1),
        Duration.ofHours(6),
        List.of(stage("canary", 10), stage("early", 25), stage("half", 50), stage("full", 100)),
        null,
        List.of(
            new SegmentDimension("country", List.of("DE", "FR"), 0),
            new SegmentDimension("device", List.of("mobile", "desktop"), 0)),
        metrics(),
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(List.of()),
        List.of(),
        null,
        50,
        null);
  }

  /** The same, units entering at an outcome. */
  public static RolloutSpec triggered(RolloutSpec s, String outcome) {
    return with(s, s.holdout(), s.metrics(), OutcomeFilter.of(outcome));
  }

  /** The same with other metrics. */
  public static RolloutSpec withMetrics(RolloutSpec s, List<Metric> metrics) {
    return with(s, s.holdout(), metrics, s.trigger());
  }

  /** The same with units kept from the change. */
  public static RolloutSpec withHoldout(RolloutSpec s, RolloutSpec.Holdout holdout) {
    return with(s, holdout, s.metrics(), s.trigger());
  }

  private static RolloutSpec with(
      RolloutSpec s,
      RolloutSpec.@Nullable Holdout holdout,
      List<Metric> metrics,
      @Nullable OutcomeFilter trigger) {
    return new RolloutSpec(
        s.id(),
        s.owner(),
        s.contact(),
        s.respondWithin(),
        s.hypothesis(),
        s.flag(),
        s.assignment(),
        s.lookEvery(),
        s.evidenceEvery(),
        s.stages(),
        holdout,
        s.segments(),
        metrics,
        s.decision(),
        s.quality(),
        s.signOffs(),
        s.cost(),
        s.minSegmentUnits(),
        trigger);
  }

  /** The same with other looks, stages, segments, metrics and levels. */
  public static RolloutSpec spec(
      RolloutSpec base,
      Duration looks,
      List<Stage> stages,
      List<SegmentDimension> segments,
      List<Metric> metrics,
      RolloutSpec.Decision decision) {
    return new RolloutSpec(
        base.id(),
        base.owner(),
        base.contact(),
        base.respondWithin(),
        base.hypothesis(),
        base.flag(),
        base.assignment(),
        looks,
        base.evidenceEvery(),
        stages,
        null,
        segments,
        metrics,
        decision,
        base.quality(),
        List.of(),
        null,
        base.minSegmentUnits(),
        null);
  }

  private static Stage stage(String name, double percent) {
    return stage(name, percent, Duration.ofHours(12), Duration.ofMinutes(2));
  }

  public static Stage stage(String name, double percent, Duration least, Duration settle) {
    return new Stage(name, percent, least, null, 100, null, false, false, "", settle, null);
  }

  private static List<Metric> metrics() {
    return List.of(
        metric(
            "conversion",
            Role.GUARDRAIL,
            new MetricKind.Proportion(OutcomeFilter.of("purchase"), Duration.ofHours(24)),
            Better.UP),
        metric(
            "requests",
            Role.SUCCESS,
            new MetricKind.Count(OutcomeFilter.of("request"), null, null),
            Better.UP),
        metric(
            "revenue",
            Role.GUARDRAIL,
            new MetricKind.Sum(OutcomeFilter.of("purchase"), null, 500_000_000L, "EUR"),
            Better.UP),
        metric(
            "errors",
            Role.GUARDRAIL,
            new MetricKind.Ratio(
                new MetricKind.Term(OutcomeFilter.of("error"), false),
                new MetricKind.Term(OutcomeFilter.of("request"), false),
                null),
            Better.DOWN),
        metric(
            "d1",
            Role.LONG_TERM,
            new MetricKind.Retention(OutcomeFilter.of("request"), 1, 2),
            Better.UP));
  }

  /** A metric with a margin of a tenth where its role asks for one. */
  public static Metric metric(String name, Role role, MetricKind kind, Better better) {
    Margin margin = role == Role.GUARDRAIL ? Margin.relative(0.1) : null;
    return new Metric(name, role, kind, better, margin, null, null, Map.of(), "", "");
  }

  /** Reads every DEFINED event as the given spec without history. */
  public static DefinitionReader reader(Assignment assignment) {
    return defined ->
        new Definition(
            spec(defined.rolloutId(), assignment), Resolved.NONE, "hash-" + defined.rolloutId());
  }

  /** DEFINED at the start, then a stage a day. */
  public static List<RolloutEvent> events(String id) {
    List<RolloutEvent> events = new ArrayList<>();
    events.add(RolloutEvent.defined(id + "-d", START_MS - HOUR_MS, id, "test", "{}", "{}"));
    String[] stages = {"canary", "early", "half", "full"};
    for (int i = 0; i < stages.length; i++) {
      events.add(
          RolloutEvent.bare(
              id + "-" + i,
              START_MS + i * DAY_MS + 17 * 60_000L,
              id,
              RolloutEvent.Kind.STAGE_ENTERED,
              stages[i]));
    }
    return events;
  }

  /** A rollout whose stages, as many as there are times, are entered then. */
  public static Timeline timeline(RolloutSpec spec, Resolved resolved, List<Long> enteredMs) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    controls.add(
        sequencer.next(
            RolloutEvent.defined("d", enteredMs.get(0) - HOUR_MS, spec.id(), "test", "{}", "{}")));
    for (int i = 0; i < enteredMs.size(); i++) {
      controls.add(
          sequencer.next(
              RolloutEvent.bare(
                  "e" + i,
                  enteredMs.get(i),
                  spec.id(),
                  RolloutEvent.Kind.STAGE_ENTERED,
                  spec.stages().get(i).name())));
    }
    return Timeline.of(spec.id(), controls, d -> new Definition(spec, resolved, "hash-m"));
  }

  public static Timeline timeline(String id, Assignment assignment) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    events(id).forEach(e -> controls.add(sequencer.next(e)));
    return Timeline.of(id, controls, reader(assignment));
  }
}
