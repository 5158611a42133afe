package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.RolloutEvent.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgeingTest {

  private static final long NOW_MS = START_MS + 60 * MINUTE_MS;

  private static String stale(Topic topic) {
    return new Ageing(true, Duration.ofMinutes(5)).of(topic.board.state(ROLLOUT), NOW_MS).stale();
  }

  @Test
  void running_rollout_is_stale_without_a_verdict_too() {
    Topic topic = Topic.defined();
    assertThat(stale(topic)).as("nothing runs").isEmpty();
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS);
    assertThat(stale(topic)).startsWith("no tick of the clock has come");
    topic.tick(START_MS);
    assertThat(stale(topic)).startsWith("the clock stopped 60 min ago");
    topic.tick(NOW_MS);
    assertThat(stale(topic)).isEmpty();
  }
}
