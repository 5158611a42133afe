package io.tidegate.serve;

import io.tidegate.model.Incident;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The newest state of every incident, as many as are needed. Mutable. */
final class IncidentBook {

  /** Incidents kept; the one that was told of longest ago goes when there are more. */
  static final int MOST = 2_000;

  private static final Comparator<Incident> BY_OPENING =
      Comparator.comparingLong(Incident::openedAtMs).thenComparing(Incident::incidentId);

  private final Map<String, Incident> newest = new HashMap<>();

  /** Takes a state of an incident; false where a later one is known. */
  boolean take(Incident state) {
    Incident known = newest.get(state.incidentId());
    if (known != null && known.eventTimeMs() > state.eventTimeMs()) {
      return false;
    }
    newest.put(state.incidentId(), state);
    if (newest.size() > MOST) {
      newest.values().stream()
          .min(Comparator.comparingLong(Incident::eventTimeMs))
          .ifPresent(oldest -> newest.remove(oldest.incidentId()));
    }
    return true;
  }

  /**
   * Those of a rollout, and those of no rollout that were open at some time in [from, to); by
   * opening.
   */
  List<Incident> concerning(String rolloutId, long fromMs, long toMs) {
    return newest.values().stream()
        .filter(
            incident ->
                incident.rolloutId().isEmpty()
                    ? incident.openedAtMs() < toMs && endMs(incident) > fromMs
                    : incident.rolloutId().equals(rolloutId))
        .sorted(BY_OPENING)
        .toList();
  }

  private static long endMs(Incident incident) {
    Long closed = incident.closedAtMs();
    return closed == null ? Long.MAX_VALUE : closed;
  }
}
