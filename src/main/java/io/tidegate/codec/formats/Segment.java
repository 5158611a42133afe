package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Track calls of Segment and RudderStack (common fields). Event time is {@code receivedAt − (sentAt
 * − originalTimestamp)}, so that a wrong clock of a device does no harm; {@code Experiment Viewed}
 * is an exposure, every other track call an outcome.
 */
final class Segment implements Adapter {

  private static final Set<String> EXPOSURE =
      Set.of("experiment viewed", "experiment_viewed", "$experiment_viewed");
  private static final Set<String> OF_EXPOSURE =
      Set.of("experiment_id", "experiment_name", "variation_id", "variation_name");

  @Override
  public void exposures(JsonNode message, Consumer<ObjectNode> out) {
    if (!isTrack(message) || !isExposure(message)) {
      return;
    }
    JsonNode properties = message.path("properties");
    Draft draft =
        common(message)
            .put(
                "flag_key",
                Draft.first(properties.path("experiment_id"), properties.path("experiment_name")))
            .put(
                "variant",
                Draft.first(properties.path("variation_id"), properties.path("variation_name")));
    properties
        .properties()
        .forEach(
            e -> {
              if (!OF_EXPOSURE.contains(e.getKey())) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    out.accept(draft.finish());
  }

  @Override
  public void outcomes(JsonNode message, Consumer<ObjectNode> out) {
    if (!isTrack(message) || isExposure(message)) {
      return;
    }
    JsonNode properties = message.path("properties");
    out.accept(
        common(message)
            .put("name", message.path("event"))
            .put(
                "value",
                Draft.first(
                    properties.path("value"), properties.path("revenue"), properties.path("total")))
            .attributes(properties)
            .finish());
  }

  private static boolean isTrack(JsonNode message) {
    return message.path("type").asText().equals("track");
  }

  private static boolean isExposure(JsonNode message) {
    return EXPOSURE.contains(message.path("event").asText().toLowerCase(Locale.ROOT));
  }

  private static Draft common(JsonNode message) {
    JsonNode context = message.path("context");
    Draft draft =
        new Draft()
            .put("event_id", message.path("messageId"))
            .put("unit_id", Draft.first(message.path("userId"), message.path("anonymousId")))
            .attribute("channel", message.path("channel"))
            .attribute("app_version", context.path("app").path("version"))
            .attribute("device", context.path("device").path("type"))
            .attribute("os", context.path("os").path("name"))
            .attribute("locale", context.path("locale"))
            .attribute("country", context.path("location").path("country"));
    Instant received = instant(message.path("receivedAt"));
    Instant sent = instant(message.path("sentAt"));
    Instant original = instant(message.path("originalTimestamp"));
    if (received.equals(Instant.MIN) || sent.equals(Instant.MIN) || original.equals(Instant.MIN)) {
      return draft.put(
          "event_time", Draft.first(message.path("timestamp"), message.path("originalTimestamp")));
    }
    return draft.put(
        "event_time", received.toEpochMilli() - (sent.toEpochMilli() - original.toEpochMilli()));
  }

  /** {@link Instant#MIN} where there is none. */
  private static Instant instant(JsonNode text) {
    try {
      return text.isTextual()
          ? java.time.OffsetDateTime.parse(text.asText()).toInstant()
          : Instant.MIN;
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }
}
