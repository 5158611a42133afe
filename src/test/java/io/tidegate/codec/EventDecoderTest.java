package io.tidegate.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDecoderTest {

  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final long NOW = 1_767_225_600_000L; // 2026-01-01T00:00:00Z

  private final EventDecoder decoder =
      new EventDecoder(new DecodeLimits(4096, 3_600_000, 86_400_000), new Pseudonymiser(KEY));

  @Test
  void exposure_survives_encoding_and_decoding() {
    Exposure raw =
        new Exposure(
            "e-1",
            NOW,
            "user \"é𝄞\n\\",
            "checkout",
            "on",
            "v7",
            "split",
            Map.of("country", "DE", "plan", "größe"));
    Exposure decoded = exposure(new EventEncoder().exposure(raw));
    assertThat(decoded.unitId()).isEqualTo(new Pseudonymiser(KEY).pseudonym(raw.unitId()));
    assertThat(decoded).usingRecursiveComparison().ignoringFields("unitId").isEqualTo(raw);
  }

  @Test
  void outcomes_survive_encoding_and_decoding() {
    SplittableRandom random = new SplittableRandom(7);
    EventEncoder encoder = new EventEncoder();
    for (int i = 0; i < 2_000; i++) {
      long micros = random.nextLong() >> random.nextInt(4, 63);
      boolean hasValue = Math.abs(micros) <= Outcome.MAX_VALUE_MICROS && random.nextInt(5) > 0;
      Outcome raw =
          new Outcome(
              "e" + i, NOW - i, "u" + i, "purchase", hasValue ? micros : 0, hasValue, Map.of());
      assertThat(outcome(encoder.outcome(raw)))
          .usingRecursiveComparison()
          .ignoringFields("unitId")
          .isEqualTo(raw);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:00Z, 1767225600000",
    "2026-01-01T00:00:00.5Z, 1767225600500",
    "2026-01-01T00:00:00.123456789Z, 1767225600123",
    "2026-01-01T01:00:00+01:00, 1767225600000",
    "2025-12-31T19:00:00.000-05:00, 1767225600000",
    "2026-01-01T00:00Z, 1767225600000",
    "2025-12-31T23:59:59.999Z, 1767225599999",
  })
  void times_with_a_zone_are_read(String text, long expectedMs) {
    assertThat(exposure(json("event_time", "\"" + text + "\"")).eventTimeMs())
        .isEqualTo(expectedMs);
  }

  @Test
  void every_day_of_a_century_is_read_as_java_time_reads_it() {
    for (long day = 0; day < 36_525; day++) {
      String text = java.time.LocalDate.ofEpochDay(day) + "T12:34:56.789Z";
      assertThat(EventTime.parse(text)).isEqualTo(java.time.Instant.parse(text).toEpochMilli());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "12.5, 12500000",
    "-3, -3000000",
    "0, 0",
    "-0.0, 0",
    "0.000001, 1",
    "0.0000005, 0",
    "0.0000015, 2",
    "1e3, 1000000000",
    "1.5E-2, 15000",
    "1e-999999999, 0",
    "999999999999.999999, 999999999999999999",
    "1000000000000, 1000000000000000000",
    "0.1, 100000",
    "123456.7890000, 123456789000",
  })
  void values_are_exact_to_six_places(String number, long micros) {
    Outcome decoded = outcome(json("value", number));
    assertThat(decoded.hasValue()).isTrue();
    assertThat(decoded.valueMicros()).isEqualTo(micros);
  }

  @Test
  void absent_or_null_value_is_no_value() {
    assertThat(outcome(json("value", "null")).hasValue()).isFalse();
    assertThat(outcome(json("other", "[{\"a\":[1]}]")).hasValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "event_time|`\"2026-01-01T00:00:00\"`|BAD_TIME",
        "event_time|`\"yesterday\"`|BAD_TIME",
        "event_time|`\"2026-02-30T00:00:00Z\"`|BAD_TIME",
        "event_time|1767225600000.5|BAD_TIME",
        "event_time|99999999999999999999|BAD_TIME",
        "event_time|true|BAD_TIME",
        "event_time|null|MISSING_FIELD",
        "event_time|1767229200001|ABSURD_TIME",
        "event_time|1767139199999|ABSURD_TIME",
        "event_time|0|ABSURD_TIME",
        "value|NaN|NOT_A_NUMBER",
        "value|-Infinity|NOT_A_NUMBER",
        "value|`\"12\"`|NOT_A_NUMBER",
        "value|[1]|NOT_A_NUMBER",
        "value|1000000000000.000001|OUT_OF_RANGE",
        "value|1e999999999|OUT_OF_RANGE",
        "value|1e99999999999|OUT_OF_RANGE",
        "value|-98765432109876543210|OUT_OF_RANGE",
        "event_id|`\"\"`|MISSING_FIELD",
        "unit_id|null|MISSING_FIELD",
        "name|{}|WRONG_TYPE",
        "attributes|[]|WRONG_TYPE",
        "attributes|`{\"a\":{\"b\":1}}`|WRONG_TYPE",
        "x|`[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]`|OVERSIZE",
        "name|`tru`|MALFORMED_JSON",
        "name|`\"a\" \"b\"`|MALFORMED_JSON",
      })
  void bad_field_is_refused_with_its_reason(String field, String value, DeadLetterReason reason) {
    assertThat(refusal(json(field, value)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`[]`|MALFORMED_JSON",
        "hello|MALFORMED_JSON",
        "{}|MISSING_FIELD",
        "``|EMPTY",
        "`{\"a\":1} {}`|MALFORMED_JSON",
        "`{\"a\":`|MALFORMED_JSON"
      })
  void bad_record_is_refused_with_its_reason(String record, DeadLetterReason reason) {
    assertThat(refusal(record.getBytes(StandardCharsets.UTF_8)).reason()).isEqualTo(reason);
  }

  @Test
  void times_at_the_limits_are_plausible() {
    assertThat(exposure(json("event_time", "1767229200000"))).isNotNull();
    assertThat(exposure(json("event_time", "1767139200000"))).isNotNull();
  }

  @Test
  void oversize_record_and_field_are_refused() {
    assertThat(refusal(json("x", "\"" + "y".repeat(5000) + "\"")).reason())
        .isEqualTo(DeadLetterReason.OVERSIZE);
    assertThat(refusal(json("name", "\"" + "y".repeat(600) + "\"")).reason())
        .isEqualTo(DeadLetterReason.OVERSIZE);
  }

  @Test
  void refused_payload_is_short_and_does_not_tell_the_unit() {
    String secret = "alice@example.com";
    for (String record :
        new String[] {
          "{\"unit_id\":\"" + secret + "\",\"event_id\":\"x\"}",
          "{\"unit_id\" : '" + secret + "', broken",
          "{unit_id:" + secret + "}",
          "{\"unit_id\":\"" + secret,
          "{\"event_id\":\"" + secret + "-1\",\"unit_id\":\"" + secret + "\"}",
          "{\"userId\":\"" + secret + "\"}",
          "{\"unit\\u005fid\":\"" + secret + "\"}",
          "{\"unit_id\": {\"mail\": \"" + secret + "\"}, \"name\": \"p\"}",
          "{\"unit_id\": [\"x\", \"" + secret + "\"]}",
        }) {
      byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
      Decoded.Unusable<Outcome> refused = refusal(bytes);
      assertThat(decoder.redacted(bytes)).doesNotContain(secret).contains("***");
      assertThat(refused.detail()).doesNotContain(secret);
    }
    byte[] cut =
        ("{\"unit_id\":\"" + "z".repeat(400) + "\",\"value\":NaN,\"a\":\"" + "z".repeat(3000))
            .getBytes(StandardCharsets.UTF_8);
    assertThat(refusal(cut).reason()).isEqualTo(DeadLetterReason.NOT_A_NUMBER);
    assertThat(decoder.redacted(cut)).doesNotContain("zz");
    byte[] broken = ("{\"a\":\"" + "y".repeat(3000)).getBytes(StandardCharsets.UTF_8);
    assertThat(refusal(broken).reason()).isEqualTo(DeadLetterReason.MALFORMED_JSON);
    assertThat(decoder.redacted(broken)).hasSize(512);
  }

  @Test
  void random_bytes_never_throw() {
    SplittableRandom random = new SplittableRandom(11);
    byte[] sound = json("value", "12.5");
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = sound.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      assertThat(decoder.outcome(mutated, NOW)).isNotNull();
      assertThat(decoder.exposure(mutated, NOW)).isNotNull();
    }
  }

  private Exposure exposure(byte[] value) {
    Decoded<Exposure> decoded = decoder.exposure(value, NOW);
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event<Exposure>) decoded).event();
  }

  private Outcome outcome(byte[] value) {
    Decoded<Outcome> decoded = decoder.outcome(value, NOW);
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event<Outcome>) decoded).event();
  }

  private Decoded.Unusable<Outcome> refusal(byte[] value) {
    Decoded<Outcome> decoded = decoder.outcome(value, NOW);
    assertThat(decoded).isInstanceOf(Decoded.Unusable.class);
    return (Decoded.Unusable<Outcome>) decoded;
  }

  /** A sound event, fields of both kinds, with one of them replaced. */
  private static byte[] json(String field, String value) {
    String sound =
        "\"event_id\":\"e\",\"event_time\":1767225600000,\"unit_id\":\"alice\",\"flag_key\":\"f\","
            + "\"variant\":\"on\",\"name\":\"purchase\",\"attributes\":{\"country\":\"DE\"}";
    return ("{" + sound + ",\"" + field + "\":" + value + "}").getBytes(StandardCharsets.UTF_8);
  }
}
