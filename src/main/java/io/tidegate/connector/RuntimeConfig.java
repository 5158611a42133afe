package io.tidegate.connector;

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
}
