package io.tidegate.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way through the usual JSON finds what the parser finds, or leaves it to the parser. */
class PlainEventTest {

  private static final long NOW = 1_767_225_600_000L;
  private static final DecodeLimits LIMITS = new DecodeLimits(65_536, 3_600_000, 86_400_000);
  private static final Pseudonymiser UNITS =
      new Pseudonymiser("0123456789abcdef".getBytes(StandardCharsets.UTF_8));

  /** As a first field it is ignored, and its escape is for the parser alone. */
  private static final String TO_THE_PARSER = "\"\\u0078\":0,";

  private static final String SOUND =
      "\"event_id\":\"e\",\"unit_id\":\"alice\",\"flag_key\":\"f\",\"variant\":\"on\","
          + "\"name\":\"purchase\"";

  private final PlainEvent plain = new PlainEvent();
  private final EventDecoder decoder = new EventDecoder(LIMITS, UNITS);

  @Test
  void what_the_encoder_writes_is_plain() {
    EventEncoder encoder = new EventEncoder();
    Map<String, String> attributes = Map.of("country", "DE", "plan", "", "a", "b c");
    byte[] exposure =
        encoder.exposure(new Exposure("e", NOW, "u", "f", "on", "v7", "split", attributes));
    assertThat(plain.read(exposure, LIMITS, NOW)).isTrue();
    assertThat(plain.exposure(UNITS)).isNotNull();
    assertSame(exposure);
    byte[] outcome = encoder.outcome(new Outcome("e", NOW, "u", "n", -12_345_678, true, Map.of()));
    assertThat(plain.read(outcome, LIMITS, NOW)).isTrue();
    assertThat(plain.outcome(UNITS)).isNotNull();
    assertSame(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"event_time\":1767225600000",
        " \"event_time\"\t:\n1767225600000 ,\r\"value\" : 1.5 ",
        "\"event_time\":\"2026-01-01T00:00:00.5Z\"",
        "\"event_time\":\"2026-01-01T00:00:00+01:00\"",
        "\"event_time\":1767225600000,\"value\":0",
        "\"event_time\":1767225600000,\"value\":-0",
        "\"event_time\":1767225600000,\"value\":-12.3456789",
        "\"event_time\":1767225600000,\"value\":99999999999999999999",
        "\"event_time\":1767225600000,\"value\":1e3",
        "\"event_time\":1767225600000,\"value\":01",
        "\"event_time\":1767225600000,\"value\":1.",
        "\"event_time\":1767225600000,\"value\":.5",
        "\"event_time\":1767225600000,\"value\":-",
        "\"event_time\":1767225600000,\"value\":\"1\"",
        "\"event_time\":1767225600000,\"value\":null",
        "\"event_time\":1767225600000,\"value\":1,\"value\":2",
        "\"event_time\":1767225600000,\"event_time\":1767225600001",
        "\"event_time\":1767225600000,\"name\":\"other\"",
        "\"event_time\":1767225600000,\"event_id\":\"\"",
        "\"event_time\":1767225600000,\"reason\":7",
        "\"event_time\":1767225600000,\"reason\":\"a\\\"b\"",
        "\"event_time\":1767225600000,\"reason\":\"größe\"",
        "\"event_time\":1767225600000,\"attributes\":{}",
        "\"event_time\":1767225600000,\"attributes\":null",
        "\"event_time\":1767225600000,\"attributes\":{\"b\":\"2\",\"a\":\"1\",\"\":\"\"}",
        "\"event_time\":1767225600000,\"attributes\":{\"a\":\"1\",\"a\":\"2\"}",
        "\"event_time\":1767225600000,\"attributes\":{\"n\":120,\"x\":-1.50,\"y\":0.0}",
        "\"event_time\":1767225600000,\"attributes\":{\"n\":true,\"x\":null}",
        "\"event_time\":1767225600000,\"attributes\":{\"n\":{}}",
        "\"event_time\":1767225600000,\"attributes\":{\"n\":\"1\",}",
        "\"event_time\":1767225600000,\"x\":[1],\"y\":{\"event_time\":0}",
        "\"event_time\":1767225600000,\"x\":12,\"x\":\"y\"",
        "\"event_time\":1767225600000,",
        "\"event_time\":1767225600000 \"x\":1",
        "\"event_time\":1767225600000.0",
        "\"event_time\":9999999999999999999",
        "\"event_time\":-1",
        "\"event_time\":0",
        "\"event_time\":\"\"",
        "\"x\":1",
      })
  void both_ways_agree_on_what_is_near_the_edge(String fields) {
    for (String end : new String[] {"}", "} ", "}x", "}}", ""}) {
      assertSame(("{" + SOUND + "," + fields + end).getBytes(StandardCharsets.UTF_8));
      assertSame(("{" + fields + "," + SOUND + end).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void both_ways_agree_on_long_texts_and_many_attributes() {
    for (int n : new int[] {63, 64, 65, 255, 256, 257, 511, 512, 513}) {
      String text = "y".repeat(n);
      assertSame(event(",\"reason\":\"" + text + "\""));
      assertSame(event(",\"" + text + "\":\"z\""));
      assertSame(event(",\"attributes\":{\"a\":\"" + text + "\",\"" + text + "\":\"b\"}"));
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < n; i++) {
        many.append(i == 0 ? "" : ",").append("\"").append((char) ('a' + i % 26)).append(i);
        many.append("\":").append(i);
      }
      assertSame(event(",\"attributes\":{" + many + "}"));
    }
  }

  @Test
  void both_ways_agree_on_damaged_records() {
    SplittableRandom random = new SplittableRandom(17);
    byte[] marks = "{}[]\":,\\ \n-.0159eEtn\u00e9a".getBytes(StandardCharsets.UTF_8);
    byte[] sound =
        event(",\"value\": 12.50,\"reason\":\"r\",\"attributes\":{\"b\":\"1\",\"a\":\"x\"}");
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = sound.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        damaged[random.nextInt(1, damaged.length)] =
            random.nextInt(3) == 0
                ? (byte) random.nextInt(256)
                : marks[random.nextInt(marks.length)];
      }
      assertSame(damaged);
    }
  }

