package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code feature_flag.evaluation} (OpenTelemetry semantic conventions, feature flags), with the
 * attribute names used before 1.32–1.34. Only evaluations whose reason says that the variant was
 * drawn are exposures.
 */
final class OpenTelemetry implements Adapter {

  private static final String EVENT = "feature_flag.evaluation";
  private static final String OLD_EVENT = "feature_flag";
  private static final long NANOS_PER_MS = 1_000_000;

  private final Set<String> reasons;

  /**
   * @param reasons evaluation reasons that mean a randomised exposure, in lower case
   */
  OpenTelemetry(Set<String> reasons) {
    this.reasons = Set.copyOf(reasons);
  }

  @Override
  public void exposures(JsonNode message, Consumer<ObjectNode> out) {
    JsonNode resources = message.path("resourceLogs");
    if (resources.isArray()) {
      for (JsonNode resource : resources) {
        ObjectNode shared = attributes(resource.path("resource").path("attributes"));
        for (JsonNode scope : resource.path("scopeLogs")) {
          scope.path("logRecords").forEach(record -> exposure(record, shared, out));
        }
      }
    } else {
      ObjectNode resource = attributes(message.path("resource").path("attributes"));
      exposure(message, resource, out);
    }
  }

  @Override
  public void outcomes(JsonNode message, Consumer<ObjectNode> out) {
    // The convention has no outcomes.
  }

  private void exposure(JsonNode record, ObjectNode resource, Consumer<ObjectNode> out) {
    ObjectNode all = attributes(record.path("attributes"));
    String name =
        Draft.first(
                record.path("eventName"),
                record.path("event_name"),
                all.path("event.name"),
                record.path("name"))
            .asText();
    String reason =
        Draft.first(
                all.path("feature_flag.result.reason"), all.path("feature_flag.evaluation.reason"))
            .asText()
            .toLowerCase(Locale.ROOT);
    if (!(name.equals(EVENT) || name.equals(OLD_EVENT)) || !reasons.contains(reason)) {
      return;
    }
    Draft draft =
        new Draft()
            .put("event_id", Draft.first(all.path("event_id"), all.path("log.record.uid")))
            .put("unit_id", all.path("feature_flag.context.id"))
            .put("flag_key", all.path("feature_flag.key"))
            .put(
                "variant",
                Draft.first(
                    all.path("feature_flag.result.variant"),
                    all.path("feature_flag.variant"),
                    all.path("feature_flag.result.value"),
                    all.path("feature_flag.value")))
            .put("flag_version", all.path("feature_flag.version"))
            .put("reason", reason);
    time(record, draft);
    resource
        .properties()
        .forEach(
            e -> {
              if (e.getKey().equals("service.name") || e.getKey().equals("service.version")) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    all.properties()
        .forEach(
            e -> {
              if (!e.getKey().startsWith("feature_flag.") && !e.getKey().startsWith("event")) {
                draft.attribute(e.getKey(), e.getValue());
              }
            });
    out.accept(draft.finish());
  }

  private static void time(JsonNode record, Draft draft) {
    JsonNode nanos =
        Draft.first(
            record.path("timeUnixNano"),
            record.path("time_unix_nano"),
            record.path("observedTimeUnixNano"),
            record.path("observed_time_unix_nano"));
    if (nanos.isMissingNode()) {
      draft.put("event_time", Draft.first(record.path("timestamp"), record.path("time")));
      return;
    }
    try {
      draft.put("event_time", Long.parseLong(nanos.asText()) / NANOS_PER_MS);
    } catch (NumberFormatException e) {
      draft.put("event_time", nanos.asText());
    }
  }

  /** OTLP's list of {key, value{stringValue…}}, or an object, as one object of scalars. */
  private static ObjectNode attributes(JsonNode given) {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    if (given.isArray()) {
      for (JsonNode entry : given) {
        JsonNode value = entry.path("value");
        flat.set(
            entry.path("key").asText(),
            value.isObject() && value.size() == 1 ? value.elements().next() : value);
      }
    } else {
      given.properties().forEach(e -> flat.set(e.getKey(), e.getValue()));
    }
    return flat;
  }
}
