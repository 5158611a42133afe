package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.LateEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;

/** JSON of topic {@code late-events}. */
public final class LateEventCodec {

  private static final String EXPOSURES = "exposures";
  private static final String OUTCOMES = "outcomes";
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(4)
                      .maxDocumentLength(1L << 16)
                      .build())
              .build());

  private LateEventCodec() {}

  public static byte[] encode(LateEvent late) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("event_id", late.eventHash());
      json.writeStringField("event_time", Instant.ofEpochMilli(late.eventTimeMs()).toString());
      json.writeStringField("unit_id", late.unitHash());
      json.writeStringField("stream_name", late.exposure() ? EXPOSURES : OUTCOMES);
      json.writeStringField("event_name", late.name());
      json.writeStringField("frontier", Instant.ofEpochMilli(late.frontierMs()).toString());
      json.writeNumberField("lateness_ms", late.latenessMs());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Reads a message; an IOException says what is wrong with it. */
  public static LateEvent decode(byte[] value) throws IOException {
    try (JsonParser parser = MAPPER.createParser(value)) {
      JsonNode n = parser.readValueAsTree();
      if (n == null || !n.isObject()) {
        throw new IOException("a late event is a JSON object");
      }
      return new LateEvent(
          n.path("event_id").asText(),
          n.path("unit_id").asText(),
          n.path("stream_name").asText().equals(EXPOSURES),
          n.path("event_name").asText(),
          Instant.parse(n.path("event_time").asText()).toEpochMilli(),
          Instant.parse(n.path("frontier").asText()).toEpochMilli());
    } catch (DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
