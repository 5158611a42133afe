package io.tidegate.job;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.SentSignals;
import io.tidegate.connector.StartOffsets;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicStarts;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * What a gate without state takes from the tables before it goes on with the topics, settled when
 * the graph is built.
 *
 * @param fromTables whether tables are read at all
 * @param pinned the snapshots read
 * @param rollouts archived rollout events in the order of their partition
 * @param start per partition the first offset that the tables do not hold, or what state says
 * @param sent the signals that need not be sent again
 */
record GateHistory(
    boolean fromTables,
    Snapshots pinned,
    List<RolloutEvent> rollouts,
    StartOffsets start,
    SentSignals sent) {

  /** The topics alone. */
  static final GateHistory NONE =
      new GateHistory(
          false, Snapshots.EMPTY, List.of(), StartOffsets.of(Map.of()), SentSignals.NONE);

  GateHistory {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * Steps that read tables, so that state finds them, but nothing to read beyond what the state
   * names.
   */
  static GateHistory restored(SentSignals sent) {
    return new GateHistory(true, Snapshots.EMPTY, List.of(), StartOffsets.ofState(), sent);
  }

  /**
   * Pins the newest snapshots. Throws a UserError where broker or catalog is unreachable, or
   * records are in neither table nor topic.
   */
  static GateHistory plan(StreamExecutionEnvironment env, TidegateConfig config) {
    if (config.gate().bootstrap() == GateConfig.Bootstrap.NONE) {
      return NONE;
    }
    Catalogs.createMissing(config.catalog());
    if (FlinkDefaults.startsFromState(env)) {
      return restored(SentSignals.read(config));
    }
    Snapshots pinned =
        new Snapshots(
            IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS),
            IcebergTables.newestSnapshot(config, Tables.EXPOSURES),
            IcebergTables.newestSnapshot(config, Tables.OUTCOMES));
    Map<String, @Nullable Long> byTable = new HashMap<>();
    byTable.put(Tables.ROLLOUT_EVENTS, pinned.rolloutEvents());
    byTable.put(Tables.EXPOSURES, pinned.exposures());
    byTable.put(Tables.OUTCOMES, pinned.outcomes());
    return new GateHistory(
        true,
        pinned,
        separating(
            ArchivedRollouts.read(
                IcebergTables.load(config, Tables.ROLLOUT_EVENTS), pinned.rolloutEvents())),
        StartOffsets.of(TopicStarts.after(config, byTable)),
        SentSignals.read(config));
  }

  /** Leaves out ticks that another tick follows at once: they separate nothing. */
  private static List<RolloutEvent> separating(List<RolloutEvent> events) {
    List<RolloutEvent> kept = new ArrayList<>();
    for (RolloutEvent event : events) {
      int last = kept.size() - 1;
      if (event.kind() == RolloutEvent.Kind.TICK
          && last >= 0
          && kept.get(last).kind() == RolloutEvent.Kind.TICK) {
        kept.remove(last);
      }
      kept.add(event);
    }
    return kept;
  }

  /** Attempts that the archived events know of. */
  List<Attempt> attempts() {
    return Definitions.timelines(rollouts).values().stream()
        .flatMap(timeline -> timeline.attempts().stream())
        .toList();
  }

  /** What happens to rollouts from here on, epoch milliseconds, the archived events do not know. */
  long knownUntilMs() {
    Sequencer sequencer = new Sequencer();
    rollouts.forEach(sequencer::next);
    return sequencer.frontierMs();
  }
}
