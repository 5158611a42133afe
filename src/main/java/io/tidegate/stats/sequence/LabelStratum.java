package io.tidegate.stats.sequence;

/**
 * First events of one stratum, by variant.
 *
 * @param treatmentShare share of the treatment among the exposed units of the stratum, in (0, 1)
 * @param eventsControl units of control with the event
 * @param eventsTreatment units of the treatment with the event
 */
public record LabelStratum(double treatmentShare, long eventsControl, long eventsTreatment) {

  private static final double SMALLEST_SHARE = 1e-15;
  private static final long MOST_EVENTS = 1_000_000_000_000_000L;

  public LabelStratum {
    if (!(treatmentShare > 0 && treatmentShare < 1)) {
      throw new IllegalArgumentException(
          "the treatment share must lie in (0, 1), got " + treatmentShare);
    }
    if (!(treatmentShare >= SMALLEST_SHARE && 1 - treatmentShare >= SMALLEST_SHARE)) {
      throw new IllegalArgumentException(
          "the treatment share must lie in [1e-15, 1 - 1e-15], got " + treatmentShare);
    }
    if (eventsControl < 0
        || eventsTreatment < 0
        || eventsControl > MOST_EVENTS
        || eventsTreatment > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "events must be >= 0 and at most 1e15, got " + eventsControl + " and " + eventsTreatment);
    }
  }
}
