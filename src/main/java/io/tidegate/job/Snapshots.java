package io.tidegate.job;

import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import org.jspecify.annotations.Nullable;

/**
 * The history that a batch job reads, pinned; null where a table is empty.
 *
 * @param rolloutEvents pinned first, so that the clock read never runs ahead of the events
 */
record Snapshots(@Nullable Long rolloutEvents, @Nullable Long exposures, @Nullable Long outcomes) {

  static Snapshots newest(TidegateConfig config) {
    return new Snapshots(
        IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS),
        IcebergTables.newestSnapshot(config, Tables.EXPOSURES),
        IcebergTables.newestSnapshot(config, Tables.OUTCOMES));
  }
}
