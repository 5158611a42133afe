package io.tidegate.codec.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.Pseudonymiser;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptedEventsTest {

  private static final long NOW = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
  private static final Pseudonymiser PSEUDONYMS =
      new Pseudonymiser("0123456789abcdef".getBytes(StandardCharsets.UTF_8));

  @Test
  void openTelemetry_otlpBatch_givesEverySplitEvaluation() {
    String record =
        """
        {"timeUnixNano": "1767225600123456789", "eventName": "feature_flag.evaluation", "attributes": [
          {"key": "feature_flag.key", "value": {"stringValue": "checkout"}},
          {"key": "feature_flag.result.variant", "value": {"stringValue": "on"}},
          {"key": "feature_flag.context.id", "value": {"stringValue": "%s"}},
          {"key": "feature_flag.version", "value": {"stringValue": "v7"}},
          {"key": "country", "value": {"stringValue": "DE"}},
          {"key": "feature_flag.result.reason", "value": {"stringValue": "%s"}}]}
        """;
    List<Exposure> found =
        exposures(
            EventFormat.OPENTELEMETRY,
            """
            {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
              "scopeLogs": [{"logRecords": [%s, %s, %s]}]}]}
            """
                .formatted(
                    record.formatted("u1", "split"),
                    record.formatted("u2", "SPLIT"),
                    record.formatted("u3", "default")));
    assertThat(found).hasSize(2);
    assertThat(found.get(0))
        .usingRecursiveComparison()
        .ignoringFields("eventId")
        .isEqualTo(
            new Exposure(
                "",
                NOW + 123,
                PSEUDONYMS.pseudonym("u1"),
                "checkout",
                "on",
                "v7",
                "split",
                Map.of("country", "DE", "service.name", "shop")));
    assertThat(found.get(1).unitId()).isEqualTo(PSEUDONYMS.pseudonym("u2"));
    assertThat(found.get(0).eventId()).hasSize(32).isNotEqualTo(found.get(1).eventId());
  }

  @Test
  void openTelemetry_olderNames_areRead() {
    assertThat(
            exposures(
                EventFormat.OPENTELEMETRY,
                """
                {"timestamp": "2026-01-01T00:00:00Z", "event_name": "feature_flag.evaluation", "attributes": {
                  "feature_flag.key": "checkout", "feature_flag.variant": "off",
                  "feature_flag.context.id": "u1", "feature_flag.evaluation.reason": "split"}}
                """))
        .singleElement()
        .extracting(Exposure::variant, Exposure::reason, Exposure::eventTimeMs)
        .containsExactly("off", "split", NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"static", "default", "targeting_match", "cached", "disabled", "stale", "error"})
  void openTelemetry_otherReasons_areNoExposures(String reason) {
    assertThat(
            exposures(
                EventFormat.OPENTELEMETRY,
                """
                {"timestamp": "2026-01-01T00:00:00Z", "event_name": "feature_flag.evaluation", "attributes": {
                  "feature_flag.key": "checkout", "feature_flag.result.variant": "off",
                  "feature_flag.context.id": "u1", "feature_flag.result.reason": "%s"}}
                """
                    .formatted(reason)))
        .isEmpty();
  }

  @Test
  void openFeature_withoutIdAndTime_takesHashAndTimeOfRecord() {
    String message =
        """
        {"trackingEventName": "purchase", "evaluationContext": {"targetingKey": "u1", "country": "FR"},
         "trackingEventDetails": {"value": 12.5, "currency": "EUR", "cart": {"items": 3}}}
        """;
    Outcome outcome = outcomes(EventFormat.OPENFEATURE, message).get(0);
    assertThat(outcome)
        .usingRecursiveComparison()
        .ignoringFields("eventId")
        .isEqualTo(
            new Outcome(
                "",
                NOW,
                PSEUDONYMS.pseudonym("u1"),
                "purchase",
                12_500_000,
                true,
                Map.of("country", "FR", "currency", "EUR")));
    AdaptedEvents reader = reader(EventFormat.OPENFEATURE);
    assertThat(reader.outcomes(bytes(message), NOW))
        .isEqualTo(reader(EventFormat.OPENFEATURE).outcomes(bytes(message), NOW));
    assertThat(((Decoded.Event<Outcome>) reader.outcomes(bytes(message), NOW + 1).get(0)).event())
        .as("the same again a moment later is another event")
        .extracting(Outcome::eventId)
        .isNotEqualTo(outcome.eventId());
  }

  @Test
  void segment_timeIsFreedOfTheDevicesClock() {
    // The device's clock is an hour ahead: sent at 01:00:05, received at 00:00:05.
    Outcome outcome =
        outcomes(
                EventFormat.SEGMENT,
                """
                {"type": "track", "event": "Order Completed", "messageId": "m1", "userId": "u1",
                 "originalTimestamp": "2026-01-01T01:00:00Z", "sentAt": "2026-01-01T01:00:05Z",
                 "receivedAt": "2026-01-01T00:00:05Z", "timestamp": "2026-01-01T01:00:00Z",
                 "context": {"device": {"type": "ios"}, "location": {"country": "DE"}},
                 "properties": {"revenue": 39.95, "currency": "EUR", "products": [1, 2]}}
                """)
            .get(0);
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                "m1",
                NOW,
                PSEUDONYMS.pseudonym("u1"),
                "Order Completed",
                39_950_000,
                true,
                Map.of("device", "ios", "country", "DE", "revenue", "39.95", "currency", "EUR")));
  }

  @Test
  void segment_experimentViewed_isAnExposureAndNoOutcome() {
    String message =
        """
        {"type": "track", "event": "Experiment Viewed", "messageId": "m2", "anonymousId": "a1",
         "timestamp": "2026-01-01T00:00:00Z",
         "properties": {"experiment_id": "checkout", "variation_id": "on", "variation_name": "New"}}
        """;
    assertThat(exposures(EventFormat.SEGMENT, message))
        .containsExactly(
            new Exposure(
                "m2", NOW, PSEUDONYMS.pseudonym("a1"), "checkout", "on", "", "", Map.of()));
    assertThat(outcomes(EventFormat.SEGMENT, message)).isEmpty();
    assertThat(outcomes(EventFormat.SEGMENT, "{\"type\": \"page\", \"name\": \"Home\"}")).isEmpty();
  }

  @Test
  void launchDarkly_payloadOfSeveralEvents() {
    String payload =
        """
        [{"kind": "feature", "creationDate": 1767225600000, "key": "checkout", "version": 7, "variation": 1,
          "value": true, "reason": {"kind": "FALLTHROUGH", "inExperiment": true},
          "context": {"kind": "user", "key": "u1", "country": "DE"}},
         {"kind": "feature", "creationDate": 1767225600000, "key": "checkout", "version": 7, "variation": 1,
          "value": true, "reason": {"kind": "FALLTHROUGH"}, "context": {"kind": "user", "key": "u2"}},
         {"kind": "custom", "creationDate": 1767225600001, "key": "purchase", "metricValue": 9.5,
          "contextKeys": {"user": "u1"}, "data": {"sku": "x"}},
         {"kind": "summary", "startDate": 1, "endDate": 2, "features": {}}]
        """;
    assertThat(exposures(EventFormat.LAUNCHDARKLY, payload))
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFields("eventId")
        .isEqualTo(
            new Exposure(
                "",
                NOW,
                PSEUDONYMS.pseudonym("u1"),
                "checkout",
                "true",
                "7",
                "FALLTHROUGH",
                Map.of("country", "DE")));
    assertThat(outcomes(EventFormat.LAUNCHDARKLY, payload))
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFields("eventId")
        .isEqualTo(
            new Outcome(
                "",
                NOW + 1,
                PSEUDONYMS.pseudonym("u1"),
                "purchase",
                9_500_000,
                true,
                Map.of("sku", "x")));
  }

  @Test
  void snowplow_trueTimeWinsAndCopiesShareAnId() {
    assertThat(
            outcomes(
                EventFormat.SNOWPLOW,
                """
                {"event_id": "e1", "event_fingerprint": "f1", "event_name": "transaction", "user_id": null,
                 "domain_userid": "d1", "derived_tstamp": "2025-12-31 23:59:00.000",
                 "true_tstamp": "2026-01-01 00:00:00.250", "tr_total": 19.99, "tr_currency": "EUR",
                 "geo_country": "DE", "dvce_type": "Mobile"}
                """))
        .containsExactly(
            new Outcome(
                "e1-f1",
                NOW + 250,
                PSEUDONYMS.pseudonym("d1"),
                "transaction",
                19_990_000,
                true,
                Map.of("currency", "EUR", "country", "DE", "device", "Mobile")));
  }

  @Test
  void missingFields_areRefusedWithTheirCanonicalName() {
    assertThat(
            reader(EventFormat.SEGMENT)
                .outcomes(
                    bytes("{\"type\": \"track\", \"event\": \"x\", \"messageId\": \"m\"}"), NOW))
        .singleElement()
        .isEqualTo(new Decoded.Unusable<>(DeadLetterReason.MISSING_FIELD, "event_time is missing"));
  }

  @Test
  void whatIsNoMessage_isOneRefusal() {
    AdaptedEvents reader = reader(EventFormat.SNOWPLOW);
    assertThat(reader.outcomes(null, NOW)).singleElement().satisfies(refused("EMPTY"));
    assertThat(reader.outcomes(bytes("{\"a\""), NOW))
        .singleElement()
        .satisfies(refused("MALFORMED_JSON"));
    assertThat(reader.outcomes(bytes("7"), NOW))
        .singleElement()
        .satisfies(refused("MALFORMED_JSON"));
    assertThat(reader.outcomes(bytes("[".repeat(40) + "]".repeat(40)), NOW))
        .singleElement()
        .satisfies(refused("OVERSIZE"));
    assertThat(reader.outcomes(bytes(" ".repeat(5000)), NOW))
        .singleElement()
        .satisfies(refused("OVERSIZE"));
  }

  @Test
  void canonical_needsNoAdapter() {
    assertThatThrownBy(() -> reader(EventFormat.CANONICAL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("canonical events need no adapter");
  }

  private static <T> java.util.function.Consumer<Decoded<T>> refused(String reason) {
    return decoded ->
        assertThat(((Decoded.Unusable<T>) decoded).reason())
            .isEqualTo(DeadLetterReason.valueOf(reason));
  }

  private static List<Exposure> exposures(EventFormat format, String message) {
    return reader(format).exposures(bytes(message), NOW).stream()
        .map(decoded -> ((Decoded.Event<Exposure>) decoded).event())
        .toList();
  }

  private static List<Outcome> outcomes(EventFormat format, String message) {
    return reader(format).outcomes(bytes(message), NOW).stream()
        .map(decoded -> ((Decoded.Event<Outcome>) decoded).event())
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static AdaptedEvents reader(EventFormat format) {
    DecodeLimits limits = new DecodeLimits(4096, 3_600_000, 86_400_000);
    return new AdaptedEvents(format, Set.of("split"), limits, PSEUDONYMS);
  }
}
