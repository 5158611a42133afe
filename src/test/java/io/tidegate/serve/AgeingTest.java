package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
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
    assertThat(stale(topic)).isEqualTo("the gate is 60 min behind its clock");
    topic.verdict(Verdict.HOLD, "canary", 1, NOW_MS);
    assertThat(stale(topic)).isEmpty();
  }

  @Test
  void new_attempt_is_not_behind_by_the_time_since_the_one_before_it() {
    Topic topic =
        Topic.defined()
            .event(Kind.STAGE_ENTERED, "canary", START_MS)
            .verdict(Verdict.ROLLBACK, "canary", 1, START_MS + MINUTE_MS)
            .event(Kind.ROLLED_BACK, "", START_MS + 2 * MINUTE_MS)
            .tick(NOW_MS)
            .event(Kind.STAGE_ENTERED, "canary", NOW_MS);
    assertThat(stale(topic)).isEmpty();
  }
}
