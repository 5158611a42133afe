package io.tidegate.model;

import java.io.Serializable;

/**
 * A rollout event in partition order with the instant it takes effect: its own, or that of the
 * newest TICK before it if that is later.
 *
 * @param sequence position in the partition
 * @param late whether the TICK decided
 */
public record ControlEvent(long sequence, long effectiveMs, boolean late, RolloutEvent event)
    implements Serializable {

  /** Whether it only moves the clock. */
  public boolean isTick() {
    return event.kind() == RolloutEvent.Kind.TICK;
  }

  /** The same event, taking effect at an instant if its own is earlier. */
  public ControlEvent notBefore(long timeMs) {
    return effectiveMs >= timeMs ? this : new ControlEvent(sequence, timeMs, late, event);
  }
}
