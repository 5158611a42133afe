package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of its kind; at most one of {@code exposure} and {@code refused} is there.
 */
public record ReceivedExposure(
    Origin origin, @Nullable Exposure exposure, @Nullable DeadLetter refused) implements Received {

  public ReceivedExposure {
    if (exposure != null && refused != null) {
      throw new IllegalArgumentException("either exposure or refused, at " + origin);
    }
  }

  @Override
  public boolean unrelated() {
    return exposure == null && refused == null;
  }

  /** What came; throws IllegalStateException where it is nothing usable. */
  public Exposure usable() {
    if (exposure == null) {
      throw new IllegalStateException("nothing usable at " + origin);
    }
    return exposure;
  }
}
