package io.tidegate.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutEventCodecTest {

  private static final RolloutEvent FULL =
      new RolloutEvent(
          "e1",
          1_700_000_000_000L,
          "checkout-v2",
          Kind.DECISION,
          "early",
          "ana",
          2,
          "Looks fine: \"ok\" – ✓",
          List.of("https://example.org/1"),
          List.of(new RolloutEvent.ActionItem("watch refunds", "ben", "2026-01-02")),
          "{\"id\":\"checkout-v2\",\"x\":0.0000001}",
          "{}",
          new RolloutEvent.Decided("approve", List.of("LATE_SHARE"), "", "privacy"),
          new RolloutEvent.Environment("v7", Map.of("b", "on", "a", "off"), Map.of("eu", "blue")));

  @Test
  void every_field_survives_a_round_trip() {
    byte[] bytes = RolloutEventCodec.encode(FULL);
    assertThat(RolloutEventCodec.decode(bytes)).isEqualTo(new Decoded.Event<>(FULL));
    assertThat(RolloutEventCodec.encode(FULL)).isEqualTo(bytes);
  }

  @Test
  void tick_is_small_and_has_no_rollout() {
    RolloutEvent tick = RolloutEvent.tick("t1", 1000);
    byte[] bytes = RolloutEventCodec.encode(tick);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo("{\"event_id\":\"t1\",\"event_time\":1000,\"kind\":\"TICK\"}");
    assertThat(RolloutEventCodec.decode(bytes)).isEqualTo(new Decoded.Event<>(tick));
  }

  @Test
  void unknown_and_null_fields_are_no_error_and_times_may_be_iso() {
    String json =
        """
        {"event_id":"e","event_time":"2026-01-01T01:00:00+01:00","kind":"STAGE_ENTERED",
         "rollout_id":"r","stage":"canary","note":null,"colour":{"deep":[1,{"x":2}]}}""";
    assertThat(RolloutEventCodec.decode(json.getBytes(UTF_8)))
        .isEqualTo(
            new Decoded.Event<>(
                RolloutEvent.bare("e", 1_767_225_600_000L, "r", Kind.STAGE_ENTERED, "canary")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~ | EMPTY
          [] | MALFORMED_JSON
          {"event_id":"e" | MALFORMED_JSON
          {"event_id":"e","event_time":1,"kind":"TICK"}{} | MALFORMED_JSON
          {"event_time":1,"kind":"TICK"} | MISSING_FIELD
          {"event_id":"e","kind":"TICK"} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"NOTE"} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"DEFINED","rollout_id":"r"} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"STAGE_ENTERED","rollout_id":"r"} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"DECISION","rollout_id":"r"} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"DECISION","rollout_id":"r","decision":{"action":"approve"}} | MISSING_FIELD
          {"event_id":"e","event_time":1,"kind":"DECISION","rollout_id":"r","decision":{"action":"veto"}} | UNKNOWN_VALUE
          {"event_id":"e","event_time":1,"kind":"DECISION","rollout_id":"r","decision":{"action":"override","verdict":"GO"}} | UNKNOWN_VALUE
          {"event_id":"e","event_time":1,"kind":"TOCK"} | UNKNOWN_VALUE
          {"event_id":7,"event_time":1,"kind":"TICK"} | WRONG_TYPE
          {"event_id":"e","event_time":1.5,"kind":"TICK"} | WRONG_TYPE
          {"event_id":"e","event_time":"2026-01-01T01:00:00","kind":"TICK"} | BAD_TIME
          {"event_id":"e","event_time":99999999999999999999,"kind":"TICK"} | BAD_TIME
          {"event_id":"e","event_time":1,"kind":"NOTE","rollout_id":"r","attempt":-1} | OUT_OF_RANGE
          {"event_id":"e","event_time":1,"kind":"NOTE","rollout_id":"r","links":[1]} | WRONG_TYPE
          """)
  void unusable_record_has_a_reason(String json, DeadLetterReason reason) {
    assertThat(RolloutEventCodec.decode(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Decoded.Unusable.class, dead -> assertThat(dead.reason()).isEqualTo(reason));
  }

  @Test
  void deep_and_large_records_are_oversize() {
    String deep = "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}";
    assertThat(RolloutEventCodec.decode(deep.getBytes(UTF_8)))
        .isEqualTo(
            new Decoded.Unusable<>(DeadLetterReason.OVERSIZE, "more or deeper than allowed"));
    assertThat(RolloutEventCodec.decode(new byte[RolloutEventCodec.MAX_BYTES + 1]))
        .isInstanceOfSatisfying(
            Decoded.Unusable.class,
            dead -> assertThat(dead.reason()).isEqualTo(DeadLetterReason.OVERSIZE));
  }

  @Test
  void no_damaged_record_throws() {
    byte[] sound = RolloutEventCodec.encode(FULL);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      assertThat(RolloutEventCodec.decode(damaged)).isNotNull();
    }
  }
}
