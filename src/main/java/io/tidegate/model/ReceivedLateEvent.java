package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record of the late events; exactly one of {@code late} and {@code refused} is there. */
public record ReceivedLateEvent(
    Origin origin, @Nullable LateEvent late, @Nullable DeadLetter refused) implements Received {

  public ReceivedLateEvent {
    if ((late == null) == (refused == null)) {
      throw new IllegalArgumentException("either late or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public LateEvent usable() {
    if (late == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return late;
  }
}
