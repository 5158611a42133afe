package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Enriched events of Snowplow as JSON (canonical event model). Event time is {@code true_tstamp},
 * else {@code derived_tstamp}; copies have the same {@code event_id} and {@code event_fingerprint}.
 */
final class Snowplow implements Adapter {

  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "geo_country", "country",
          "dvce_type", "device",
          "os_family", "os",
          "br_family", "browser",
          "app_id", "app_id",
          "platform", "platform",
          "tr_currency", "currency");

  @Override
  public void exposures(JsonNode message, Consumer<ObjectNode> out) {
    // The canonical event model has none.
  }

  @Override
  public void outcomes(JsonNode message, Consumer<ObjectNode> out) {
    JsonNode name = Draft.first(message.path("event_name"), message.path("event"));
    if (name.isMissingNode()) {
      return;
    }
    String fingerprint = message.path("event_fingerprint").asText("");
    JsonNode id = message.path("event_id");
    Draft draft =
        new Draft()
            .put(
                "unit_id",
                Draft.first(
                    message.path("user_id"),
                    message.path("domain_userid"),
                    message.path("network_userid")))
            .put("name", name)
            .put(
                "value",
                Draft.first(
                    message.path("tr_total"), message.path("ti_price"), message.path("se_value")))
            .put(
                "event_time",
                instant(Draft.first(message.path("true_tstamp"), message.path("derived_tstamp"))));
    if (id.isTextual()) {
      draft.put("event_id", fingerprint.isEmpty() ? id.asText() : id.asText() + "-" + fingerprint);
    }
    ATTRIBUTES.forEach((field, attribute) -> draft.attribute(attribute, message.path(field)));
    out.accept(draft.finish());
  }

  /** {@code 2013-11-26 00:03:57.885}, always UTC, as ISO-8601. */
  private static JsonNode instant(JsonNode tstamp) {
    if (!tstamp.isTextual()) {
      return tstamp;
    }
    String text = tstamp.asText().replace(' ', 'T');
    boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0;
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(zoned ? text : text + "Z");
  }
}
