package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * Tracking events (OpenFeature specification, section 6). It has neither id nor time: whoever
 * writes the topic may add {@code event_id} and {@code event_time}; else the id is the hash of the
 * content and the time that of the record.
 */
final class OpenFeature implements Adapter {

  private static final String TARGETING_KEY = "targetingKey";
  private static final String VALUE = "value";

  @Override
  public void exposures(JsonNode message, Consumer<ObjectNode> out) {
    // Evaluations come as OpenTelemetry events.
  }

  @Override
  public void outcomes(JsonNode message, Consumer<ObjectNode> out) {
    JsonNode name =
        Draft.first(
            message.path("trackingEventName"), message.path("eventName"), message.path("name"));
    if (name.isMissingNode()) {
      return;
    }
    JsonNode context = Draft.first(message.path("evaluationContext"), message.path("context"));
    JsonNode details = Draft.first(message.path("trackingEventDetails"), message.path("details"));
    Draft draft =
        new Draft()
            .put("event_id", Draft.first(message.path("event_id"), message.path("id")))
            .put("event_time", Draft.first(message.path("event_time"), message.path("timestamp")))
            .put("unit_id", context.path(TARGETING_KEY))
            .put("name", name)
            .put(VALUE, details.path(VALUE));
    context
        .properties()
        .forEach(
            e -> {
              if (!e.getKey().equals(TARGETING_KEY)) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    details
        .properties()
        .forEach(
            e -> {
              if (!e.getKey().equals(VALUE)) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    out.accept(draft.finish());
  }
}
