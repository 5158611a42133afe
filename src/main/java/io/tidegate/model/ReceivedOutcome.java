package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of its kind; exactly one of {@code outcome} and {@code refused} is there.
 */
public record ReceivedOutcome(
    Origin origin, @Nullable Outcome outcome, @Nullable DeadLetter refused) implements Received {

  public ReceivedOutcome {
    if ((outcome == null) == (refused == null)) {
      throw new IllegalArgumentException("either outcome or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public Outcome usable() {
    if (outcome == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return outcome;
  }
}
