package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.GateSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoardTest {

  private static final long T1 = START_MS + MINUTE_MS;
  private static final long T2 = T1 + MINUTE_MS;

  private final Topic topic = Topic.defined().event(Kind.STAGE_ENTERED, "canary", START_MS);

  private Verdict shown() {
    return topic.board.state(ROLLOUT).signal().verdict();
  }

  @Test
  void verdict_of_an_older_boundary_is_not_the_newest() {
    topic.verdict(Verdict.ROLLBACK, "canary", 1, T2);
    topic.verdict(Verdict.HOLD, "canary", 1, T1);
    assertThat(shown()).isEqualTo(Verdict.ROLLBACK);
    assertThat(topic.board.state(ROLLOUT).signalMs()).isEqualTo(T2);
    topic.verdict(Verdict.REVIEW, "canary", 1, T2);
    assertThat(shown()).isEqualTo(Verdict.REVIEW);
  }

  @Test
  void verdict_of_an_older_attempt_is_not_the_newest() {
    topic.verdict(Verdict.HOLD, "canary", 2, T1);
    topic.verdict(Verdict.ROLLBACK, "canary", 1, T2);
    assertThat(shown()).isEqualTo(Verdict.HOLD);
    topic.verdict(Verdict.ADVANCE, "canary", 3, T1);
    assertThat(shown()).isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void older_verdict_is_not_shown_after_one_that_cannot_be_read() {
    byte[] key = ROLLOUT.getBytes(StandardCharsets.UTF_8);
    topic.verdict(Verdict.ROLLBACK, "canary", 1, T2);
    topic.board.verdict(key, new byte[] {'{'}, T2);
    topic.verdict(Verdict.ADVANCE, "canary", 1, T1);
    assertThat(topic.board.state(ROLLOUT).signal()).isNull();
  }

  @Test
  void removed_verdict_may_be_followed_by_any() {
    byte[] key = ROLLOUT.getBytes(StandardCharsets.UTF_8);
    topic.verdict(Verdict.ROLLBACK, "canary", 1, T2);
    topic.board.verdict(key, null, T2);
    topic.verdict(Verdict.ADVANCE, "canary", 1, T1);
    assertThat(shown()).isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void tick_of_an_absurd_time_moves_no_clock() {
    topic.tick(T1);
    long ahead = T1 + DecodeLimits.DEFAULT.maxFutureMs();
    topic.board.rollout(RolloutEventCodec.encode(RolloutEvent.tick("far", ahead + 1)), T1);
    assertThat(topic.board.frontierMs()).isEqualTo(T1);
    assertThat(topic.board.skipped()).isEqualTo(1);
    topic.board.rollout(RolloutEventCodec.encode(RolloutEvent.tick("near", ahead)), T1);
    assertThat(topic.board.frontierMs()).isEqualTo(ahead);
  }

  @Test
  void rollout_event_of_an_absurd_time_is_no_event() {
    RolloutEvent back = RolloutEvent.bare("x", T1, ROLLOUT, Kind.ROLLED_BACK, "");
    long writtenMs = T1 + Duration.ofDays(367).toMillis();
    topic.board.rollout(RolloutEventCodec.encode(back), writtenMs);
    assertThat(topic.board.state(ROLLOUT).phase()).isEqualTo(RolloutState.Phase.RUNNING);
    assertThat(topic.board.knows(ROLLOUT, "x")).isFalse();
  }

  @Test
  void what_comes_before_the_definition_is_taken_with_it() {
    Topic topic = new Topic();
    topic.board.signal(SignalCodec.signal(Topic.signal(Verdict.HOLD, "canary", 1, START_MS + 1)));
    assertThat(topic.board.showing(ROLLOUT).rows()).isNull();
    topic.rollout(Topic.definition());
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS);
    assertThat(topic.board.showing(ROLLOUT).rows().data().signals())
        .extracting(GateSignal::boundaryMs)
        .containsExactly(START_MS + 1);
  }
}
