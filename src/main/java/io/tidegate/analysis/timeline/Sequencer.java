package io.tidegate.analysis.timeline;

import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;

/**
 * Gives rollout events, read in partition order, the instant at which they take effect (design:
 * "Time and determinism").
 */
public final class Sequencer {

  private long frontierMs = Long.MIN_VALUE;
  private long sequence;

  public Sequencer() {}

  /** Continues after a restart. */
  public Sequencer(long frontierMs, long sequence) {
    this.frontierMs = frontierMs;
    this.sequence = sequence;
  }

  public ControlEvent next(RolloutEvent event) {
    if (event.kind() == RolloutEvent.Kind.TICK) {
      frontierMs = Math.max(frontierMs, event.eventTimeMs());
      return new ControlEvent(sequence++, frontierMs, false, event);
    }
    boolean late = event.eventTimeMs() < frontierMs;
    return new ControlEvent(sequence++, Math.max(event.eventTimeMs(), frontierMs), late, event);
  }

  /** Largest TICK so far; everything before it is known. */
  public long frontierMs() {
    return frontierMs;
  }

  public long sequence() {
    return sequence;
  }
}
