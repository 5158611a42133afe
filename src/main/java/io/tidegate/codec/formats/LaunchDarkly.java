package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * Events of LaunchDarkly's SDKs and its Data Export (schema 4). A {@code feature} event is an
 * exposure where its reason says {@code inExperiment}; a {@code custom} event is an outcome.
 */
final class LaunchDarkly implements Adapter {

  private static final String USER = "user";

  @Override
  public void exposures(JsonNode message, Consumer<ObjectNode> out) {
    JsonNode reason = message.path("reason");
    if (!message.path("kind").asText().equals("feature")
        || !reason.path("inExperiment").asBoolean(false)) {
      return;
    }
    Draft draft =
        common(message)
            .put("flag_key", message.path("key"))
            .put("variant", variant(message))
            .put("flag_version", message.path("version"))
            .put("reason", reason.path("kind"));
    out.accept(draft.finish());
  }

  @Override
  public void outcomes(JsonNode message, Consumer<ObjectNode> out) {
    if (!message.path("kind").asText().equals("custom")) {
      return;
    }
    out.accept(
        common(message)
            .put("name", message.path("key"))
            .put("value", message.path("metricValue"))
            .attributes(message.path("data"))
            .finish());
  }

  /** The value served where it is a scalar, else the variation's index. */
  private static JsonNode variant(JsonNode message) {
    JsonNode value = message.path("value");
    return value.isValueNode() && !value.isNull() ? value : message.path("variation");
  }

  private static Draft common(JsonNode message) {
    JsonNode context = message.path("context");
    JsonNode user = context.path("kind").asText().equals("multi") ? context.path(USER) : context;
    Draft draft =
        new Draft()
            .put("event_id", Draft.first(message.path("event_id"), message.path("id")))
            .put("event_time", message.path("creationDate"))
            .put(
                "unit_id",
                Draft.first(
                    message.path("contextKeys").path(USER),
                    user.path("key"),
                    message.path("userKey"),
                    message.path("contextKeys").path(context.path("kind").asText())));
    user.properties()
        .forEach(
            e -> {
              if (!e.getKey().equals("key") && !e.getKey().equals("kind")) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    return draft;
  }
}