  @Test
  void both_ways_agree_whatever_order_fields_had_before() {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "\"event_id\":\"e\"",
                "\"unit_id\":\"alice\"",
                "\"unit_i\":\"bob\"",
                "\"flag_key\":\"f\"",
                "\"variant\":\"on\"",
                "\"flag_version\":\"7\"",
                "\"reason\":\"split\"",
                "\"name\":\"purchase\"",
                "\"names\":\"refund\"",
                "\"event_time\":1767225600000",
                "\"value\":12.5",
                "\"attributes\":{\"a\":\"1\"}"));
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      Collections.shuffle(fields, random);
      String some = String.join(",", fields.subList(random.nextInt(3), fields.size()));
      assertSame(("{" + some + "}").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] event(String more) {
    return ("{" + SOUND + ",\"event_time\":1767225600000" + more + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void assertSame(byte[] record) {
    byte[] first = TO_THE_PARSER.getBytes(StandardCharsets.UTF_8);
    byte[] other = new byte[record.length + first.length];
    other[0] = record[0];
    System.arraycopy(first, 0, other, 1, first.length);
    System.arraycopy(record, 1, other, 1 + first.length, record.length - 1);
    assertThat(plain.read(other, LIMITS, NOW)).isFalse();
    assertThat(decoder.exposure(record, NOW))
        .as(() -> new String(record, StandardCharsets.UTF_8))
        .isEqualTo(decoder.exposure(other, NOW));
    assertThat(decoder.outcome(record, NOW))
        .as(() -> new String(record, StandardCharsets.UTF_8))
        .isEqualTo(decoder.outcome(other, NOW));
  }
}
