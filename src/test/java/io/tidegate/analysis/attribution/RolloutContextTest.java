package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Attempt;
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
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wherever a context has looked before, it says what its timeline says. */
class RolloutContextTest {

  /** Attempts after a pause, at once, and one that ends as it begins. */
  private static Timeline timeline() {
    return timeline(Rollouts.spec("m", Assignment.MATCHED));
  }

  private static Timeline timeline(RolloutSpec spec) {
    List<RolloutEvent> events = new ArrayList<>();
    long[][] attempts = {{0, 170}, {200, 290}, {290, 290}, {290, 400}};
    for (long[] attempt : attempts) {
      String id = "e" + events.size();
      long fromMs = Rollouts.START_MS + attempt[0] * 60_000;
      events.add(RolloutEvent.defined(id, fromMs, "m", "test", "{}", "{}"));
      events.add(
          RolloutEvent.bare(id + "s", fromMs, "m", RolloutEvent.Kind.STAGE_ENTERED, "canary"));
      events.add(
          RolloutEvent.bare(
              id + "e",
              Rollouts.START_MS + attempt[1] * 60_000,
              "m",
              RolloutEvent.Kind.ROLLED_BACK,
              ""));
    }
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = events.stream().map(sequencer::next).toList();
    return Timeline.of("m", controls, defined -> new Definition(spec, Resolved.NONE, ""));
  }

  @Test
  void an_event_keeps_the_attributes_that_are_read_of_its_kind() {
    Metric latency =
        Rollouts.metric(
            "latency",
            Role.SUCCESS,
            new MetricKind.Quantile(OutcomeFilter.of("request"), "latency_ms", 0.95, null),
            Better.DOWN);
    RolloutSpec spec =
        Rollouts.withMetrics(Rollouts.spec("m", Assignment.MATCHED), List.of(latency));
    RolloutIndex index = RolloutIndex.of(List.of(new RolloutContext(0, timeline(spec))));
    assertThat(kept(index, true, "m")).containsExactly("country", "DE", "device", "mobile");
    assertThat(kept(index, false, "request")).containsExactly("latency_ms", "120");
    assertThat(index.keep(point(false, "search"))).isFalse();
  }

  private static String[] kept(RolloutIndex index, boolean exposure, String name) {
    Point point = point(exposure, name);
    assertThat(index.keep(point)).isTrue();
    return point.attributes;
  }

  private static Point point(boolean exposure, String name) {
    Point point = new Point();
    point.timeMs = Rollouts.START_MS + 60_000;
    point.exposure = exposure;
    point.name = name;
    point.attributes =
        new String[] {"country", "DE", "device", "mobile", "latency_ms", "120", "page", "/"};
    return point;
  }

  @Test
  void a_context_says_what_its_timeline_says() {
    Timeline timeline = timeline();
    assertThat(timeline.attempts()).hasSize(4);
    RolloutContext context = new RolloutContext(0, timeline);
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long minutes = random.nextInt(-20, 420);
      long timeMs = Rollouts.START_MS + minutes * 60_000 + random.nextInt(-1, 2);
      Attempt attempt = timeline.attemptAt(timeMs);
      switch (random.nextInt(3)) {
        case 0 ->
            assertThat(context.attemptNumber(timeMs))
                .as("%d", timeMs)
                .isEqualTo(attempt == null ? 0 : attempt.number());
        case 1 ->
            assertThat(context.floorBoundary(timeMs)).isEqualTo(timeline.floorBoundary(timeMs));
        default ->
            assertThat(context.nextBoundary(timeMs)).isEqualTo(timeline.nextBoundary(timeMs));
      }
    }
  }

  @Test
  void the_outcomes_of_a_unit_of_no_known_attempt_never_count() {
    RolloutContext context = new RolloutContext(0, timeline());
    RolloutUnit unit = new RolloutUnit(0);
    unit.process = CellKey.MATCHED;
    for (int attempt : new int[] {0, 5}) {
      unit.attempt = attempt;
      assertThat(context.endsMs(unit)).isEqualTo(Long.MIN_VALUE);
    }
    unit.attempt = 2;
    assertThat(context.endsMs(unit)).isEqualTo(Rollouts.START_MS + 290 * 60_000);
  }
}
