package io.tidegate.codec.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.codec.Pseudonymiser;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of another system's format: each event in them is rewritten as canonical JSON and
 * then decoded like any other, with the same limits. A message may hold none (of the kind asked
 * for), one or many. Never throws for what is in a message. Not thread-safe.
 */
public final class AdaptedEvents {

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DecodeLimits.MAX_DEPTH)
                      .maxStringLength(DecodeLimits.MAX_TEXT)
                      .maxNameLength(DecodeLimits.MAX_NAME)
                      .maxNumberLength(100)
                      .build())
              .build());

  private final Adapter adapter;
  private final boolean timeOfRecord;
  private final DecodeLimits limits;
  private final EventDecoder decoder;
  private final Pseudonymiser ids;

  /**
   * @param format any but {@link EventFormat#CANONICAL}
   * @param exposureReasons OpenTelemetry: evaluation reasons that mean a randomised exposure, in
   *     lower case
   */
  public AdaptedEvents(
      EventFormat format,
      Set<String> exposureReasons,
      DecodeLimits limits,
      Pseudonymiser pseudonymiser) {
    this.adapter =
        switch (format) {
          case CANONICAL -> throw new IllegalArgumentException("canonical events need no adapter");
          case OPENTELEMETRY -> new OpenTelemetry(exposureReasons);
          case OPENFEATURE -> new OpenFeature();
          case SEGMENT -> new Segment();
          case LAUNCHDARKLY -> new LaunchDarkly();
          case SNOWPLOW -> new Snowplow();
        };
    this.timeOfRecord = format == EventFormat.OPENFEATURE;
    this.limits = limits;
    this.decoder = new EventDecoder(limits, pseudonymiser);
    this.ids = pseudonymiser;
  }

  /** The exposures of a message; one refusal where it cannot be read at all. */
  public List<Decoded<Exposure>> exposures(byte @Nullable [] value, long recordTimeMs) {
    return read(
        value, recordTimeMs, adapter::exposures, json -> decoder.exposure(json, recordTimeMs));
  }

  /** The outcomes of a message; one refusal where it cannot be read at all. */
  public List<Decoded<Outcome>> outcomes(byte @Nullable [] value, long recordTimeMs) {
    return read(
        value, recordTimeMs, adapter::outcomes, json -> decoder.outcome(json, recordTimeMs));
  }

  private <T> List<Decoded<T>> read(
      byte @Nullable [] value,
      long recordTimeMs,
      BiConsumer<JsonNode, Consumer<ObjectNode>> events,
      Function<byte[], Decoded<T>> decode) {
    if (value == null || value.length == 0) {
      return refused(DeadLetterReason.EMPTY, "the record has no value");
    }
    if (value.length > limits.maxBytes()) {
      return refused(
          DeadLetterReason.OVERSIZE,
          value.length + " bytes, more than the " + limits.maxBytes() + " allowed");
    }
    List<Decoded<T>> decoded = new ArrayList<>(1);
    try {
      JsonNode message = JSON.readTree(value);
      Consumer<ObjectNode> take = event -> decoded.add(decode.apply(bytes(event, recordTimeMs)));
      if (message.isArray()) {
        message.forEach(one -> events.accept(one, take));
      } else if (message.isObject()) {
        events.accept(message, take);
      } else {
        return refused(DeadLetterReason.MALFORMED_JSON, "neither a JSON object nor a list of them");
      }
    } catch (StreamConstraintsException e) {
      return refused(DeadLetterReason.OVERSIZE, "too deep or too long a field");
    } catch (JsonProcessingException e) {
      return refused(DeadLetterReason.MALFORMED_JSON, "the record is not valid JSON in UTF-8");
    } catch (IOException e) {
      return refused(DeadLetterReason.MALFORMED_JSON, "the record cannot be read");
    }
    return decoded;
  }

  /**
   * Where a format has no time, the record's own is taken; where it has no id, the keyed hash of
   * all that is in the event.
   */
  private byte[] bytes(ObjectNode event, long recordTimeMs) {
    if (timeOfRecord && !event.has("event_time") && recordTimeMs >= 0) {
      event.put("event_time", recordTimeMs);
    }
    if (!event.has("event_id")) {
      event.put("event_id", ids.pseudonym(event.toString()));
    }
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> List<Decoded<T>> refused(DeadLetterReason reason, String detail) {
    return List.of(new Decoded.Unusable<>(reason, detail));
  }
}
