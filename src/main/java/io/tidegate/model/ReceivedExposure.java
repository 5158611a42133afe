package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of its kind; exactly one of {@code exposure} and {@code refused} is there.
 */
public record ReceivedExposure(
    Origin origin, @Nullable Exposure exposure, @Nullable DeadLetter refused) implements Received {

  public ReceivedExposure {
    if ((exposure == null) == (refused == null)) {
      throw new IllegalArgumentException("either exposure or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public Exposure usable() {
    if (exposure == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return exposure;
  }
}
