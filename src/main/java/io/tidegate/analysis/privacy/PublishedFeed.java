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
import java.util.regex.Pattern;

/**
 * The rule of {@link PublishedRows} for estimates that come message by message: keeps the row of
 * each segment that people may see now. Mutable.
 */
public final class PublishedFeed {

  /** A number that is not part of a name. */
  private static final Pattern FIGURE =
      Pattern.compile("(?<![\\w.=-])[+-]?\\d[\\d.,]*(?<!,)(?![\\w-])");

  /** Stands in a sentence for a figure that would tell about too few units more. */
  private static final String HELD = "…";

  private final SmallCells rule;
  private final Map<List<Object>, Estimate> published = new LinkedHashMap<>();
  private final Map<List<String>, Long> shownSince = new HashMap<>();
  private final Map<List<String>, Long> publishedAt = new HashMap<>();

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
    for (Estimate e : PublishedRows.withoutSmall(rule, segments, PublishedRows.ESTIMATE, hidden)) {
      publish(e);
      shownSince.putIfAbsent(cell(e), e.boundaryMs());
    }
  }

  private void publish(Estimate e) {
    Estimate before = published.get(series(e));
    if (before == null || follows(before, e)) {
      published.put(series(e), e);
      publishedAt.merge(cell(e), e.boundaryMs(), Math::max);
    }
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
    return named.told(
        named.reasons().stream().map(r -> settled(r, signal.boundaryMs())).toList(),
        rows,
        named.missing());
  }

  private Reason settled(Reason reason, long boundaryMs) {
    List<Long> published =
        publishedAt.entrySet().stream()
            .filter(cell -> PublishedRows.named(cell.getKey()).matcher(reason.sentence()).find())
            .map(Map.Entry::getValue)
            .toList();
    if (published.isEmpty()) {
      return reason;
    }
    String words = FIGURE.matcher(reason.sentence()).replaceAll(HELD);
    List<String> key = List.of(reason.code(), words);
    if (published.stream().allMatch(at -> at == boundaryMs)) {
      told.put(key, reason);
    }
    return told.getOrDefault(key, new Reason(reason.code(), words, "", reason.threshold()));
  }

  private static List<String> cell(Estimate e) {
    return List.of(e.dimension(), e.segment());
  }
}
