package io.tidegate.analysis.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

  @Test
  void an_event_from_before_the_one_it_follows_takes_effect_with_that_one() {
    long startMs = Rollouts.START_MS;
    List<RolloutEvent> events =
        List.of(
            Rollouts.events("m").get(0),
            event("a", startMs + 10_000, RolloutEvent.Kind.STAGE_ENTERED),
            event("b", startMs + 30_000, RolloutEvent.Kind.ROLLED_BACK),
            event("c", startMs + 20_000, RolloutEvent.Kind.STAGE_ENTERED));
    Sequencer sequencer = new Sequencer();
    Timeline timeline =
        Timeline.of(
            "m",
            events.stream().map(sequencer::next).toList(),
            Rollouts.reader(Assignment.MATCHED));
    assertThat(timeline.attempts()).hasSize(2);
    assertThat(timeline.attempts().get(0).endMs()).isEqualTo(startMs + 30_000);
    assertThat(timeline.attempts().get(1).startMs()).isEqualTo(startMs + 30_000);
    assertThat(timeline.attemptAt(startMs + 25_000)).isEqualTo(timeline.attempts().get(0));
    assertThat(timeline.attemptAt(startMs + 30_000)).isEqualTo(timeline.attempts().get(1));
  }

  private static RolloutEvent event(String id, long timeMs, RolloutEvent.Kind kind) {
    return RolloutEvent.bare(id, timeMs, "m", kind, "canary");
  }
}
