package io.tidegate.analysis.archive;

import io.tidegate.model.DecisionEntry;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Origin;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What goes into the decision log. */
public final class DecisionLog {

  private static final String GATE = "gate";

  private DecisionLog() {}

  /**
   * An entry where the signal says that the verdict or a reason code changed.
   *
   * @param previousVerdict verdict of the rollout's signal before; empty where unknown
   */
  public static Optional<DecisionEntry> of(
      GateSignal signal, Origin origin, String previousVerdict) {
    if (!signal.changed()) {
      return Optional.empty();
    }
    return Optional.of(
        new DecisionEntry(
            origin,
            signal.signalId(),
            signal.boundaryMs(),
            signal.rolloutId(),
            signal.attempt(),
            signal.epoch(),
            signal.stage(),
            signal.boundaryMs(),
            signal.revision(),
            signal.overridden() ? "override" : "verdict",
            GATE,
            signal.verdict().name(),
            previousVerdict,
            signal.reasons().stream().map(Reason::code).toList(),
            signal.reasons().stream().map(Reason::sentence).collect(Collectors.joining("; ")),
            List.of(),
            List.of(),
            signal.signalId(),
            signal.dataHash(),
            signal.specHash(),
            signal.baselinesSnapshotId()));
  }

  /** An entry for a person's decision or note. */
  public static Optional<DecisionEntry> of(RolloutEvent event, Origin origin) {
    RolloutEvent.Decided decision = event.decision();
    boolean decided = event.kind() == RolloutEvent.Kind.DECISION && decision != null;
    if (!decided && event.kind() != RolloutEvent.Kind.NOTE) {
      return Optional.empty();
    }
    List<String> codes = decision == null ? List.of() : decision.codes();
    if (decision != null && codes.isEmpty() && !decision.signOff().isEmpty()) {
      codes = List.of("SIGN_OFF:" + decision.signOff());
    }
    return Optional.of(
        new DecisionEntry(
            origin,
            event.eventId(),
            event.eventTimeMs(),
            event.rolloutId(),
            event.attempt(),
            null,
            event.stage(),
            null,
            null,
            decision == null ? "note" : decision.action(),
            event.actor(),
            decision == null ? "" : decision.verdict(),
            "",
            codes,
            event.note(),
            event.links(),
            event.actionItems(),
            "",
            "",
            "",
            0));
  }
}
