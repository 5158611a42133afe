package io.tidegate.job;

import io.tidegate.analysis.gate.Revision;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.connector.SignalArchive;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReplayOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Recomputed evaluations held against the archive. Mutable. */
final class Comparison {

  private static final class Tally {
    int boundaries;
    int identical;
    int absent;
    int beyond;
    final List<String> corrected = new ArrayList<>();
  }

  private final SignalArchive archive;
  private final Map<String, Tally> tallies = new HashMap<>();
  private final List<Evaluation> revisions = new ArrayList<>();

  Comparison(SignalArchive archive) {
    this.archive = archive;
  }

  void take(Evaluation recomputed, Timeline timeline) {
    GateSignal signal = recomputed.signal();
    Tally tally = tallies.computeIfAbsent(signal.rolloutId(), id -> new Tally());
    GateSignal archived = archive.of(signal);
    if (archived == null) {
      if (signal.boundaryMs() > archive.newestBoundaryMs(signal.rolloutId())) {
        tally.beyond++;
      } else {
        tally.boundaries++;
        tally.absent++;
      }
      return;
    }
    tally.boundaries++;
    if (archived.dataHash().equals(signal.dataHash())) {
      tally.identical++;
    } else {
      Evaluation revised = Revision.of(recomputed, archived, timeline);
      tally.corrected.add(revised.signal().signalId());
      revisions.add(revised);
    }
  }

  /** Evaluations that differ from the archive, as successors of what is there. */
  List<Evaluation> revisions() {
    return revisions;
  }

  ReplayOutcome outcome(String rolloutId) {
    Tally tally = tallies.getOrDefault(rolloutId, new Tally());
    return new ReplayOutcome(
        rolloutId, tally.boundaries, tally.identical, tally.corrected, tally.absent, tally.beyond);
  }
}
