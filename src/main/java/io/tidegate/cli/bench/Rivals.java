package io.tidegate.cli.bench;

import io.tidegate.connector.EventWatermarks;
import io.tidegate.connector.KafkaSources;
import io.tidegate.connector.RecordDecoder;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.OutRecord;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the rivals share with each other and with the gate: sources, decoder, clock and sink. */
final class Rivals {

  private Rivals() {}

  /** The world's settings; what a rival's own graph needs is allowed. */
  static TidegateConfig config(TidegateConfig world) {
    RuntimeConfig runtime = world.runtime();
    Map<String, String> flink = new HashMap<>(runtime.flink());
    flink.put("pipeline.auto-generate-uids", "true");
    return world.withRuntime(
        new RuntimeConfig(
            runtime.bounded(), runtime.parallelism(), runtime.checkpointIntervalMs(), flink));
  }

  static DataStream<ReceivedExposure> exposures(
      StreamExecutionEnvironment env, TidegateConfig config) {
    return env.fromSource(
        KafkaSources.of(
            config,
            "bench",
            config.kafka().topics().exposures(),
            RecordDecoder.exposures(config),
            Map.of()),
        EventWatermarks.of(
            config.events(),
            in -> in.exposure() == null ? Long.MIN_VALUE : in.exposure().eventTimeMs()),
        "exposures");
  }

  static DataStream<ReceivedOutcome> outcomes(
      StreamExecutionEnvironment env, TidegateConfig config) {
    return env.fromSource(
        KafkaSources.of(
            config,
            "bench",
            config.kafka().topics().outcomes(),
            RecordDecoder.outcomes(config),
            Map.of()),
        EventWatermarks.of(
            config.events(),
            in -> in.outcome() == null ? Long.MIN_VALUE : in.outcome().eventTimeMs()),
        "outcomes");
  }

  /** A rival writes where the gate writes its signals' evidence. */
  static String results(TidegateConfig config) {
    return config.kafka().topics().gateEvidence();
  }

  static OutRecord result(String topic, String key, Totals totals) {
    return new OutRecord(
        topic, key, new TreeMap<>(), totals.encode().getBytes(StandardCharsets.UTF_8), -1);
  }

  static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  static Totals totals(ConsumerRecord<byte[], byte[]> record) {
    return Totals.decode(new String(record.value(), StandardCharsets.UTF_8));
  }
}
