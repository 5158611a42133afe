package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.codec.GateRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.History;
import io.tidegate.connector.SignalArchive;
import io.tidegate.connector.TableAppend;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.operator.DataTypeInfo;
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

/**
 * The {@code gate} job over history: recomputes every boundary of rollouts from pinned snapshots in batch mode, compares with the
 * archive and appends what differs. Arguments: {@code --config FILE}, {@code --rollout ID} as often as wanted (default: all).
 */
public final class ReplayJob {

  private ReplayJob() {}

  public static void main(String[] args) throws Exception {
    JobArguments arguments = JobArguments.parse(args, "rollout");
    run(TidegateConfig.load(arguments.config()), new TreeSet<>(arguments.all("rollout")), true);
  }

  /**
   * Replays and compares. Throws a UserError for an unknown rollout.
   *
   * @param rolloutIds rollouts wanted; empty for all
   * @param append whether what differs is appended to the tables
   */
  public static List<ReplayOutcome> run(TidegateConfig config, Set<String> rolloutIds, boolean append)
      throws Exception {
    History history = History.pin(config.catalog());
    List<RolloutEvent> events = history.rolloutEvents();
    Map<String, Timeline> timelines = timelines(events, rolloutIds);
    Comparison comparison =
        new Comparison(SignalArchive.read(config.catalog(), timelines.keySet()));
    try (CloseableIterator<Evaluation> evaluations =
        evaluations(config, history, events, timelines).executeAndCollect("tidegate-replay")) {
      evaluations.forEachRemaining(
          e -> {
            if (timelines.containsKey(e.signal().rolloutId())) {
              comparison.take(e);
            }
          });
    }
    if (append && !comparison.revisions().isEmpty()) {
      append(config, comparison.revisions(), "replay-" + history.snapshotId(Tables.OUTCOMES));
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
          "", "rollout", String.join(", ", unknown), "an archived rollout: " + String.join(", ", byRollout.keySet()));
    }
    return timelines;
  }

  private static DataStream<Evaluation> evaluations(
      TidegateConfig config, History history, List<RolloutEvent> events, Map<String, Timeline> timelines) {
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
      throw new UserError("", "rollout", String.join(", ", timelines.keySet()), "a rollout that entered a stage");
    }
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    long to = Long.MAX_VALUE / 1000 - 1;
    DataStream<Point> exposures =
        history
            .exposures(env, flags, from, to, "replay/exposures")
            .map((Exposure e) -> Points.of(e), DataTypeInfo.POINT)
            .name("replay/exposure-points")
            .uid("replay/exposure-points");
    DataStream<Point> points =
        exposures
            .union(
                history
                    .outcomes(env, outcomes, from, to, "replay/outcomes")
                    .map((Outcome o) -> Points.of(o), DataTypeInfo.POINT)
                    .name("replay/outcome-points")
                    .uid("replay/outcome-points"))
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Point>noWatermarks().withTimestampAssigner((p, t) -> p.timeMs))
            .name("replay/event-time")
            .uid("replay/event-time");
    DataStream<RolloutEvent> rollouts =
        env.fromData(events, TypeInformation.of(RolloutEvent.class)).name("replay/rollouts").uid("replay/rollouts");
    return GatePipeline.build(points, rollouts, Definitions.READER, GatePipeline.DEFAULT_HORIZON_SLICES, true)
        .evaluations();
  }

  private static void append(TidegateConfig config, List<Evaluation> revisions, String runId) throws Exception {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    TableAppend.add(
        env.fromData(revisions.stream().map(Evaluation::signal).toList(), TypeInformation.of(GateSignal.class))
            .uid("replay/revised-signals"),
        s -> GateRows.signal(s, null, runId),
        config.catalog(),
        Tables.of(Tables.GATE_SIGNALS),
        "replay/gate-signals");
    List<Evaluation> full = revisions.stream().filter(e -> !e.estimates().isEmpty()).toList();
    if (!full.isEmpty()) {
      TableAppend.add(
          env.fromData(full, TypeInformation.of(Evaluation.class))
              .uid("replay/revised-evaluations")
              .<Row>flatMap(
                  (e, to) -> e.estimates().forEach(x -> to.collect(new Row(e.signal().signalId(), x))),
                  TypeInformation.of(Row.class))
              .uid("replay/revised-estimates"),
          row -> GateRows.estimate(row.estimate(), row.signalId(), null, runId),
          config.catalog(),
          Tables.of(Tables.STAGE_ESTIMATES),
          "replay/stage-estimates");
    }
    env.execute("tidegate-replay-append");
  }

  /** An estimate on its way to the table. */
  public record Row(String signalId, Estimate estimate) {}
}
