package io.tidegate.cli;

import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * When a stage is entered.
 *
 * @param atMs epoch milliseconds
 */
record StageEntry(String stage, long atMs) {

  /** The first stage at an instant, each other after the minimum duration of the one before. */
  static List<StageEntry> byMinimumDurations(RolloutSpec spec, long firstMs) {
    List<StageEntry> entries = new ArrayList<>();
    long atMs = firstMs;
    for (Stage stage : spec.stages()) {
      entries.add(new StageEntry(stage.name(), atMs));
      atMs += stage.minDuration().toMillis();
    }
    return entries;
  }
}
