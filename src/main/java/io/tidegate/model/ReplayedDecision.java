package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * One decision of the gate, recomputed.
 *
 * @param decision as the tables have it
 * @param recomputed verdict of the same boundary now; null where it has none
 * @param recomputedHash hash of everything the data decided; empty where there is no verdict
 * @param exposuresSnapshotId snapshots that the recomputation read; 0 for an empty table
 */
public record ReplayedDecision(
    Decided decision,
    @Nullable Verdict recomputed,
    String recomputedHash,
    long exposuresSnapshotId,
    long outcomesSnapshotId,
    long rolloutEventsSnapshotId) {

  /**
   * A decision of the gate.
   *
   * @param boundaryMs everything before this event time was evaluated
   * @param dataHash hash of everything the data decided
   * @param baselinesSnapshotId snapshot of baselines used; 0 for none
   */
  public record Decided(
      String signalId,
      String rolloutId,
      int attempt,
      int epoch,
      String stage,
      long boundaryMs,
      Verdict verdict,
      String dataHash,
      long baselinesSnapshotId) {}

  /** Whether it came out the same to the last bit. */
  public boolean reproduces() {
    return recomputed == decision.verdict() && recomputedHash.equals(decision.dataHash());
  }
}
