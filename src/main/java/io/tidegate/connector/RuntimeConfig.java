package io.tidegate.connector;

import java.util.HashMap;
import java.util.Map;

/**
 * How a job runs.
 *
 * @param bounded read to the end that the topics have at the start, then finish
 * @param flink Flink settings passed as they are; they win over Tidegate's own defaults
 */
public record RuntimeConfig(
    boolean bounded, int parallelism, long checkpointIntervalMs, Map<String, String> flink) {

  public RuntimeConfig {
    flink = Map.copyOf(flink);
  }

  public RuntimeConfig withBounded(boolean changed) {
    return new RuntimeConfig(changed, parallelism, checkpointIntervalMs, flink);
  }

  public RuntimeConfig withParallelism(int changed) {
    return new RuntimeConfig(bounded, changed, checkpointIntervalMs, flink);
  }

  public RuntimeConfig withCheckpointIntervalMs(long changed) {
    return new RuntimeConfig(bounded, parallelism, changed, flink);
  }

  /** With more Flink settings, which win over those there are. */
  public RuntimeConfig withFlink(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(flink);
    all.putAll(more);
    return new RuntimeConfig(bounded, parallelism, checkpointIntervalMs, all);
  }
}
