package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record as it came from Kafka: either something usable, or a dead letter. */
public interface Received {

  Origin origin();

  /** Why it cannot be used; null where it can. */
  @Nullable DeadLetter refused();
}
