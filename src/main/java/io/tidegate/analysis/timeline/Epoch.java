package io.tidegate.analysis.timeline;

import io.tidegate.model.Stage;

/**
 * The time a stage was in force.
 *
 * @param index position of the stage in the spec
 * @param leftMs {@link Long#MAX_VALUE} while it is in force
 * @param control whether it has a concurrent control
 */
public record Epoch(int index, Stage stage, long enteredMs, long leftMs, boolean control) {

  public boolean contains(long timeMs) {
    return timeMs >= enteredMs && timeMs < leftMs;
  }

  /** Whether a {@code ramped} stage is still reaching the servers. */
  public boolean settling(long timeMs) {
    return timeMs >= enteredMs && timeMs < enteredMs + stage.settle().toMillis();
  }
}
