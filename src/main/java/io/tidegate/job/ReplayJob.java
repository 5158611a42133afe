package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.codec.GateRows;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.SignalArchive;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.pipeline.EventPoints;
import io.tidegate.pipeline.GatePipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The {@code gate} job over history: recomputes every boundary of rollouts from pinned snapshots in
 * batch mode, compares with the archive and appends what differs. Argument: {@code --config FILE}.
 */
public final class ReplayJob {

  private ReplayJob() {}

  public static void main(String[] args) throws Exception {
    run(JobArguments.config(args), new TreeSet<>(), true);
  }

  /**
   * Replays and compares. Throws a UserError for an unknown rollout.
   *
   * @param rolloutIds rollouts wanted; empty for all
   * @param append whether what differs is appended to the tables
   */
  public static List<ReplayOutcome> run(
      TidegateConfig config, Set<String> rolloutIds, boolean append) throws Exception {
    Long snapshot = IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS);
    List<RolloutEvent> events =
        ArchivedRollouts.read(IcebergTables.load(config, Tables.ROLLOUT_EVENTS), snapshot);
    Map<String, Timeline> timelines = timelines(events, rolloutIds);
    Comparison comparison =
        new Comparison(SignalArchive.read(config.catalog(), timelines.keySet()));
    try (CloseableIterator<Evaluation> evaluations =
        evaluations(config, events, timelines).executeAndCollect("tidegate-replay")) {
      evaluations.forEachRemaining(
          e -> {
            if (timelines.containsKey(e.signal().rolloutId())) {
              comparison.take(e);
            }
          });
    }
    if (append && !comparison.revisions().isEmpty()) {
      append(
          config,
          comparison.revisions(),
          "replay-" + IcebergTables.newestSnapshot(config, Tables.OUTCOMES));
    }
    return timelines.keySet().stream().map(comparison::outcome).toList();
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
    Set<String> unknown = new TreeSet<>(wanted);
    unknown.removeAll(timelines.keySet());
    if (!unknown.isEmpty()) {
      throw new UserError(
          "",
          "rollout",
          String.join(", ", unknown),
          "an archived rollout: " + String.join(", ", byRollout.keySet()));
    }
    return timelines;
  }

  private static DataStream<Evaluation> evaluations(
      TidegateConfig config, List<RolloutEvent> events, Map<String, Timeline> timelines) {
    Set<String> flags = new TreeSet<>();
    Set<String> outcomes = new TreeSet<>();
    long from = Long.MAX_VALUE;
    for (Timeline timeline : timelines.values()) {
      for (Attempt attempt : timeline.attempts()) {
        RolloutSpec spec = attempt.definition().spec();
        flags.add(spec.flag().key());
        outcomes.addAll(spec.outcomeNames());
        from = Math.min(from, attempt.startMs());
      }
    }
    if (flags.isEmpty()) {
      throw new UserError(
          "", "rollout", String.join(", ", timelines.keySet()), "a rollout that entered a stage");
    }
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    Expression since =
        Expressions.greaterThanOrEqual("event_time", Math.multiplyExact(from, 1000L));
    DataStream<Point> points =
        EventPoints.of(
                exposures(env, config, Expressions.and(since, Expressions.in("flag_key", flags))),
                outcomes(
                    env, config, Expressions.and(since, Expressions.in("outcome_name", outcomes))),
                "replay")
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

  private static DataStream<ReceivedExposure> exposures(
      StreamExecutionEnvironment env, TidegateConfig config, Expression wanted) {
    return read(
        env,
        config,
        Tables.EXPOSURES,
        InputRows::exposure,
        TypeInformation.of(ReceivedExposure.class),
        wanted);
  }

  private static DataStream<ReceivedOutcome> outcomes(
      StreamExecutionEnvironment env, TidegateConfig config, Expression wanted) {
    return read(
        env,
        config,
        Tables.OUTCOMES,
        InputRows::outcome,
        TypeInformation.of(ReceivedOutcome.class),
        wanted);
  }

  private static <T> DataStream<T> read(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      String table,
      IcebergTables.FromRow<T> fromRow,
      TypeInformation<T> type,
      Expression wanted) {
    String uid = "replay/" + table;
    return env.fromSource(
            IcebergTables.bounded(
                config,
                table,
                IcebergTables.newestSnapshot(config, table),
                fromRow,
                type,
                List.of(wanted)),
            WatermarkStrategy.noWatermarks(),
            uid,
            type)
        .uid(uid);
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
