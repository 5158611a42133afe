package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the canonical JSON of exposures and outcomes, straight from bytes and without a tree.
 * Unknown fields are skipped; of a field given twice the last counts; numbers and booleans where
 * text is wanted count as their text. Never throws for what is in a record. Not thread-safe.
 */
public final class EventDecoder {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DecodeLimits.MAX_DEPTH)
                  .maxStringLength(DecodeLimits.MAX_TEXT)
                  .maxNameLength(DecodeLimits.MAX_NAME)
                  .maxNumberLength(100)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final DecodeLimits limits;
  private final Pseudonymiser pseudonymiser;
  private final PlainEvent plain = new PlainEvent();

  private @Nullable String eventId;
  private @Nullable String unitId;
  private @Nullable String flagKey;
  private @Nullable String variant;
  private @Nullable String flagVersion;
  private @Nullable String reason;
  private @Nullable String name;
  private long eventTimeMs;
  private boolean hasTime;
  private long valueMicros;
  private boolean hasValue;
  private Map<String, String> attributes = Map.of();

  /** A reason to refuse the record, found while reading it; kept on this side of the codec. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final DeadLetterReason reason;
    private final String detail;

    Refusal(DeadLetterReason reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
      this.detail = detail;
    }
  }

  public EventDecoder(DecodeLimits limits, Pseudonymiser pseudonymiser) {
    this.limits = limits;
    this.pseudonymiser = pseudonymiser;
  }

  /**
   * @param value the record's bytes
   * @param recordTimeMs the record's own timestamp, against which absurd times are judged; negative
   *     where it has none
   */
  public Decoded<Exposure> exposure(byte @Nullable [] value, long recordTimeMs) {
    Exposure usual = plain.read(value, limits, recordTimeMs) ? plain.exposure(pseudonymiser) : null;
    return usual == null ? parsedExposure(value, recordTimeMs) : new Decoded.Event<>(usual);
  }

  private Decoded<Exposure> parsedExposure(byte @Nullable [] value, long recordTimeMs) {
    try {
      read(value, recordTimeMs);
      return new Decoded.Event<>(
          new Exposure(
              needed("event_id", eventId),
              eventTimeMs,
              pseudonymiser.pseudonym(needed("unit_id", unitId)),
              needed("flag_key", flagKey),
              needed("variant", variant),
              orEmpty(flagVersion),
              orEmpty(reason),
              attributes));
    } catch (Refusal e) {
      return new Decoded.Unusable<>(e.reason, e.detail);
    }
  }

  /** Of an outcome; parameters as for {@link #exposure}. */
  public Decoded<Outcome> outcome(byte @Nullable [] value, long recordTimeMs) {
    Outcome usual = plain.read(value, limits, recordTimeMs) ? plain.outcome(pseudonymiser) : null;
    return usual == null ? parsedOutcome(value, recordTimeMs) : new Decoded.Event<>(usual);
  }

  private Decoded<Outcome> parsedOutcome(byte @Nullable [] value, long recordTimeMs) {
    try {
      read(value, recordTimeMs);
      return new Decoded.Event<>(
          new Outcome(
              needed("event_id", eventId),
              eventTimeMs,
              pseudonymiser.pseudonym(needed("unit_id", unitId)),
              needed("name", name),
              valueMicros,
              hasValue,
              attributes));
    } catch (Refusal e) {
      return new Decoded.Unusable<>(e.reason, e.detail);
    }
  }

  /**
   * The first characters of the record that was read last, its unit id masked; for records that
   * were refused.
   */
  public String redacted(byte @Nullable [] value) {
    return value == null ? "" : Redaction.of(value, unitId);
  }

  private void read(byte @Nullable [] value, long recordTimeMs) throws Refusal {
    clear();
    if (value == null || value.length == 0) {
      throw new Refusal(DeadLetterReason.EMPTY, "the record has no value");
    }
    if (value.length > limits.maxBytes()) {
      throw new Refusal(
          DeadLetterReason.OVERSIZE,
          value.length + " bytes, more than the " + limits.maxBytes() + " allowed");
    }
    try (JsonParser json = JSON.createParser(value)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Refusal(DeadLetterReason.MALFORMED_JSON, "the record is not a JSON object");
      }
      fields(json);
      if (json.nextToken() != null) {
        throw new Refusal(DeadLetterReason.MALFORMED_JSON, "more follows the JSON object");
      }
    } catch (StreamConstraintsException e) {
      throw new Refusal(DeadLetterReason.OVERSIZE, "too deep or too long a field");
    } catch (IOException e) {
      throw new Refusal(DeadLetterReason.MALFORMED_JSON, "the record is not valid JSON in UTF-8");
    }
    checkTime(recordTimeMs);
  }

  private void fields(JsonParser json) throws IOException, Refusal {
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      switch (field) {
        case "event_id" -> eventId = text(json, token, field);
        case "unit_id" -> unitId = text(json, token, field);
        case "event_time" -> time(json, token);
        case "flag_key" -> flagKey = text(json, token, field);
        case "variant" -> variant = text(json, token, field);
        case "flag_version" -> flagVersion = text(json, token, field);
        case "reason" -> reason = text(json, token, field);
        case "name" -> name = text(json, token, field);
        case "value" -> value(json, token);
        case "attributes" -> attributes(json, token);
        default -> json.skipChildren();
      }
    }
  }

  private static @Nullable String text(JsonParser json, JsonToken token, String field)
      throws IOException, Refusal {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!token.isScalarValue()) {
      throw new Refusal(DeadLetterReason.WRONG_TYPE, field + " is not text");
    }
    String text = json.getText();
    if (text.length() > DecodeLimits.MAX_NAME) {
      throw new Refusal(
          DeadLetterReason.OVERSIZE,
          field + " has more than " + DecodeLimits.MAX_NAME + " characters");
    }
    return text;
  }

  private void time(JsonParser json, JsonToken token) throws IOException, Refusal {
    hasTime = token != JsonToken.VALUE_NULL;
    if (token == JsonToken.VALUE_NUMBER_INT) {
      eventTimeMs =
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? EventTime.BAD
              : json.getLongValue();
    } else if (token == JsonToken.VALUE_STRING) {
      eventTimeMs = EventTime.parse(json.getText());
    } else if (hasTime) {
      eventTimeMs = EventTime.BAD;
      json.skipChildren();
    }
    if (hasTime && eventTimeMs == EventTime.BAD) {
      throw new Refusal(
          DeadLetterReason.BAD_TIME,
          "event_time is neither ISO-8601 with a zone nor epoch milliseconds");
    }
  }

  private void value(JsonParser json, JsonToken token) throws IOException, Refusal {
    hasValue = token != JsonToken.VALUE_NULL;
    valueMicros = 0;
    if (!hasValue) {
      return;
    }
    boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    if (!number || (token == JsonToken.VALUE_NUMBER_FLOAT && json.isNaN())) {
      throw new Refusal(DeadLetterReason.NOT_A_NUMBER, "value is not a finite number");
    }
    valueMicros = Micros.parse(json.getText());
    if (valueMicros == Micros.OUT_OF_RANGE) {
      throw new Refusal(DeadLetterReason.OUT_OF_RANGE, "value is beyond ±10^12");
    }
  }

  private void attributes(JsonParser json, JsonToken token) throws IOException, Refusal {
    attributes = Map.of();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      throw new Refusal(DeadLetterReason.WRONG_TYPE, "attributes is not an object");
    }
    Map<String, String> read = new LinkedHashMap<>();
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      JsonToken entry = json.nextToken();
      if (!entry.isScalarValue()) {
        throw new Refusal(DeadLetterReason.WRONG_TYPE, "an attribute is not text");
      }
      if (entry != JsonToken.VALUE_NULL) {
        read.put(key, json.getText());
      }
    }
    if (read.size() > DecodeLimits.MAX_ATTRIBUTES) {
      throw new Refusal(
          DeadLetterReason.OVERSIZE, "more than " + DecodeLimits.MAX_ATTRIBUTES + " attributes");
    }
    attributes = read;
  }

  private void checkTime(long recordTimeMs) throws Refusal {
    if (!hasTime) {
      throw new Refusal(DeadLetterReason.MISSING_FIELD, "event_time is missing");
    }
    if (!limits.plausible(eventTimeMs, recordTimeMs)) {
      throw new Refusal(
          DeadLetterReason.ABSURD_TIME,
          "event_time %d is too far from the record's timestamp %d"
              .formatted(eventTimeMs, recordTimeMs));
    }
  }

  private static String needed(String field, @Nullable String value) throws Refusal {
    if (value == null || value.isEmpty()) {
      throw new Refusal(DeadLetterReason.MISSING_FIELD, field + " is missing");
    }
    return value;
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private void clear() {
    eventId = null;
    unitId = null;
    flagKey = null;
    variant = null;
    flagVersion = null;
    reason = null;
    name = null;
    eventTimeMs = 0;
    hasTime = false;
    valueMicros = 0;
    hasValue = false;
    attributes = Map.of();
  }
}
