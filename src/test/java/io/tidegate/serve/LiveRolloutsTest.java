package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveRolloutsTest {

  private static final long T1 = START_MS + MINUTE_MS;

  private final Topic topic =
      Topic.defined().event(Kind.STAGE_ENTERED, "canary", START_MS).tick(T1);

  private JsonNode line() {
    Situation situation =
        new Situation(
            topic.board,
            new Ageing(true, Duration.ofMinutes(5)),
            () -> true,
            Map::of,
            () -> T1 + MINUTE_MS);
    return new LiveRollouts(situation).line(ROLLOUT);
  }

  private void say(Verdict verdict) {
    topic.verdict(verdict, "canary", 1, T1);
    topic.board.signal(SignalCodec.signal(Topic.signal(verdict, "canary", 1, T1)));
  }

  private static void assertNotJudged(JsonNode line, String why) {
    assertThat(line.at("/answer/code").asText()).isEqualTo("NOT_JUDGED");
    assertThat(line.path("judged").asBoolean()).isFalse();
    assertThat(line.path("respond_by_ms").isNumber()).isFalse();
    JsonNode headline = line.path("headline");
    assertThat(headline.path("label").asText()).isEqualTo("No verdict yet");
    assertThat(headline.path("sentence").asText()).contains(why);
    assertThat(headline.toString()).doesNotContain("Raise", "raises");
  }

  @Test
  void verdict_of_the_stage_in_force_is_the_headline() {
    say(Verdict.ADVANCE);
    JsonNode line = line();
    assertThat(line.path("judged").asBoolean()).isTrue();
    assertThat(line.at("/headline/label").asText()).isEqualTo("Go on");
  }

  @Test
  void verdict_of_the_stage_before_is_no_headline() {
    say(Verdict.ADVANCE);
    topic.event(Kind.STAGE_ENTERED, "early", T1 + 1);
    assertNotJudged(line(), "stage early has no verdict yet");
  }

  @Test
  void advance_that_does_not_know_of_a_pause_is_no_headline() {
    say(Verdict.ADVANCE);
    topic.event(Kind.PAUSED, "", T1 + 1);
    assertNotJudged(line(), "is not in the verdict yet");
  }

  @Test
  void verdict_that_was_removed_or_cannot_be_read_is_not_taken_from_the_history() {
    byte[] key = ROLLOUT.getBytes(StandardCharsets.UTF_8);
    say(Verdict.ADVANCE);
    topic.board.verdict(key, null, T1);
    assertNotJudged(line(), "stage canary has no verdict yet");
    say(Verdict.ADVANCE);
    topic.board.verdict(key, new byte[] {'{'}, T1);
    assertNotJudged(line(), "stage canary has no verdict yet");
  }
}
