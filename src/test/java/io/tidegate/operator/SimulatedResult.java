package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Evaluation;
import io.tidegate.model.MetricKind;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a run wrote: evaluations by boundary, totals of every sum, and the fate of each event. */
final class SimulatedResult {

  /** A sum of a rollout over all buckets. */
  record Total(String rolloutId, CellKey cell) {}

  final Map<String, String> evaluations = new TreeMap<>();
  final Map<Total, UnitSums> totals = new HashMap<>();
  final Map<Ledger.Fate, Integer> fates = new TreeMap<>();

  /** Ids of events that took part, and of those of which some copy came beyond the horizon. */
  final Set<Long> used = new HashSet<>();

  final Set<Long> beyond = new HashSet<>();

  /** Estimates with an e-value other than 1. */
  long numbers;

  /** Boundaries of which a signal was written twice. */
  final List<String> repeated = new ArrayList<>();

  SimulatedResult copy() {
    SimulatedResult c = new SimulatedResult();
    c.evaluations.putAll(evaluations);
    totals.forEach((key, sums) -> c.totals.put(key, sums.copy()));
    c.fates.putAll(fates);
    c.used.addAll(used);
    c.beyond.addAll(beyond);
    c.repeated.addAll(repeated);
    c.numbers = numbers;
    return c;
  }

  void fate(long idHash, Ledger.Fate fate) {
    fates.merge(fate, 1, Integer::sum);
    switch (fate) {
      case USED, LATE -> used.add(idHash);
      case BEYOND_HORIZON -> beyond.add(idHash);
      case DUPLICATE -> {}
    }
  }

  int fate(Ledger.Fate fate) {
    return fates.getOrDefault(fate, 0);
  }

  void sums(String rolloutId, byte[] cells) {
    CellBatch.read(
        cells,
        (bucket, key, sums) ->
            totals.computeIfAbsent(new Total(rolloutId, key), t -> new UnitSums()).add(sums));
  }

  /** All that the data decided, each double in the text that only it has. */
  void evaluated(Evaluation evaluation) {
    var signal = evaluation.signal();
    String boundary = signal.rolloutId() + "@" + signal.boundaryMs();
    String text =
        signal.dataHash()
            + " "
            + signal.signalId()
            + " "
            + signal.verdict()
            + " "
            + signal.reasons()
            + " "
            + signal.evidence()
            + " "
            + evaluation.estimates();
    numbers +=
        evaluation.estimates().stream()
            .filter(e -> e.eValueLog() != null && e.eValueLog() != 0)
            .count();
    if (evaluations.put(boundary, text) != null) {
      repeated.add(boundary);
    }
  }

  /** Totals that no order of arrival may change: of units, and of the kinds that add up. */
  Map<Total, UnitSums> additive(SimulatedWorld world) {
    Map<Total, UnitSums> found = new HashMap<>();
    for (Timeline timeline : world.timelines) {
      RolloutContext context = new RolloutContext(0, timeline);
      totals.forEach(
          (total, sums) -> {
            if (total.rolloutId().equals(context.rolloutId())
                && !sums.isZero()
                && additive(context, total.cell())) {
              found.put(total, sums);
            }
          });
    }
    return found;
  }

  private static boolean additive(RolloutContext context, CellKey cell) {
    if (context.plan(cell.attempt()).definition().spec().trigger() != null) {
      // A late trigger lets its unit in late, as a late exposure does.
      return false;
    }
    if (cell.channel() < 0) {
      return cell.channel() == CellKey.UNITS
          || cell.channel() == CellKey.MIXED
          || cell.channel() == CellKey.CONTAMINATED;
    }
    Plan plan = context.plan(cell.attempt());
    int metric = plan.channels().get(cell.channel()).metric();
    if (metric >= plan.definition().spec().metrics().size()) {
      return true;
    }
    MetricKind kind = plan.definition().spec().metrics().get(metric).kind();
    return !(kind instanceof MetricKind.Funnel || kind instanceof MetricKind.Elapsed);
  }

  /** Where another result differs, in a few words; empty where it is the same to the last bit. */
  String differs(SimulatedResult other) {
    Set<String> boundaries = new TreeSet<>(evaluations.keySet());
    boundaries.addAll(other.evaluations.keySet());
    for (String boundary : boundaries) {
      String mine = evaluations.getOrDefault(boundary, "no evaluation");
      String theirs = other.evaluations.getOrDefault(boundary, "no evaluation");
      if (!mine.equals(theirs)) {
        int at = 0;
        while (at < Math.min(mine.length(), theirs.length())
            && (at < 65 || mine.charAt(at) == theirs.charAt(at))) {
          at++;
        }
        return "at %s: …%s… instead of …%s…"
            .formatted(boundary, around(theirs, at), around(mine, at));
      }
    }
    return "";
  }

  /** Where other totals differ; empty where they are the same. */
  static String differs(Map<Total, UnitSums> mine, Map<Total, UnitSums> others) {
    Set<Total> all = new HashSet<>(mine.keySet());
    all.addAll(others.keySet());
    return all.stream()
        .filter(total -> !Objects.equals(mine.get(total), others.get(total)))
        .min(Comparator.comparing(Total::toString))
        .map(total -> "%s: %s instead of %s".formatted(total, others.get(total), mine.get(total)))
        .orElse("");
  }

  private static String around(String text, int at) {
    return text.substring(
        Math.min(text.length(), Math.max(0, at - 120)), Math.min(text.length(), at + 60));
  }
}
