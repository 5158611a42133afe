package io.tidegate.serve;

import static java.util.stream.Collectors.toSet;

import io.tidegate.analysis.privacy.PublishedFeed;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.GateSignal.Arrivals;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gate said during one attempt, in bounded room: changes of verdict; effects over everyone
 * and what had arrived, at evenly thinned boundaries; of segments the newest that people may see.
 * Mutable.
 */
final class EffectHistory {

  /** Boundaries kept; every second one goes when there are more, unless a segment is of it. */
  static final int MOST_BOUNDARIES = 120;

  /** Changes of verdict kept; the oldest goes when there are more. */
  static final int MOST_CHANGES = 400;

  /** Rows that describe an effect from both sides; the others are kept only where none does. */
  private static final Set<Purpose> TWO_SIDED =
      EnumSet.of(Purpose.SUCCESS, Purpose.NON_INFERIORITY);

  private final int attempt;
  private final PublishedFeed feed;
  private final TreeMap<Long, Map<String, List<Estimate>>> overall = new TreeMap<>();
  private final TreeMap<Long, Arrivals> arrivals = new TreeMap<>();
  private final List<GateSignal> changes = new ArrayList<>();
  private @Nullable GateSignal newest;

  EffectHistory(int attempt, long minSegmentUnits) {
    this.attempt = attempt;
    this.feed = new PublishedFeed(minSegmentUnits);
  }

  int attempt() {
    return attempt;
  }

  PublishedFeed feed() {
    return feed;
  }

  /** Takes a signal of this attempt. */
  void signal(GateSignal signal) {
    GateSignal before = newest;
    if (before != null && signal.boundaryMs() < before.boundaryMs()) {
      return;
    }
    newest = signal;
    arrivals.put(signal.boundaryMs(), signal.arrivals());
    thin(arrivals, Set.of());
    if (before == null || differs(before, signal)) {
      changes.add(signal);
      if (changes.size() > MOST_CHANGES) {
        changes.remove(0);
      }
    }
  }

  private static boolean differs(GateSignal a, GateSignal b) {
    return a.epoch() != b.epoch()
        || a.verdict() != b.verdict()
        || a.overridden() != b.overridden()
        || !codes(a).equals(codes(b));
  }

  private static List<String> codes(GateSignal signal) {
    return signal.reasons().stream().map(Reason::code).toList();
  }

  /** Takes the estimates of one metric at one boundary of this attempt. */
  void evidence(List<Estimate> estimates) {
    feed.take(estimates);
    List<Estimate> whole =
        estimates.stream().filter(e -> e.dimension().equals(SegmentDimension.ALL)).toList();
    if (whole.isEmpty()) {
      return;
    }
    boolean twoSided = whole.stream().anyMatch(e -> TWO_SIDED.contains(e.purpose()));
    overall
        .computeIfAbsent(whole.get(0).boundaryMs(), at -> new LinkedHashMap<>())
        .put(
            whole.get(0).metric(),
            whole.stream().filter(e -> !twoSided || TWO_SIDED.contains(e.purpose())).toList());
    if (overall.size() > MOST_BOUNDARIES) {
      thin(overall, feed.segments().stream().map(Estimate::boundaryMs).collect(toSet()));
    }
  }

  /** Drops every second boundary but the newest and those spared where there are too many. */
  private static void thin(SortedMap<Long, ?> byBoundary, Set<Long> spared) {
    if (byBoundary.size() > MOST_BOUNDARIES) {
      List<Long> boundaries = new ArrayList<>(byBoundary.keySet());
      for (int i = 1; i < boundaries.size() - 1; i += 2) {
        if (!spared.contains(boundaries.get(i))) {
          byBoundary.remove(boundaries.get(i));
        }
      }
    }
  }

  /** What had arrived since the attempt began, by boundary. */
  SortedMap<Long, Arrivals> arrivals() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(arrivals));
  }

  /** Changes of verdict and the newest signal, by boundary, as people may see them. */
  List<GateSignal> signals() {
    List<GateSignal> all = new ArrayList<>(changes);
    GateSignal last = newest;
    if (last != null && !last.equals(all.get(all.size() - 1))) {
      all.add(last);
    }
    return all.stream().map(feed::past).toList();
  }

  /** Effects by boundary, as people may see them. */
  List<Estimate> estimates() {
    List<Estimate> all = new ArrayList<>();
    overall.values().forEach(metrics -> metrics.values().forEach(all::addAll));
    all.addAll(feed.segments());
    return all;
  }
}
