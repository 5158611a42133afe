package io.tidegate.simulate;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.simulate.Pending.Fault;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Brings events to the stream: in time, late, twice, or with nonsense beside them. */
final class Courier {

  private static final int COURIER = 5;
  private static final long TRANSPORT_MS = 400;
  private static final long CENTURY_MS = 36_525L * 86_400_000L;

  private final SimulationConfig config;
  private final Faults faults;
  private final Consumer<Pending> queue;
  private long order;

  Courier(SimulationConfig config, Consumer<Pending> queue) {
    this.config = config;
    this.faults = config.faults();
    this.queue = queue;
  }

  /** Sends an event; {@code content} makes its record for the arrival it is given. */
  void send(
      long unit,
      long eventTimeMs,
      boolean exposure,
      String eventId,
      LongFunction<@Nullable Arrival> content) {
    Draws draws = Draws.of(config.seed(), COURIER, unit, eventId.hashCode() ^ eventTimeMs);
    long onTimeMs = eventTimeMs + draws.between(0, TRANSPORT_MS);
    long arrivalMs = onTimeMs;
    Fault fault = Fault.NONE;
    if (draws.chance(faults.late())) {
      fault = Fault.LATE;
      arrivalMs += draws.between(Faults.LATE_FROM_MS, Faults.LATE_TO_MS);
    } else if (draws.chance(faults.disorder())) {
      fault = Fault.DISORDER;
      arrivalMs += draws.between(0, Faults.DISORDER_MS);
    }
    enqueue(arrivalMs, fault, content);
    if (draws.chance(faults.duplicate())) {
      long again = Math.max(arrivalMs, onTimeMs + draws.between(0, Faults.DISORDER_MS));
      enqueue(again, Fault.DUPLICATE, content);
    }
    nonsense(draws, unit, eventTimeMs, onTimeMs, exposure);
  }

  private void nonsense(
      Draws draws, long unit, long eventTimeMs, long arrivalMs, boolean exposure) {
    String unitId = "u" + (1_000_000_000L + unit);
    if (draws.chance(faults.malformed())) {
      String cut =
          "{\"event_id\":\"broken-" + unit + "\",\"unit_id\":\"" + unitId + "\",\"event_time\":";
      broken(arrivalMs, Fault.MALFORMED, unitId, exposure, cut, DeadLetterReason.MALFORMED_JSON);
    }
    if (draws.chance(faults.absurd())) {
      String text = event(unitId, eventTimeMs + CENTURY_MS, exposure, "absurd");
      broken(arrivalMs, Fault.ABSURD, unitId, exposure, text, DeadLetterReason.ABSURD_TIME);
    }
    if (draws.chance(faults.oversized())) {
      String text = event(unitId, eventTimeMs, exposure, "x".repeat(Faults.OVERSIZED_CHARS));
      broken(arrivalMs, Fault.OVERSIZED, unitId, exposure, text, DeadLetterReason.OVERSIZE);
    }
  }

  private String event(String unitId, long eventTimeMs, boolean exposure, String note) {
    String what =
        exposure
            ? "\"flag_key\":\"" + config.spec().flag().key() + "\",\"variant\":\"none\""
            : "\"name\":\"session_start\"";
    return "{\"event_id\":\"broken-%s-%d\",\"event_time\":%d,\"unit_id\":\"%s\",%s,\"attributes\":{\"note\":\"%s\"}}"
        .formatted(unitId, eventTimeMs, eventTimeMs, unitId, what, note);
  }

  private void broken(
      long arrivalMs,
      Fault fault,
      String unitId,
      boolean exposure,
      String payload,
      DeadLetterReason reason) {
    enqueue(arrivalMs, fault, at -> new Arrival.Broken(at, unitId, exposure, payload, reason));
  }

  private void enqueue(long arrivalMs, Fault fault, LongFunction<@Nullable Arrival> content) {
    queue.accept(new Pending(arrivalMs, order++, fault, () -> content.apply(arrivalMs)));
  }
}
