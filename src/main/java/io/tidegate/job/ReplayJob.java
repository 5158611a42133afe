package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.gate.Revision;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.codec.GateRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedDecisions;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.SignalArchive;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.ReplayedDecision;
import io.tidegate.model.ReplayedDecision.Decided;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import io.tidegate.pipeline.GatePipeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * The {@code gate} job over history: recomputes every boundary of rollouts from pinned snapshots in
 * batch mode, compares with the archive and appends what differs. Argument: {@code --config FILE}.
 */
public final class ReplayJob {

  private ReplayJob() {}

  public static void main(String[] args) throws Exception {
    run(JobArguments.config(args), new TreeSet<>(), true, note -> {});
  }

  /**
   * Replays and compares, as far as the archive has read the events. Throws a UserError for an
   * unknown rollout.
   *
   * @param rolloutIds rollouts wanted; empty for all
   * @param append whether what differs is appended to the tables
   * @param notes what a person should know of the history read
   */
  public static List<ReplayOutcome> run(
      TidegateConfig config, Set<String> rolloutIds, boolean append, Consumer<String> notes)
      throws Exception {
    PinnedHistory history = PinnedHistory.newest(config);
    if (!history.note().isEmpty()) {
      notes.accept(history.note());
    }
    Snapshots pinned = history.pinned();
    List<RolloutEvent> events = history.rollouts();
    Map<String, Timeline> timelines = timelines(events, rolloutIds);
    Comparison comparison =
        new Comparison(SignalArchive.read(config.catalog(), timelines.keySet()));
    try (CloseableIterator<Evaluation> evaluations =
        evaluations(config, pinned, events, timelines).executeAndCollect("tidegate-replay")) {
      evaluations.forEachRemaining(
          e -> {
            Timeline timeline = timelines.get(e.signal().rolloutId());
            if (timeline != null) {
              comparison.take(e, timeline);
            }
          });
    }
    if (append && !comparison.revisions().isEmpty()) {
      append(config, comparison.revisions(), RunIds.ofReplay(pinned));
    }
    return timelines.keySet().stream().map(comparison::outcome).toList();
  }

  /**
   * Recomputes one decision of the gate from the newest snapshots. Throws a UserError where there
   * is no such decision, or the archive has not read the events up to it.
   *
   * @param id of a verdict in {@code decision_log}, or of a signal
   */
  public static ReplayedDecision decision(TidegateConfig config, String id, Consumer<String> notes)
      throws Exception {
    Decided decided = ArchivedDecisions.find(config, id);
    PinnedHistory history = PinnedHistory.newest(config);
    if (history.completeMs() <= decided.boundaryMs()) {
      throw new UserError(
          "", "archive", history.note(), "every event before " + at(decided.boundaryMs()));
    }
    if (!history.note().isEmpty()) {
      notes.accept(history.note());
    }
    // A boundary is judged once a tick is past it.
    List<RolloutEvent> events = PinnedHistory.until(history.rollouts(), decided.boundaryMs() + 1);
    Map<String, Timeline> timelines = timelines(events, Set.of(decided.rolloutId()));
    SignalArchive sent = SignalArchive.read(config.catalog(), timelines.keySet());
    Verdict verdict = null;
    String hash = "";
    try (CloseableIterator<Evaluation> evaluations =
        evaluations(config, history.pinned(), events, timelines)
            .executeAndCollect("tidegate-replay-decision")) {
      while (evaluations.hasNext()) {
        GateSignal signal = evaluations.next().signal();
        if (signal.rolloutId().equals(decided.rolloutId())
            && signal.attempt() == decided.attempt()
            && signal.epoch() == decided.epoch()
            && signal.boundaryMs() == decided.boundaryMs()) {
          verdict = verdict(signal, sent, timelines);
          hash = signal.dataHash();
        }
      }
    }
    return new ReplayedDecision(
        decided,
        verdict,
        hash,
        Snapshots.orZero(history.pinned().exposures()),
        Snapshots.orZero(history.pinned().outcomes()),
        Snapshots.orZero(history.pinned().rolloutEvents()));
  }

