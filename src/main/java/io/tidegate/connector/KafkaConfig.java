package io.tidegate.connector;

import java.util.Map;

/**
 * Where events come from and signals go to.
 *
 * @param bootstrapServers {@code host:port} pairs separated by commas
 * @param properties passed to every Kafka client as they are, such as {@code security.protocol}; of
 *     {@code partition.discovery.interval.ms} only a positive whole number is taken
 */
public record KafkaConfig(String bootstrapServers, Topics topics, Map<String, String> properties) {

  public KafkaConfig {
    properties = Map.copyOf(properties);
  }
}
