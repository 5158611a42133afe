package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import java.util.List;

/** A recomputed evaluation as the successor of the signal that it corrects. */
public final class Revision {

  private Revision() {}

  /** The evaluation with the next revision, superseding {@code earlier}. */
  public static Evaluation of(Evaluation recomputed, GateSignal earlier) {
    int revision = earlier.revision() + 1;
    GateSignal s = recomputed.signal();
    List<Estimate> evidence = s.evidence().stream().map(e -> e.withRevision(revision)).toList();
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
            s.verdict(),
            s.overridden(),
            s.reasons(),
            evidence,
            s.nextPercent(),
            s.nextLookMs(),
            s.restore(),
            s.restoreStage(),
            s.owner(),
            s.contact(),
            s.respondByMs(),
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
}
