package io.tidegate.report;

import io.tidegate.model.GateSignal.Arrivals;
import io.tidegate.model.Incident;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What only the topics tell of a rollout while it moves.
 *
 * @param arrivals boundary → what had arrived since the attempt began
 * @param incidents newest state of each that concerns it, by opening
 */
public record LiveFacts(SortedMap<Long, Arrivals> arrivals, List<Incident> incidents) {

  public static final LiveFacts NONE = new LiveFacts(new TreeMap<>(), List.of());

  public LiveFacts {
    arrivals = Collections.unmodifiableSortedMap(new TreeMap<>(arrivals));
    incidents = List.copyOf(incidents);
  }
}
