package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;
import java.util.Set;

/**
 * A recomputed evaluation as the successor of the signal that it corrects. How records arrived is
 * taken from that signal: the tables do not tell it.
 */
public final class Revision {

  private Revision() {}

  /** The evaluation with the next revision, superseding {@code earlier}. */
  public static Evaluation of(Evaluation recomputed, GateSignal earlier, Timeline timeline) {
    int revision = earlier.revision() + 1;
    GateSignal s = recomputed.signal();
    List<Estimate> evidence = s.evidence().stream().map(e -> e.withRevision(revision)).toList();
    List<Reason> arrivals = ArrivalReasons.of(earlier);
    Verdict verdict = verdict(s, earlier, timeline);
    boolean decide = verdict != s.verdict();
    GateSignal revised =
        new GateSignal(
            s.signalId().replace("/0/", "/" + revision + "/"),
            s.rolloutId(),
            s.attempt(),
            s.epoch(),
            s.stage(),
            s.percent(),
            s.boundaryMs(),
            revision,
            earlier.signalId(),
            s.dataHash(),
            verdict,
            s.overridden(),
            ArrivalReasons.reasons(s.reasons(), arrivals, decide),
            evidence,
            decide ? null : s.nextPercent(),
            decide ? earlier.nextLookMs() : s.nextLookMs(),
            s.restore(),
            s.restoreStage(),
            s.owner(),
            s.contact(),
            decide ? earlier.respondByMs() : s.respondByMs(),
            s.missing(),
            s.specHash(),
            s.watermarkMs(),
            s.baselinesSnapshotId(),
            earlier.arrivals(),
            s.full(),
            s.changed());
    return new Evaluation(
        revised, recomputed.estimates().stream().map(e -> e.withRevision(revision)).toList());
  }

  /** The recomputed verdict, given how records arrived by the signal that was sent. */
  public static Verdict verdict(GateSignal recomputed, GateSignal sent, Timeline timeline) {
    return ArrivalReasons.verdict(
        recomputed.verdict(),
        recomputed.overridden(),
        ArrivalReasons.of(sent),
        approved(recomputed, timeline));
  }

  private static Set<String> approved(GateSignal signal, Timeline timeline) {
    Attempt attempt = timeline.attempt(signal.attempt());
    Epoch epoch = attempt == null ? null : attempt.epochBefore(signal.boundaryMs());
    return attempt == null || epoch == null
        ? Set.of()
        : Decisions.before(attempt, epoch, signal.boundaryMs()).approved();
  }
}
