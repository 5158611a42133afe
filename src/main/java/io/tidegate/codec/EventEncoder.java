package io.tidegate.codec;

import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;

/**
 * Writes events as the canonical JSON of the {@code exposures} and {@code outcomes} topics; {@code
 * event_time} as epoch milliseconds, values exactly. Equal events give equal bytes. Not
 * thread-safe: one encoder a thread.
 */
public final class EventEncoder {

  private final JsonBytes json = new JsonBytes();

  public byte[] exposure(Exposure event) {
    json.reset();
    json.field("{\"event_id\":", event.eventId())
        .field(",\"event_time\":", event.eventTimeMs())
        .field(",\"unit_id\":", event.unitId())
        .field(",\"flag_key\":", event.flagKey())
        .field(",\"variant\":", event.variant());
    if (!event.flagVersion().isEmpty()) {
      json.field(",\"flag_version\":", event.flagVersion());
    }
    if (!event.reason().isEmpty()) {
      json.field(",\"reason\":", event.reason());
    }
    return json.object(",\"attributes\":", event.attributes()).raw("}").toBytes();
  }

  public byte[] outcome(Outcome event) {
    json.reset();
    json.field("{\"event_id\":", event.eventId())
        .field(",\"event_time\":", event.eventTimeMs())
        .field(",\"unit_id\":", event.unitId())
        .field(",\"name\":", event.name());
    if (event.hasValue()) {
      json.micros(",\"value\":", event.valueMicros());
    }
    return json.object(",\"attributes\":", event.attributes()).raw("}").toBytes();
  }
}
