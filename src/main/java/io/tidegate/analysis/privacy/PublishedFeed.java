package io.tidegate.analysis.privacy;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.Reason;
import java.util.ArrayList;
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
  private final Looks looks = new Looks(1);

  /** Code and sentence without figures → the reason as it was told with figures. */
  private final Map<List<String>, Reason> told = new HashMap<>();

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
    List<Estimate> large =
        PublishedRows.withoutSmall(rule, segments, PublishedRows.ESTIMATE, hidden);
    for (Estimate e : large) {
      publish(e);
      shownSince.putIfAbsent(cell(e), e.boundaryMs());
    }
    segments.stream().filter(e -> !large.contains(e)).forEach(e -> looks.add(e, false));
  }

  private void publish(Estimate e) {
    Estimate before = published.get(series(e));
    boolean next = before == null || follows(before, e);
    if (next) {
      published.put(series(e), e);
    }
    looks.add(e, next);
  }

  private static List<Object> series(Estimate e) {
    return List.of(PublishedRows.seriesOf(e), e.segment());
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

  /**
   * The newest signal, whose figures change with every unit: as {@link #shown}, but a segment's row
   * is the published one, and a sentence that names it says what it said when that row was new.
   */
  public GateSignal current(GateSignal signal) {
    GateSignal named = shown(signal);
    List<Estimate> rows = new ArrayList<>();
    for (Estimate e : named.evidence()) {
      if (PublishedRows.whole(e.dimension())) {
        rows.add(e);
      } else {
        publish(e);
        rows.add(published.getOrDefault(series(e), e));
      }
    }
    long boundaryMs = signal.boundaryMs();
    return named.told(
        named.reasons().stream().map(r -> settled(r, boundaryMs)).toList(),
        rows,
        named.missing().stream()
            .map(m -> settled(new Reason("", m, "", ""), boundaryMs).sentence())
            .toList());
  }

  /**
   * A signal before the newest: as {@link #shown}, but a sentence that names a segment tells no
   * figure, for whether it was published by then is not kept.
   */
  public GateSignal past(GateSignal signal) {
    GateSignal named = shown(signal);
    return named.told(
        named.reasons().stream()
            .map(r -> looks.names(r.sentence()) ? Looks.words(r, Looks.NOT_NEWEST) : r)
            .toList(),
        named.evidence().stream().filter(e -> PublishedRows.whole(e.dimension())).toList(),
        named.missing().stream()
            .map(m -> looks.names(m) ? Looks.words(m, Looks.NOT_NEWEST) : m)
            .toList());
  }

  private Reason settled(Reason reason, long boundaryMs) {
    if (!looks.names(reason.sentence())) {
      return reason;
    }
    List<String> key = List.of(reason.code(), Looks.words(reason.sentence()));
    if (looks.mayTell(reason.sentence(), boundaryMs)) {
      told.put(key, reason);
    }
    return told.getOrDefault(key, Looks.words(reason, Looks.TOO_FEW));
  }

  private static List<String> cell(Estimate e) {
    return List.of(e.dimension(), e.segment());
  }
}
