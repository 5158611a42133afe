package io.tidegate.model;

import java.util.Map;

/**
 * An event: this unit was served this variant at this time.
 *
 * @param eventId id by which duplicates are known
 * @param eventTimeMs when it was served, epoch milliseconds
 * @param unitId the unit; pseudonymised in all that a decoder returns, raw only in what a producer
 *     is about to encode
 * @param flagVersion version of the flag's rules; empty where none was given
 * @param reason why the flag system chose this variant; empty where none was given
 * @param attributes what was known about the unit; the order of its entries means nothing
 */
public record Exposure(
    String eventId,
    long eventTimeMs,
    String unitId,
    String flagKey,
    String variant,
    String flagVersion,
    String reason,
    Map<String, String> attributes) {

  public Exposure {
    attributes = Attributes.copyOf(attributes);
  }
}
