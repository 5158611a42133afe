package io.tidegate.model;

import io.tidegate.model.RolloutEvent.ActionItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of verdict, or a decision or note of a person: one row of {@code decision_log}.
 *
 * @param eventTimeMs the boundary of a verdict; when a person decided
 * @param epoch index of the stage; null for a person's entry, as {@code boundaryMs} and {@code
 *     revision} are
 * @param action {@code verdict}, {@code approve}, {@code override} or {@code note}
 * @param verdict verdict from then on; empty where it is not changed
 * @param previousVerdict verdict until then; empty where unknown
 * @param codes reason codes of the verdict, or those approved
 */
public record DecisionEntry(
    Origin origin,
    String decisionId,
    long eventTimeMs,
    String rolloutId,
    int attempt,
    @Nullable Integer epoch,
    String stage,
    @Nullable Long boundaryMs,
    @Nullable Integer revision,
    String action,
    String actor,
    String verdict,
    String previousVerdict,
    List<String> codes,
    String sentence,
    List<String> links,
    List<ActionItem> actionItems,
    String signalId,
    String dataHash,
    String specHash,
    long baselinesSnapshotId) {

  public DecisionEntry {
    codes = List.copyOf(codes);
    links = List.copyOf(links);
    actionItems = List.copyOf(actionItems);
  }
}
