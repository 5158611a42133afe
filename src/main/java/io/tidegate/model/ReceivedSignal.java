package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** A record of the gate's signals; exactly one of {@code signal} and {@code refused} is there. */
public record ReceivedSignal(
    Origin origin, @Nullable GateSignal signal, @Nullable DeadLetter refused) implements Received {

  public ReceivedSignal {
    if ((signal == null) == (refused == null)) {
      throw new IllegalArgumentException("either signal or refused, at " + origin);
    }
  }

  /** What came; throws IllegalStateException for a dead letter. */
  public GateSignal usable() {
    if (signal == null) {
      throw new IllegalStateException("a dead letter at " + origin);
    }
    return signal;
  }
}
