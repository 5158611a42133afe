package io.tidegate.job;

import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import org.jspecify.annotations.Nullable;

/**
 * The history that a batch job reads, pinned; null where a table is empty.
 *
 * @param rolloutEvents pinned first, the others as far as its checkpoint, so that the clock read
 *     does not run ahead of the events that the archive committed with it
 */
record Snapshots(@Nullable Long rolloutEvents, @Nullable Long exposures, @Nullable Long outcomes) {

  static final Snapshots EMPTY = new Snapshots(null, null, null);

  /** How tables name a snapshot that there may not be. */
  static long orZero(@Nullable Long snapshotId) {
    return snapshotId == null ? 0 : snapshotId;
  }

  static Snapshots newest(TidegateConfig config) {
    Long rolloutEvents = IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS);
    return new Snapshots(
        rolloutEvents,
        IcebergTables.newestSnapshotAsFarAs(
            config, Tables.EXPOSURES, Tables.ROLLOUT_EVENTS, rolloutEvents),
        IcebergTables.newestSnapshotAsFarAs(
            config, Tables.OUTCOMES, Tables.ROLLOUT_EVENTS, rolloutEvents));
  }
}
