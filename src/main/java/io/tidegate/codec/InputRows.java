package io.tidegate.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.Exposure;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Incident;
import io.tidegate.model.LateEvent;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReadPosition;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedIncident;
import io.tidegate.model.ReceivedLateEvent;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/** Rows of the tables of what came in, from the model and back; columns in the tables' order. */
public final class InputRows {

  private static final double MICRO = 1e6;
  private static final ObjectMapper JSON = new ObjectMapper();

  private InputRows() {}

  /** A row of {@code exposures}. */
  public static RowData exposure(ReceivedExposure received) {
    Exposure event = received.usable();
    GenericRowData row = new GenericRowData(12);
    row.setField(0, Fields.string(event.eventId()));
    row.setField(1, Fields.time(event.eventTimeMs()));
    row.setField(2, Fields.string(event.unitId()));
    row.setField(3, Fields.string(event.flagKey()));
    row.setField(4, Fields.string(event.variant()));
    row.setField(5, Fields.string(event.flagVersion()));
    row.setField(6, Fields.string(event.reason()));
    row.setField(7, Fields.map(event.attributes()));
    origin(row, 8, received.origin());
    return row;
  }

  public static ReceivedExposure exposure(RowData row) {
    Exposure event =
        new Exposure(
            row.getString(0).toString(),
            Fields.time(row, 1),
            row.getString(2).toString(),
            row.getString(3).toString(),
            row.getString(4).toString(),
            row.getString(5).toString(),
            row.getString(6).toString(),
            Fields.map(row.getMap(7)));
    return new ReceivedExposure(origin(row, 8), event, null);
  }

  /** A row of {@code outcomes}. */
  public static RowData outcome(ReceivedOutcome received) {
    Outcome event = received.usable();
    GenericRowData row = new GenericRowData(11);
    row.setField(0, Fields.string(event.eventId()));
    row.setField(1, Fields.time(event.eventTimeMs()));
    row.setField(2, Fields.string(event.unitId()));
    row.setField(3, Fields.string(event.name()));
    row.setField(4, event.hasValue() ? event.valueMicros() / MICRO : null);
    row.setField(5, event.hasValue() ? event.valueMicros() : null);
    row.setField(6, Fields.map(event.attributes()));
    origin(row, 7, received.origin());
    return row;
  }

  public static ReceivedOutcome outcome(RowData row) {
    boolean hasValue = !row.isNullAt(5);
    Outcome event =
        new Outcome(
            row.getString(0).toString(),
            Fields.time(row, 1),
            row.getString(2).toString(),
            row.getString(3).toString(),
            hasValue ? row.getLong(5) : 0,
            hasValue,
            Fields.map(row.getMap(6)));
    return new ReceivedOutcome(origin(row, 7), event, null);
  }

  /** A row of {@code rollout_events}. */
  public static RowData rolloutEvent(ReceivedRolloutEvent received) {
    RolloutEvent event = received.usable();
    byte[] json = RolloutEventCodec.encode(event);
    JsonNode tree = tree(json);
    GenericRowData row = new GenericRowData(19);
    row.setField(0, Fields.string(event.eventId()));
    row.setField(1, Fields.time(event.eventTimeMs()));
    row.setField(2, Fields.string(event.rolloutId()));
    row.setField(3, Fields.string(event.kind().name()));
    row.setField(4, Fields.string(event.stage()));
    row.setField(5, Fields.string(event.actor()));
    row.setField(6, event.attempt());
    row.setField(7, Fields.string(event.note()));
    row.setField(8, Fields.list(event.links()));
    row.setField(9, part(tree, "action_items"));
    row.setField(10, Fields.stringOrNull(event.spec()));
    row.setField(11, Fields.stringOrNull(event.resolved()));
    row.setField(12, part(tree, "decision"));
    row.setField(13, part(tree, "environment"));
    row.setField(14, StringData.fromBytes(json));
    origin(row, 15, received.origin());
    return row;
  }

