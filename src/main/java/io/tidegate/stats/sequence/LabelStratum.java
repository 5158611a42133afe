package io.tidegate.stats.sequence;

/**
 * First events of one stratum, by variant.
 *
 * @param treatmentShare share of the treatment among the exposed units of the stratum, in (0, 1)
 * @param eventsControl units of control with the event
 * @param eventsTreatment units of the treatment with the event
 */
public record LabelStratum(double treatmentShare, long eventsControl, long eventsTreatment) {

  public LabelStratum {
    if (!(treatmentShare > 0 && treatmentShare < 1)) {
      throw new IllegalArgumentException(
          "the treatment share must lie in (0, 1), got " + treatmentShare);
    }
    if (eventsControl < 0 || eventsTreatment < 0) {
      throw new IllegalArgumentException(
          "events must be >= 0, got " + eventsControl + " and " + eventsTreatment);
    }
  }
}
