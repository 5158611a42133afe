package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What people decided before a boundary.
 *
 * @param approved reason codes that no longer stop this stage
 * @param signOffs sign-offs given in this attempt
 * @param override verdict set by a person for this stage, or null
 * @param overrideBy who set it
 * @param overrideId id of the event that set it
 */
record Decisions(
    Set<String> approved,
    Set<String> signOffs,
    @Nullable Verdict override,
    String overrideBy,
    String overrideId) {

  static Decisions before(Attempt attempt, Epoch epoch, long boundaryMs) {
    Set<String> approved = new HashSet<>();
    Set<String> signOffs = new HashSet<>();
    Verdict override = null;
    String by = "";
    String id = "";
    for (Attempt.Remark remark : attempt.remarksBefore(boundaryMs)) {
      RolloutEvent event = remark.control().event();
      RolloutEvent.Decided decided = event.decision();
      if (decided == null || event.kind() != RolloutEvent.Kind.DECISION) {
        continue;
      }
      if (decided.action().equals("approve") && !decided.signOff().isEmpty()) {
        signOffs.add(decided.signOff());
      }
      if (remark.control().effectiveMs() < epoch.enteredMs()) {
        continue;
      }
      if (decided.action().equals("approve")) {
        approved.addAll(decided.codes());
      } else if (decided.action().equals("override")) {
        override = verdict(decided.verdict());
        by = event.actor();
        id = event.eventId();
      }
    }
    return new Decisions(approved, signOffs, override, by, id);
  }

  private static @Nullable Verdict verdict(String name) {
    return Arrays.stream(Verdict.values())
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElse(null);
  }
}
