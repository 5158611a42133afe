package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of its kind; at most one of {@code outcome} and {@code refused} is there.
 */
public record ReceivedOutcome(
    Origin origin, @Nullable Outcome outcome, @Nullable DeadLetter refused) implements Received {

  public ReceivedOutcome {
    if (outcome != null && refused != null) {
      throw new IllegalArgumentException("either outcome or refused, at " + origin);
    }
  }

  @Override
  public boolean unrelated() {
    return outcome == null && refused == null;
  }

  /** What came; throws IllegalStateException where it is nothing usable. */
  public Outcome usable() {
    if (outcome == null) {
      throw new IllegalStateException("nothing usable at " + origin);
    }
    return outcome;
  }
}
