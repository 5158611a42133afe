package io.tidegate.cli.bench;

import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.KafkaSinks;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.OutRecord;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Another way to the same totals in Flink: sources, decoder, clock and sink are the gate's. */
abstract class FlinkRival implements Engine {

  private final URI cluster;

  FlinkRival(URI cluster) {
    this.cluster = cluster;
  }

  /**
   * Its graph, from the sources to messages of {@link #message}.
   *
   * @param topic where they go
   */
  abstract DataStream<OutRecord> results(
      StreamExecutionEnvironment env, TidegateConfig config, String topic);

  /** The totals known of a variant after one more message about it. */
  abstract Totals after(Totals before, Totals message);

  @Override
  public final Run run(World.Written world) throws Exception {
    TidegateConfig config =
        world
            .config()
            .withRuntime(
                world.config().runtime().withFlink(Map.of("pipeline.auto-generate-uids", "true")));
    // A rival writes where the gate writes its signals' evidence.
    String topic = config.kafka().topics().gateEvidence();
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    KafkaSinks.write(results(env, config, topic), config, name(), name() + "/kafka");
    Map<String, Totals> found = new TreeMap<>();
    FlinkRun.Done done =
        new FlinkRun(cluster, config.kafka(), List.of(topic))
            .execute(
                env,
                name(),
                record ->
                    found.merge(
                        text(record.key()), Totals.decode(text(record.value())), this::after));
    return new Run(done.lap(), found, done.stateBytes());
  }

  static OutRecord message(String topic, String key, Totals totals) {
    return new OutRecord(
        topic, key, new TreeMap<>(), totals.encode().getBytes(StandardCharsets.UTF_8), -1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
