package io.tidegate.simulate;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way.
 *
 * @param order breaks ties between equal arrivals
 * @param content made when it arrives, since a flag answers by the stage then in force; null where
 *     there is nothing to send
 */
record Pending(long arrivalMs, long order, Fault fault, Supplier<@Nullable Arrival> content) {

  /** What is wrong with it. */
  enum Fault {
    NONE,
    DUPLICATE,
    DISORDER,
    LATE,
    MALFORMED,
    ABSURD,
    OVERSIZED
  }

  @Nullable Arrival resolve() {
    return content.get();
  }
}
