package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.RolloutEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Rollout events as the canonical JSON of the {@code rollouts} topic. {@code event_time} is written
 * in epoch milliseconds; empty fields are left out; {@code spec} and {@code resolved} pass through
 * as the JSON they are. Thread-safe.
 */
public final class RolloutEventCodec {

  /** Largest event in bytes. */
  public static final int MAX_BYTES = 1024 * 1024;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxDocumentLength(MAX_BYTES)
                      .maxNestingDepth(32)
                      .maxTokenCount(200_000)
                      .maxStringLength(20_000)
                      .maxNameLength(1_000)
                      .maxNumberLength(60)
                      .build())
              .build());

  private RolloutEventCodec() {}

  /** Decodes a record's value; never throws for what a record holds. */
  public static Decoded<RolloutEvent> decode(byte[] bytes) {
    if (bytes.length == 0) {
      return new Decoded.Unusable<>(DeadLetterReason.EMPTY, "the record has no value");
    }
    if (bytes.length > MAX_BYTES) {
      String detail = bytes.length + " bytes, more than " + MAX_BYTES;
      return new Decoded.Unusable<>(DeadLetterReason.OVERSIZE, detail);
    }
    try (JsonParser parser = MAPPER.getFactory().createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Decoded.Unusable<>(DeadLetterReason.MALFORMED_JSON, "not a JSON object");
      }
      RolloutEventFields fields = new RolloutEventFields(bytes, parser);
      RolloutEvent event = fields.read();
      if (parser.nextToken() != null) {
        return new Decoded.Unusable<>(DeadLetterReason.MALFORMED_JSON, "more than one object");
      }
      return new Decoded.Event<>(event);
    } catch (RolloutEventFields.Refused e) {
      return new Decoded.Unusable<>(e.reason(), e.detail());
    } catch (StreamConstraintsException e) {
      return new Decoded.Unusable<>(DeadLetterReason.OVERSIZE, "more or deeper than allowed");
    } catch (JsonProcessingException e) {
      return new Decoded.Unusable<>(DeadLetterReason.MALFORMED_JSON, "not JSON in UTF-8");
    } catch (IOException e) {
      return new Decoded.Unusable<>(DeadLetterReason.MALFORMED_JSON, "not JSON in UTF-8");
    }
  }

  /**
   * Decodes a record's value as the jobs do, which take no absurd time for an event.
   *
   * @param recordTimeMs the record's timestamp; negative where it has none
   */
  public static Decoded<RolloutEvent> decode(byte[] bytes, long recordTimeMs, DecodeLimits limits) {
    Decoded<RolloutEvent> decoded = decode(bytes);
    if (decoded instanceof Decoded.Event<RolloutEvent> usable
        && !limits.plausible(usable.event().eventTimeMs(), recordTimeMs)) {
      return new Decoded.Unusable<>(
          DeadLetterReason.ABSURD_TIME, "event_time is too far from the record's");
    }
    return decoded;
  }

  /** Encodes an event; equal events give equal bytes. */
  public static byte[] encode(RolloutEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("event_id", event.eventId());
      json.writeNumberField("event_time", event.eventTimeMs());
      text(json, "rollout_id", event.rolloutId());
      json.writeStringField("kind", event.kind().name());
      text(json, "stage", event.stage());
      text(json, "actor", event.actor());
      if (event.attempt() > 0) {
        json.writeNumberField("attempt", event.attempt());
      }
      text(json, "note", event.note());
      texts(json, "links", event.links());
      actionItems(json, event.actionItems());
      raw(json, "spec", event.spec());
      raw(json, "resolved", event.resolved());
      decision(json, event);
      environment(json, event);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** JSON list of action items, for a table's column; empty text for none. */
  static String actionItems(List<RolloutEvent.ActionItem> items) {
    if (items.isEmpty()) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
      actionItemArray(json, items);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void actionItems(JsonGenerator json, List<RolloutEvent.ActionItem> items)
      throws IOException {
    if (items.isEmpty()) {
      return;
    }
    json.writeFieldName("action_items");
    actionItemArray(json, items);
  }

  private static void actionItemArray(JsonGenerator json, List<RolloutEvent.ActionItem> items)
      throws IOException {
    json.writeStartArray();
    for (RolloutEvent.ActionItem item : items) {
      json.writeStartObject();
      json.writeStringField("text", item.text());
      text(json, "owner", item.owner());
      text(json, "due", item.due());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void decision(JsonGenerator json, RolloutEvent event) throws IOException {
    RolloutEvent.Decided decision = event.decision();
    if (decision != null) {
      json.writeObjectFieldStart("decision");
      json.writeStringField("action", decision.action());
      texts(json, "codes", decision.codes());
      text(json, "verdict", decision.verdict());
      text(json, "sign_off", decision.signOff());
      json.writeEndObject();
    }
  }

  private static void environment(JsonGenerator json, RolloutEvent event) throws IOException {
    RolloutEvent.Environment environment = event.environment();
    if (environment != null) {
      json.writeObjectFieldStart("environment");
      text(json, "deployment_version", environment.deploymentVersion());
      strings(json, "flags", environment.flags());
      strings(json, "routing", environment.routing());
      json.writeEndObject();
    }
  }

  private static void text(JsonGenerator json, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  private static void texts(JsonGenerator json, String name, List<String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }

  private static void strings(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeObjectFieldStart(name);
      for (String key : values.keySet().stream().sorted().toList()) {
        json.writeStringField(key, values.getOrDefault(key, ""));
      }
      json.writeEndObject();
    }
  }

  private static void raw(JsonGenerator json, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeFieldName(name);
      json.writeRawValue(value);
    }
  }
}