  /** Throws IllegalStateException where the payload is not what {@link #rolloutEvent} wrote. */
  public static ReceivedRolloutEvent rolloutEvent(RowData row) {
    Origin origin = origin(row, 15);
    if (RolloutEventCodec.decode(row.getString(14).toBytes())
        instanceof Decoded.Event<RolloutEvent> decoded) {
      return new ReceivedRolloutEvent(origin, decoded.event(), null);
    }
    throw new IllegalStateException("the row of rollout_events at " + origin + " is damaged");
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a rollout event was not written as JSON", e);
    }
  }

  private static @Nullable StringData part(JsonNode tree, String field) {
    JsonNode part = tree.get(field);
    return part == null ? null : StringData.fromString(part.toString());
  }

  /** A row of {@code late_events}. */
  public static RowData lateEvent(ReceivedLateEvent received) {
    LateEvent late = received.usable();
    GenericRowData row = new GenericRowData(12);
    row.setField(0, Fields.string(late.eventHash()));
    row.setField(1, Fields.time(late.eventTimeMs()));
    row.setField(2, Fields.string(late.unitHash()));
    row.setField(3, Fields.string(late.exposure() ? Tables.EXPOSURES : Tables.OUTCOMES));
    row.setField(4, Fields.string(late.name()));
    row.setField(5, Fields.time(late.frontierMs()));
    row.setField(6, late.latenessMs());
    row.setField(7, null);
    origin(row, 8, received.origin());
    return row;
  }

  /** A row of {@code incidents}. */
  public static RowData incident(ReceivedIncident received) {
    Incident incident = received.usable();
    GenericRowData row = new GenericRowData(19);
    row.setField(0, Fields.string(incident.incidentId()));
    row.setField(1, Fields.time(incident.eventTimeMs()));
    row.setField(2, Fields.time(incident.openedAtMs()));
    row.setField(3, timeOrNull(incident.closedAtMs()));
    row.setField(4, Fields.string(incident.rolloutId()));
    row.setField(5, Fields.string(incident.kind().name()));
    row.setField(6, Fields.string(IncidentCodec.severity(incident)));
    row.setField(7, Fields.string(incident.sentence()));
    row.setField(8, Fields.list(incident.metrics()));
    row.setField(9, Fields.map(incident.commonCause()));
    row.setField(10, incident.blamesRollout());
    row.setField(11, Fields.string(incident.owner()));
    row.setField(12, timeOrNull(incident.respondByMs()));
    row.setField(13, StringData.fromBytes(IncidentCodec.encode(incident)));
    row.setField(14, null);
    origin(row, 15, received.origin());
    return row;
  }

  private static @Nullable Object timeOrNull(@Nullable Long timeMs) {
    return timeMs == null ? null : Fields.time(timeMs);
  }

  /** A row of {@code metric_hourly}. */
  public static RowData hourly(HourlyCount part) {
    return GenericRowData.of(
        Fields.time(part.hourStartMs()),
        Fields.string(part.outcomeName()),
        Fields.string(part.dimension()),
        Fields.string(part.segment()),
        part.count(),
        part.valueCount(),
        DecimalData.fromBigDecimal(new BigDecimal(part.valueSumMicros()), 38, 0));
  }

  public static HourlyCount hourly(RowData row) {
    return new HourlyCount(
        Fields.time(row, 0),
        row.getString(1).toString(),
        row.getString(2).toString(),
        row.getString(3).toString(),
        row.getLong(4),
        row.getLong(5),
        row.getDecimal(6, 38, 0).toBigDecimal().toBigIntegerExact());
  }

  /** A row of {@code read_positions}. */
  public static RowData readPosition(ReadPosition position) {
    return GenericRowData.of(
        Fields.string(position.topic()),
        position.partition(),
        position.next(),
        position.kept(),
        Fields.time(position.readMs()));
  }

  /** A dead letter for a record that was refused; throws IllegalArgumentException for an event. */
  public static DeadLetter deadLetter(Origin origin, Decoded<?> refused, String redactedPayload) {
    if (!(refused instanceof Decoded.Unusable<?> unusable)) {
      throw new IllegalArgumentException("the record at " + origin + " was not refused");
    }
    return new DeadLetter(
        origin.topic(),
        origin.partition(),
        origin.offset(),
        origin.recordTimeMs(),
        unusable.reason(),
        unusable.detail(),
        redactedPayload);
  }

  /** The first characters of a record whose unit is not known, fields that name one masked. */
  public static String redacted(byte[] value) {
    return Redaction.of(value, null);
  }

  private static void origin(GenericRowData row, int at, Origin origin) {
    row.setField(at, Fields.time(origin.recordTimeMs()));
    row.setField(at + 1, Fields.string(origin.topic()));
    row.setField(at + 2, origin.partition());
    row.setField(at + 3, origin.offset());
  }

  private static Origin origin(RowData row, int at) {
    return new Origin(
        row.getString(at + 1).toString(),
        row.getInt(at + 2),
        row.getLong(at + 3),
        Fields.time(row, at));
  }
}
