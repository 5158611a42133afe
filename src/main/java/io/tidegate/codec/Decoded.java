package io.tidegate.codec;

import io.tidegate.model.DeadLetterReason;

/** What decoding a record gave: an event, or the reason why there is none. */
public sealed interface Decoded<T> {

  /** A record that holds an event. */
  record Event<T>(T event) implements Decoded<T> {}

  /**
   * A record that cannot be used.
   *
   * @param detail one sentence with the field and what was wrong
   */
  record Unusable<T>(DeadLetterReason reason, String detail) implements Decoded<T> {}
}
