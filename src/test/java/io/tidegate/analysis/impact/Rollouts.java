package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rollouts and events for tests. */
final class Rollouts {

  static final long DAY = 86_400_000L;
  static final String ID = "checkout";
  static final String FLAG = "checkout-flag";

  private Rollouts() {}

  static Stage stage(String name, double percent) {
    return new Stage(
        name, percent, Duration.ofHours(6), null, 0, null, false, false, "", Duration.ZERO, null);
  }

  static Metric metric(String name, MetricKind kind) {
    return new Metric(name, Role.GUARDRAIL, kind, Better.UP, null, null, null, Map.of(), "", "");
  }

  static Metric revenue(@Nullable Long capMicros) {
    return revenue(capMicros, Map.of());
  }

  static Metric revenue(@Nullable Long capMicros, Map<String, Long> rateNanos) {
    return metric(
        "revenue",
        new MetricKind.Sum(OutcomeFilter.of("purchase"), null, capMicros, "EUR", rateNanos));
  }

  static Metric retention(int day) {
    return metric("d" + day, new MetricKind.Retention(OutcomeFilter.of("purchase"), day, day + 1));
  }

  static RolloutSpec spec(
      Assignment assignment,
      List<Stage> stages,
      RolloutSpec.@Nullable Holdout holdout,
      List<SegmentDimension> segments,
      List<Metric> metrics,
      long minSegmentUnits) {
    return new RolloutSpec(
        ID,
        "team",
        "",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis("", "", "", null, null),
        new RolloutSpec.Flag(FLAG, "off", List.of("on"), Map.of("off", 1.0, "on", 1.0), "v1", ""),
        assignment,
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        stages,
        holdout,
        segments,
        metrics,
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(List.of()),
        List.of(),
        null,
        minSegmentUnits,
        null);
  }

  /** A timeline of the spec: stage names and kinds at days. */
  static Timeline timeline(RolloutSpec spec, RolloutEvent... events) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    controls.add(sequencer.next(RolloutEvent.defined("d", 0, ID, "me", "spec", "")));
    for (RolloutEvent event : events) {
      controls.add(sequencer.next(event));
    }
    return Timeline.of(ID, controls, defined -> new Definition(spec, Resolved.NONE, "hash"));
  }

  static RolloutEvent at(double day, Kind kind, String stage) {
    return RolloutEvent.bare(kind + stage + day, (long) (day * DAY), ID, kind, stage);
  }

  static Point exposure(long timeMs, String variant, String... attributes) {
    Point point = new Point();
    point.timeMs = timeMs;
    point.exposure = true;
    point.name = FLAG;
    point.variant = variant;
    point.attributes = attributes;
    point.idHash = timeMs * 31 + 7;
    return point;
  }

  static Point outcome(long id, long timeMs, String name, long valueMicros) {
    Point point = new Point();
    point.timeMs = timeMs;
    point.name = name;
    point.valueMicros = valueMicros;
    point.idHash = id;
    return point;
  }
}
