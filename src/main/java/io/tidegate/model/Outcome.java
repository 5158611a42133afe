package io.tidegate.model;

import java.util.Map;

/**
 * An event: something happened to a unit.
 *
 * @param eventId id by which duplicates are known
 * @param eventTimeMs when it happened, epoch milliseconds
 * @param unitId the unit; pseudonymised in all that a decoder returns, raw only in what a producer
 *     is about to encode
 * @param name what happened, such as {@code purchase}
 * @param valueMicros the value ×10⁶; 0 where {@code hasValue} is false
 * @param hasValue whether a value was given
 * @param attributes what was known about the event; the order of its entries means nothing
 */
public record Outcome(
    String eventId,
    long eventTimeMs,
    String unitId,
    String name,
    long valueMicros,
    boolean hasValue,
    Map<String, String> attributes) {

  /** Largest magnitude of {@code valueMicros}: 10¹² units, so that nine sums of it fit a long. */
  public static final long MAX_VALUE_MICROS = 1_000_000_000_000_000_000L;

  public Outcome {
    if (!hasValue && valueMicros != 0) {
      throw new IllegalArgumentException("valueMicros " + valueMicros + " without a value");
    }
    if (valueMicros > MAX_VALUE_MICROS || valueMicros < -MAX_VALUE_MICROS) {
      throw new IllegalArgumentException(
          "valueMicros " + valueMicros + " beyond ±" + MAX_VALUE_MICROS);
    }
    attributes = Attributes.copyOf(attributes);
  }
}
