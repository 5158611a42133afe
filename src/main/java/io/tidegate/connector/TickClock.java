package io.tidegate.connector;

import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.OutRecord;
import io.tidegate.model.RolloutEvent;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The wall clock as events: one TICK a second on topic {@code rollouts}, behind by the out-of-order
 * bound.
 */
public final class TickClock {

  private TickClock() {}

  /**
   * Adds the clock to a job.
   *
   * @param uid uid of the source; the sink's is derived
   */
  public static void write(StreamExecutionEnvironment env, TidegateConfig config, String uid) {
    String topic = config.kafka().topics().rollouts();
    long behindMs = config.events().outOfOrderMs();
    GeneratorFunction<Long, OutRecord> tick =
        second -> tick(topic, System.currentTimeMillis(), behindMs);
    DataGeneratorSource<OutRecord> source =
        new DataGeneratorSource<>(
            tick,
            Long.MAX_VALUE,
            RateLimiterStrategy.perSecond(1),
            TypeInformation.of(OutRecord.class));
    DataStream<OutRecord> ticks =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), uid).uid(uid).setParallelism(1);
    KafkaSinks.write(ticks, config, "gate-ticks", uid + "-kafka", DeliveryGuarantee.AT_LEAST_ONCE);
  }

  static OutRecord tick(String topic, long nowMs, long behindMs) {
    RolloutEvent event = RolloutEvent.tick("tick-" + nowMs, nowMs - behindMs);
    return new OutRecord(topic, "", Map.of(), RolloutEventCodec.encode(event), nowMs);
  }
}
