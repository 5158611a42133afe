package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A judgement, and until when a person must answer it. A decision, a note or a pause answers what
 * the verdict asked about when it was made, and nothing that came up later; rolling back ends the
 * attempt.
 *
 * @param judgement with one reason more where an answer is overdue
 * @param respondByMs when the oldest question that nobody answered is due; null where none is open
 */
record Escalation(Judgement judgement, @Nullable Long respondByMs) {

  static final String CODE = "RESPONSE_OVERDUE";

  private static final Set<Kind> ANSWERS = Set.of(Kind.DECISION, Kind.NOTE, Kind.PAUSED);

  /**
   * Says who must be called when nobody has answered in time.
   *
   * @param standing what the verdict asks about → boundary since which it does
   */
  static Escalation of(
      Judgement judgement, Map<String, Long> standing, Attempt attempt, long boundaryMs) {
    Map<String, Long> open = new TreeMap<>(standing);
    open.values().removeIf(sinceMs -> answered(attempt, sinceMs, boundaryMs));
    if (open.isEmpty()) {
      return new Escalation(judgement, null);
    }
    RolloutSpec spec = attempt.definition().spec();
    long withinMs = spec.respondWithin().toMillis();
    long dueMs = open.values().stream().mapToLong(Long::longValue).min().orElseThrow() + withinMs;
    open.values().removeIf(sinceMs -> sinceMs + withinMs > boundaryMs);
    return new Escalation(
        open.isEmpty() ? judgement : judgement.with(overdue(judgement, open, spec, boundaryMs)),
        dueMs);
  }

  private static Reason overdue(
      Judgement judgement, Map<String, Long> late, RolloutSpec spec, long boundaryMs) {
    long sinceMs = late.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    return new Reason(
        CODE,
        "nobody has answered "
            + judgement.verdict()
            + " ("
            + String.join(", ", codes(late))
            + ") since "
            + Instant.ofEpochMilli(sinceMs)
            + ": escalate beyond "
            + spec.owner()
            + (spec.contact().isEmpty() ? "" : " (" + spec.contact() + ")"),
        Instant.ofEpochMilli(boundaryMs).toString(),
        Instant.ofEpochMilli(sinceMs + spec.respondWithin().toMillis()).toString());
  }

  /** The codes alone: what a test was about may be a small segment. */
  private static Set<String> codes(Map<String, Long> asks) {
    Set<String> codes = new TreeSet<>();
    asks.keySet().forEach(ask -> codes.add(ask.split(Judgement.ABOUT, 2)[0]));
    return codes;
  }

  private static boolean answered(Attempt attempt, long sinceMs, long boundaryMs) {
    List<Attempt.Remark> remarks = attempt.remarksBefore(boundaryMs);
    return remarks.stream()
        .anyMatch(
            remark ->
                remark.control().effectiveMs() >= sinceMs
                    && remark.refused().isEmpty()
                    && ANSWERS.contains(remark.control().event().kind()));
  }
}