  private static Verdict verdict(
      GateSignal recomputed, SignalArchive archive, Map<String, Timeline> timelines) {
    GateSignal sent = archive.of(recomputed);
    Timeline timeline = timelines.get(recomputed.rolloutId());
    return sent == null || timeline == null
        ? recomputed.verdict()
        : Revision.verdict(recomputed, sent, timeline);
  }

  private static Instant at(long timeMs) {
    return Instant.ofEpochMilli(timeMs);
  }

  private static Map<String, Timeline> timelines(List<RolloutEvent> events, Set<String> wanted) {
    Sequencer sequencer = new Sequencer();
    Map<String, List<ControlEvent>> byRollout = new TreeMap<>();
    for (RolloutEvent event : events) {
      ControlEvent control = sequencer.next(event);
      if (!control.isTick()) {
        byRollout.computeIfAbsent(event.rolloutId(), id -> new ArrayList<>()).add(control);
      }
    }
    Map<String, Timeline> timelines = new TreeMap<>();
    byRollout.forEach(
        (id, controls) -> {
          if (wanted.isEmpty() || wanted.contains(id)) {
            timelines.put(id, Timeline.of(id, controls, Definitions.READER));
          }
        });
    WantedRollouts.check(wanted, byRollout.keySet(), "an archived rollout");
    return timelines;
  }

  private static DataStream<Evaluation> evaluations(
      TidegateConfig config,
      Snapshots pinned,
      List<RolloutEvent> events,
      Map<String, Timeline> timelines) {
    List<Attempt> attempts =
        timelines.values().stream().flatMap(t -> t.attempts().stream()).toList();
    if (attempts.isEmpty()) {
      throw new UserError(
          "", "rollout", String.join(", ", timelines.keySet()), "a rollout that entered a stage");
    }
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    DataStream<Point> points =
        HistoryPoints.of(env, config, pinned, attempts, "replay")
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Point>noWatermarks().withTimestampAssigner((p, t) -> p.timeMs))
            .name("replay/event-time")
            .uid("replay/event-time");
    DataStream<RolloutEvent> rollouts =
        env.fromData(events, TypeInformation.of(RolloutEvent.class))
            .name("replay/rollouts")
            .uid("replay/rollouts");
    return GatePipeline.build(
            points, rollouts, Definitions.READER, GatePipeline.DEFAULT_HORIZON_SLICES, true)
        .evaluations();
  }

  private static void append(TidegateConfig config, List<Evaluation> revisions, String runId)
      throws Exception {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    IcebergTables.append(
        env.fromData(
                revisions.stream().map(Evaluation::signal).toList(),
                TypeInformation.of(GateSignal.class))
            .uid("replay/revised-signals"),
        config,
        Tables.GATE_SIGNALS,
        s -> GateRows.signal(s, null, runId),
        "replay/gate-signals");
    List<Evaluation> full = revisions.stream().filter(e -> !e.estimates().isEmpty()).toList();
    if (!full.isEmpty()) {
      IcebergTables.append(
          env.fromData(full, TypeInformation.of(Evaluation.class))
              .uid("replay/revised-evaluations")
              .<Row>flatMap(
                  (e, to) ->
                      e.estimates().forEach(x -> to.collect(new Row(e.signal().signalId(), x))),
                  TypeInformation.of(Row.class))
              .uid("replay/revised-estimates"),
          config,
          Tables.STAGE_ESTIMATES,
          row -> GateRows.estimate(row.estimate(), row.signalId(), null, runId),
          "replay/stage-estimates");
    }
    env.execute("tidegate-replay-append");
  }

  /** An estimate on its way to the table. */
  public record Row(String signalId, Estimate estimate) {}
}
