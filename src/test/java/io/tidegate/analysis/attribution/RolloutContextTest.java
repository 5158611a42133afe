package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wherever a context has looked before, it says what its timeline says. */
class RolloutContextTest {

  /** Attempts after a pause, at once, and one that ends as it begins. */
  private static Timeline timeline() {
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
    return Timeline.of(
        "m",
        controls,
        defined -> new Definition(Rollouts.spec("m", Assignment.MATCHED), Resolved.NONE, ""));
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
