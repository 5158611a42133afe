package io.tidegate.analysis.privacy;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rule of {@link PublishedRows} for estimates that come message by message: keeps the row of
 * each segment that people may see now. Mutable.
 */
public final class PublishedFeed {

  private final SmallCells rule;
  private final Map<List<Object>, Estimate> published = new LinkedHashMap<>();
  private final Map<List<String>, Long> shownSince = new HashMap<>();
  private final Map<String, Set<String>> hidden = new TreeMap<>();

  /**
   * Nothing shown yet.
   *
   * @param minUnits the rollout's {@code privacy.min_segment_units}
   */
  public PublishedFeed(long minUnits) {
    this.rule = new SmallCells(minUnits);
  }

  /** Takes every estimate of one metric at one boundary; those over everyone are passed over. */
  public void take(List<Estimate> estimates) {
    List<Estimate> segments =
        estimates.stream().filter(e -> !PublishedRows.whole(e.dimension())).toList();
    for (Estimate e : PublishedRows.withoutSmall(rule, segments, PublishedRows.ESTIMATE, hidden)) {
      List<Object> series = List.of(PublishedRows.seriesOf(e), e.segment());
      Estimate before = published.get(series);
      if (before == null || follows(before, e)) {
        published.put(series, e);
        shownSince.putIfAbsent(cell(e), e.boundaryMs());
      }
    }
  }

  private boolean follows(Estimate before, Estimate next) {
    return next.boundaryMs() >= before.boundaryMs()
        && rule.mayReplace(
            before.unitsControl(),
            before.unitsTreatment(),
            next.unitsControl(),
            next.unitsTreatment());
  }

  /** The newest row of every segment that may be shown. */
  public Collection<Estimate> segments() {
    return Collections.unmodifiableCollection(published.values());
  }

  /** Dimension → segments of which at least one row was withheld. */
  public Map<String, Set<String>> hidden() {
    Map<String, Set<String>> copy = new TreeMap<>();
    hidden.forEach((dimension, segments) -> copy.put(dimension, Set.copyOf(segments)));
    return copy;
  }

  /** A signal that names a segment only if an estimate of it was shown by then. */
  public GateSignal shown(GateSignal signal) {
    Set<List<String>> cells = PublishedRows.cells(hidden);
    signal.evidence().stream()
        .filter(e -> !PublishedRows.whole(e.dimension()))
        .forEach(e -> cells.add(cell(e)));
    return PublishedRows.withoutNames(signal, secretAt(signal.boundaryMs(), cells));
  }

  /** An incident that names no segment of which an estimate was withheld and none shown by then. */
  public Incident shown(Incident incident) {
    return PublishedRows.withoutNames(
        incident, secretAt(incident.eventTimeMs(), PublishedRows.cells(hidden)));
  }

  private Set<List<String>> secretAt(long timeMs, Set<List<String>> cells) {
    cells.removeIf(cell -> shownSince.getOrDefault(cell, Long.MAX_VALUE) <= timeMs);
    return cells;
  }

  private static List<String> cell(Estimate e) {
    return List.of(e.dimension(), e.segment());
  }
}
