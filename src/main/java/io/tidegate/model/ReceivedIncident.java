package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record of the incidents; exactly one of {@code incident} and {@code refused} is there. */
public record ReceivedIncident(
    Origin origin, @Nullable Incident incident, @Nullable DeadLetter refused) implements Received {

  public ReceivedIncident {
    if ((incident == null) == (refused == null)) {
      throw new IllegalArgumentException("either an incident or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public Incident usable() {
    if (incident == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return incident;
  }
}
