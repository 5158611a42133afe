package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.Incident;
import io.tidegate.model.OutRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON of topic {@code incidents}. */
public final class IncidentCodec {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(4)
                      .maxDocumentLength(1L << 18)
                      .build())
              .build());

  private IncidentCodec() {}

  /** The message of a state; its key is the incident's id. */
  public static OutRecord message(Incident incident, String topic) {
    return new OutRecord(topic, incident.incidentId(), Map.of(), encode(incident), -1);
  }

  public static byte[] encode(Incident incident) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("incident_id", incident.incidentId());
      json.writeStringField("event_time", time(incident.eventTimeMs()));
      json.writeStringField("opened_at", time(incident.openedAtMs()));
      optional(json, "closed_at", incident.closedAtMs());
      json.writeStringField("rollout_id", incident.rolloutId());
      json.writeStringField("kind", incident.kind().name());
      json.writeStringField("severity", severity(incident));
      json.writeStringField("sentence", incident.sentence());
      json.writeArrayFieldStart("metrics");
      for (String metric : incident.metrics()) {
        json.writeString(metric);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("common_cause");
      for (Map.Entry<String, String> cause : incident.commonCause().entrySet()) {
        json.writeStringField(cause.getKey(), cause.getValue());
      }
      json.writeEndObject();
      json.writeBooleanField("blames_rollout", incident.blamesRollout());
      json.writeStringField("owner", incident.owner());
      optional(json, "respond_by", incident.respondByMs());
      json.writeNumberField("observed", incident.observed());
      json.writeNumberField("expected", incident.expected());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** How tables and messages write a severity. */
  static String severity(Incident incident) {
    return incident.severity().name().toLowerCase(Locale.ROOT);
  }

  private static void optional(JsonGenerator json, String field, @Nullable Long timeMs)
      throws IOException {
    if (timeMs == null) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, time(timeMs));
    }
  }

  private static String time(long epochMs) {
    return Instant.ofEpochMilli(epochMs).toString();
  }

  /** Reads a message; an IOException says what is wrong with it. */
  public static Incident decode(byte[] value) throws IOException {
    try (JsonParser parser = MAPPER.createParser(value)) {
      JsonNode n = parser.readValueAsTree();
      if (n == null || !n.isObject() || n.path("incident_id").asText().isEmpty()) {
        throw new IOException("an incident is a JSON object with an incident_id");
      }
      List<String> metrics = new ArrayList<>();
      n.path("metrics").forEach(metric -> metrics.add(metric.asText()));
      Map<String, String> cause = new TreeMap<>();
      n.path("common_cause")
          .properties()
          .forEach(field -> cause.put(field.getKey(), field.getValue().asText()));
      return new Incident(
          n.path("incident_id").asText(),
          timeMs(n.path("event_time")),
          timeMs(n.path("opened_at")),
          n.path("closed_at").isTextual() ? timeMs(n.path("closed_at")) : null,
          n.path("rollout_id").asText(),
          Incident.Kind.valueOf(n.path("kind").asText()),
          Incident.Severity.valueOf(n.path("severity").asText().toUpperCase(Locale.ROOT)),
          n.path("sentence").asText(),
          metrics,
          cause,
          n.path("blames_rollout").asBoolean(),
          n.path("owner").asText(),
          n.path("respond_by").isTextual() ? timeMs(n.path("respond_by")) : null,
          n.path("observed").asDouble(),
          n.path("expected").asDouble());
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static long timeMs(JsonNode time) {
    return Instant.parse(time.asText()).toEpochMilli();
  }
}
