package io.tidegate.serve;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.GateSignal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the topics say about one rollout now.
 *
 * @param timeline its attempts, from topic {@code rollouts}
 * @param signal the newest verdict, from topic {@code gate-verdicts}; null before the first
 * @param signalMs when the verdict was written, epoch milliseconds; 0 without one
 * @param frontierMs newest TICK; {@link Long#MIN_VALUE} before the first
 */
public record RolloutState(
    String id, Timeline timeline, @Nullable GateSignal signal, long signalMs, long frontierMs) {

  /** How far a rollout has come. */
  public enum Phase {
    UNDEFINED,
    DEFINED,
    RUNNING,
    ROLLED_BACK,
    COMPLETED
  }

  public Phase phase() {
    Attempt attempt = attempt();
    if (attempt == null) {
      return timeline.definition() == null ? Phase.UNDEFINED : Phase.DEFINED;
    }
    if (attempt.endMs() == Long.MAX_VALUE) {
      return Phase.RUNNING;
    }
    return attempt.rolledBack() ? Phase.ROLLED_BACK : Phase.COMPLETED;
  }

  /** The newest attempt, or null before the first stage. */
  public @Nullable Attempt attempt() {
    List<Attempt> attempts = timeline.attempts();
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
  }

  /** What the newest attempt was entered with, else the newest definition, or null. */
  public @Nullable Definition definition() {
    Attempt attempt = attempt();
    return attempt == null ? timeline.definition() : attempt.definition();
  }

  /** The newest stage that was entered, or null before the first. */
  public @Nullable Epoch epoch() {
    Attempt attempt = attempt();
    return attempt == null ? null : attempt.epochs().get(attempt.epochs().size() - 1);
  }

  /** The newest verdict if it is about the newest attempt, else null. */
  public @Nullable GateSignal currentSignal() {
    Attempt attempt = attempt();
    GateSignal newest = signal;
    return attempt != null && newest != null && newest.attempt() == attempt.number()
        ? newest
        : null;
  }
}
