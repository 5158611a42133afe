package io.tidegate.job;

import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchiveReach;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history that a batch job reads: pinned snapshots, and the rollout events up to where the
 * pinned events are complete, so that time does not run ahead of an archive that is catching up.
 *
 * @param completeMs events before this instant are all in the snapshots, as far as is known
 * @param note what a person should know of it; empty for nothing
 */
record PinnedHistory(Snapshots pinned, List<RolloutEvent> rollouts, long completeMs, String note) {

  private static final Logger LOG = LoggerFactory.getLogger(PinnedHistory.class);

  PinnedHistory {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * Brings the tables up to date and pins their newest snapshots. Throws a UserError where they
   * hold nothing yet of a partition that has records.
   */
  static PinnedHistory newest(TidegateConfig config) {
    Catalogs.createMissing(config.catalog());
    Snapshots pinned = Snapshots.newest(config);
    List<RolloutEvent> events =
        ArchivedRollouts.read(
            IcebergTables.load(config, Tables.ROLLOUT_EVENTS), pinned.rolloutEvents());
    ArchiveReach reach = ArchiveReach.of(config, pinned.exposures(), pinned.outcomes());
    if (reach.completeMs() == Long.MIN_VALUE) {
      throw new UserError("", "archive", reach.why(), "tables with the beginning of every topic");
    }
    List<RolloutEvent> covered = until(events, reach.completeMs());
    String note = reach.why();
    if (!note.isEmpty()) {
      LOG.warn("{}", note);
    }
    return new PinnedHistory(pinned, covered, reach.completeMs(), note);
  }

  /**
   * The events before the first tick past an instant, then a tick of that instant: what the
   * partition said while time was there.
   */
  static List<RolloutEvent> until(List<RolloutEvent> events, long timeMs) {
    List<RolloutEvent> covered = new ArrayList<>();
    for (RolloutEvent event : events) {
      if (event.kind() == RolloutEvent.Kind.TICK && event.eventTimeMs() > timeMs) {
        covered.add(RolloutEvent.tick("complete", timeMs));
        return covered;
      }
      covered.add(event);
    }
    return covered;
  }
}
