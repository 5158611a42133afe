package io.tidegate.model;

/**
 * An event that came too late to be counted.
 *
 * @param eventHash hash of its id, 16 hexadecimal digits
 * @param unitHash hash of its unit's pseudonym, 16 hexadecimal digits
 * @param exposure whether it is an exposure
 * @param name flag key of an exposure, name of an outcome
 * @param frontierMs event time already evaluated when it came
 */
public record LateEvent(
    String eventHash,
    String unitHash,
    boolean exposure,
    String name,
    long eventTimeMs,
    long frontierMs) {

  /** How far it trailed what was evaluated. */
  public long latenessMs() {
    return frontierMs - eventTimeMs;
  }
}
