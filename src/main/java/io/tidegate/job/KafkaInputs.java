package io.tidegate.job;

import io.tidegate.connector.EventWatermarks;
import io.tidegate.connector.KafkaSources;
import io.tidegate.connector.RecordDecoder;
import io.tidegate.connector.StartOffsets;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The input topics as streams, from given offsets or their beginning, with event-time watermarks
 * where time is read from them.
 */
public final class KafkaInputs {

  private KafkaInputs() {}

  public static DataStream<ReceivedExposure> exposures(
      StreamExecutionEnvironment env, TidegateConfig config, String job, StartOffsets start) {
    String uid = job + "/exposures";
    return env.fromSource(
            KafkaSources.withoutGaps(
                config,
                job,
                config.kafka().topics().exposures(),
                RecordDecoder.exposures(config),
                start),
            EventWatermarks.of(
                config.events(),
                in -> in.exposure() == null ? Long.MIN_VALUE : in.exposure().eventTimeMs()),
            uid)
        .uid(uid);
  }

  public static DataStream<ReceivedOutcome> outcomes(
      StreamExecutionEnvironment env, TidegateConfig config, String job, StartOffsets start) {
    String uid = job + "/outcomes";
    return env.fromSource(
            KafkaSources.withoutGaps(
                config,
                job,
                config.kafka().topics().outcomes(),
                RecordDecoder.outcomes(config),
                start),
            EventWatermarks.of(
                config.events(),
                in -> in.outcome() == null ? Long.MIN_VALUE : in.outcome().eventTimeMs()),
            uid)
        .uid(uid);
  }

  /** One partition, in order; its time is made of TICKs downstream. */
  static DataStream<ReceivedRolloutEvent> rollouts(
      StreamExecutionEnvironment env, TidegateConfig config, String job, StartOffsets start) {
    String uid = job + "/rollouts";
    return env.fromSource(
            KafkaSources.withoutGaps(
                config,
                job,
                config.kafka().topics().rollouts(),
                RecordDecoder.rollouts(config),
                start),
            WatermarkStrategy.noWatermarks(),
            uid)
        .uid(uid)
        .setParallelism(1);
  }
}
