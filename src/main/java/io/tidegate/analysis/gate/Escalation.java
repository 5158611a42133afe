package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says who must be called when nobody has answered a verdict in time. A decision, a note or a pause
 * answers it; rolling back ends the attempt.
 */
final class Escalation {

  static final String CODE = "RESPONSE_OVERDUE";

  private static final Set<Kind> ANSWERS = Set.of(Kind.DECISION, Kind.NOTE, Kind.PAUSED);

  private Escalation() {}

  /** Whether a person must answer a verdict. */
  static boolean asks(Verdict verdict) {
    return verdict == Verdict.REVIEW || verdict == Verdict.ROLLBACK;
  }

  /** When the answer to a verdict that stands since an instant is due. */
  static long dueMs(RolloutSpec spec, long sinceMs) {
    return sinceMs + spec.respondWithin().toMillis();
  }

  /**
   * The judgement, with one reason more where its answer is overdue.
   *
   * @param sinceMs boundary since which the verdict stands
   */
  static Judgement of(Judgement judgement, Attempt attempt, long sinceMs, long boundaryMs) {
    RolloutSpec spec = attempt.definition().spec();
    long dueMs = dueMs(spec, sinceMs);
    if (!asks(judgement.verdict())
        || judgement.overridden()
        || boundaryMs < dueMs
        || answered(attempt, sinceMs - spec.lookEvery().toMillis(), boundaryMs)) {
      return judgement;
    }
    List<Reason> reasons = new ArrayList<>(judgement.reasons());
    reasons.add(
        new Reason(
            CODE,
            "nobody has answered "
                + judgement.verdict()
                + " since "
                + Instant.ofEpochMilli(sinceMs)
                + ": escalate beyond "
                + spec.owner()
                + (spec.contact().isEmpty() ? "" : " (" + spec.contact() + ")"),
            Instant.ofEpochMilli(boundaryMs).toString(),
            Instant.ofEpochMilli(dueMs).toString()));
    return new Judgement(
        judgement.verdict(), false, reasons, judgement.evidence(), judgement.missing());
  }

  private static boolean answered(Attempt attempt, long fromMs, long boundaryMs) {
    return attempt.remarksBefore(boundaryMs).stream()
        .anyMatch(
            remark ->
                remark.control().effectiveMs() >= fromMs
                    && remark.refused().isEmpty()
                    && ANSWERS.contains(remark.control().event().kind()));
  }
}
