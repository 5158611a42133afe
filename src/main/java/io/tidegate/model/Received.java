package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record as it came from Kafka: something usable, a dead letter, or of another stream. */
public interface Received {

  Origin origin();

  /** Why it cannot be used; null where it can. */
  @Nullable DeadLetter refused();

  /** Whether it holds nothing of this stream; only where a reader wants to hear of such records. */
  default boolean unrelated() {
    return false;
  }
}
