package io.tidegate.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verdict with its evidence, as a message.
 *
 * @param signalId deterministic: rollout, attempt, stage, boundary, revision, spec hash
 * @param supersedes id of the signal this one replaces; empty where none
 * @param dataHash hash of everything the data decided: reasons that tell of dead letters and
 *     clocks, and the REVIEW that they ask for, stand outside
 * @param nextPercent recommended next percentage; null: complete, or stay
 * @param nextLookMs boundary at which another verdict is to be looked for: of a HOLD when all that
 *     is missing is expected, else the next; {@link Long#MAX_VALUE} for none
 * @param restore environment of the last good stage; null where none was given
 * @param restoreStage name of the last good stage; empty where none
 * @param respondByMs when a person must have answered; null where nobody must
 * @param missing what stands between this and ADVANCE
 * @param watermarkMs event time up to which the data are complete
 * @param full whether every estimate goes out at this boundary
 * @param changed whether the verdict or a reason code differs from the boundary before
 */
public record GateSignal(
    String signalId,
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    double percent,
    long boundaryMs,
    int revision,
    String supersedes,
    String dataHash,
    Verdict verdict,
    boolean overridden,
    List<Reason> reasons,
    List<Estimate> evidence,
    @Nullable Double nextPercent,
    long nextLookMs,
    RolloutEvent.@Nullable Environment restore,
    String restoreStage,
    String owner,
    String contact,
    @Nullable Long respondByMs,
    List<String> missing,
    String specHash,
    long watermarkMs,
    long baselinesSnapshotId,
    Arrivals arrivals,
    boolean full,
    boolean changed) {

  /**
   * Arrival facts since the attempt began, outside the data hash.
   *
   * @param late events that came late and counted all the same
   * @param mixed units seen in a second variant
   * @param beyond events that came too late to count
   * @param dead records of the last day that could not be used; which rollout they meant is not
   *     known
   * @param clockSkewMs largest skew of a producer's clock that was found, positive where it is
   *     fast; 0 for none
   */
  public record Arrivals(
      long used, long duplicate, long late, long mixed, long beyond, long dead, long clockSkewMs) {
    public static final Arrivals NONE = new Arrivals(0, 0, 0, 0);

    /** Those that tables have a column for. */
    public Arrivals(long used, long duplicate, long late, long mixed) {
      this(used, duplicate, late, mixed, 0, 0, 0);
    }
  }

  public GateSignal {
    reasons = List.copyOf(reasons);
    evidence = List.copyOf(evidence);
    missing = List.copyOf(missing);
  }

  /** The same verdict, told otherwise. */
  public GateSignal told(
      List<Reason> otherReasons, List<Estimate> otherEvidence, List<String> otherMissing) {
    return new GateSignal(
        signalId,
        rolloutId,
        attempt,
        epoch,
        stage,
        percent,
        boundaryMs,
        revision,
        supersedes,
        dataHash,
        verdict,
        overridden,
        otherReasons,
        otherEvidence,
        nextPercent,
        nextLookMs,
        restore,
        restoreStage,
        owner,
        contact,
        respondByMs,
        otherMissing,
        specHash,
        watermarkMs,
        baselinesSnapshotId,
        arrivals,
        full,
        changed);
  }
}
