package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.codec.GateMessages;
import io.tidegate.connector.EventsConfig;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.KafkaSinks;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.SentSignals;
import io.tidegate.connector.TickClock;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Evaluation;
import io.tidegate.model.LateEvent;
import io.tidegate.model.OutRecord;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.RolloutEvent;
import io.tidegate.pipeline.Bootstrap;
import io.tidegate.pipeline.EventPoints;
import io.tidegate.pipeline.GatePipeline;
import java.util.HexFormat;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * The {@code gate} job: events and rollout events from the tables and then from Kafka, signals to
 * Kafka. Argument: {@code --config FILE}.
 */
public final class GateJob {

  public static final String NAME = "gate";

  private GateJob() {}

  public static void main(String[] args) throws Exception {
    TidegateConfig config = JobArguments.config(args);
    KafkaTopics.require(config.kafka());
    environment(config).execute("tidegate-" + NAME);
  }

  /**
   * The job, ready to be executed. Throws a UserError where broker or catalog is unreachable, or
   * records that the tables do not hold are no longer in their topic.
   */
  public static StreamExecutionEnvironment environment(TidegateConfig config) {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    return environment(env, config, GateHistory.plan(env, config));
  }

  static StreamExecutionEnvironment environment(
      StreamExecutionEnvironment env, TidegateConfig config, GateHistory history) {
    GatePipeline.Streams out =
        GatePipeline.build(
            events(env, config, history),
            rollouts(env, config, history),
            Definitions.READER,
            GatePipeline.DEFAULT_HORIZON_SLICES,
            false);
    Topics topics = config.kafka().topics();
    GateMessages messages =
        new GateMessages(
            topics.gateSignals(),
            topics.gateVerdicts(),
            topics.gateEvidence(),
            topics.lateEvents());
    KafkaSinks.write(
        signals(out.evaluations(), messages, history.sent())
            .union(late(out.beyondHorizon(), messages)),
        config,
        NAME,
        "gate/kafka",
        guarantee(config.gate().signals()));
    if (config.events().clock() == EventsConfig.Clock.WALL && !config.runtime().bounded()) {
      TickClock.write(env, config, "gate/ticks");
    }
    return env;
  }

  private static DataStream<Point> events(
      StreamExecutionEnvironment env, TidegateConfig config, GateHistory history) {
    DataStream<Point> live =
        EventPoints.live(
            KafkaInputs.exposures(env, config, NAME, history.start()),
            KafkaInputs.outcomes(env, config, NAME, history.start()),
            NAME);
    return history.fromTables()
        ? live.union(
            HistoryPoints.inTimeOrder(
                env,
                config,
                history.pinned(),
                history.attempts(),
                history.knownUntilMs(),
                "gate/history"))
        : live;
  }

  private static DeliveryGuarantee guarantee(GateConfig.Delivery signals) {
    return switch (signals) {
      case EXACTLY_ONCE -> DeliveryGuarantee.EXACTLY_ONCE;
      case AT_LEAST_ONCE -> DeliveryGuarantee.AT_LEAST_ONCE;
    };
  }

  private static DataStream<RolloutEvent> rollouts(
      StreamExecutionEnvironment env, TidegateConfig config, GateHistory history) {
    DataStream<RolloutEvent> live =
        KafkaInputs.rollouts(env, config, NAME, history.start())
            .filter(in -> in.refused() == null)
            .name("gate/usable-rollouts")
            .uid("gate/usable-rollouts")
            .forceNonParallel()
            .map(ReceivedRolloutEvent::usable, TypeInformation.of(RolloutEvent.class))
            .name("gate/rollout-events")
            .uid("gate/rollout-events")
            .forceNonParallel();
    return history.fromTables() ? Bootstrap.rollouts(history.rollouts(), live) : live;
  }

  private static DataStream<OutRecord> signals(
      DataStream<Evaluation> evaluations, GateMessages messages, SentSignals sent) {
    return evaluations
        .flatMap(
            (Evaluation evaluation, Collector<OutRecord> to) -> {
              if (!sent.contains(evaluation.signal())) {
                messages.of(evaluation).forEach(to::collect);
              }
            },
            TypeInformation.of(OutRecord.class))
        .name("gate/signals")
        .uid("gate/signals");
  }

  private static DataStream<OutRecord> late(DataStream<Point> points, GateMessages messages) {
    return points
        .map(
            p ->
                messages.of(
                    new LateEvent(
                        HexFormat.of().toHexDigits(p.idHash),
                        HexFormat.of().toHexDigits(p.unitKey),
                        p.exposure,
                        p.name,
                        p.timeMs,
                        p.arrivalMs)),
            TypeInformation.of(OutRecord.class))
        .name("gate/late-events")
        .uid("gate/late-events");
  }
}
