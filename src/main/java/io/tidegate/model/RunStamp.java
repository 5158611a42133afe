package io.tidegate.model;

import java.io.Serializable;

/**
 * Which run of a batch job made a row, and from which data; two runs over the same snapshots with
 * the same definitions have the same {@code runId}.
 *
 * @param revision 1 for a rollout's first run; the newest revision is the one to read
 * @param dataEndMs instant before which everything is known: the last TICK
 * @param exposuresSnapshotId snapshot read of table {@code exposures}; 0 where it was empty
 * @param outcomesSnapshotId snapshot read of table {@code outcomes}
 * @param rolloutEventsSnapshotId snapshot read of table {@code rollout_events}
 */
public record RunStamp(
    String runId,
    int revision,
    long dataEndMs,
    long exposuresSnapshotId,
    long outcomesSnapshotId,
    long rolloutEventsSnapshotId)
    implements Serializable {}
