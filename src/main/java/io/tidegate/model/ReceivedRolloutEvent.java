package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record of the topic of its kind; exactly one of {@code event} and {@code refused} is there. */
public record ReceivedRolloutEvent(
    Origin origin, @Nullable RolloutEvent event, @Nullable DeadLetter refused) implements Received {

  public ReceivedRolloutEvent {
    if ((event == null) == (refused == null)) {
      throw new IllegalArgumentException("either event or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public RolloutEvent usable() {
    if (event == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return event;
  }
}
