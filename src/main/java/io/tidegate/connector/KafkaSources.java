package io.tidegate.connector;

import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/** Sources of Kafka topics, read committed. */
public final class KafkaSources {

  /** Property of milliseconds between two looks for new partitions. */
  static final String DISCOVERY = "partition.discovery.interval.ms";

  private static final String DISCOVERY_MS = "60000";

  private KafkaSources() {}

  /**
   * A topic from given offsets on; a partition that is not among them from its beginning. Bounded
   * by the topic's present end where the configuration says so, else it looks for new partitions
   * once a minute unless {@code kafka.properties} says otherwise. Records that the topic has
   * dropped before they were read are passed over.
   *
   * @param job name of the job, for the consumer group that shows its progress
   */
  public static <T> KafkaSource<T> of(
      TidegateConfig config,
      String job,
      String topic,
      KafkaRecordDeserializationSchema<T> decoder,
      Map<TopicPartition, Long> start) {
    return source(config, job, topic, decoder, StartOffsets.of(start).passingOverDropped());
  }

  /**
   * As {@link #of}, but fails where the topic has dropped records before they were read, of a
   * partition that came since, too.
   */
  public static <T> Source<T, KafkaPartitionSplit, KafkaSourceEnumState> withoutGaps(
      TidegateConfig config,
      String job,
      String topic,
      KafkaRecordDeserializationSchema<T> decoder,
      StartOffsets start) {
    return new GaplessSource<>(source(config, job, topic, decoder, start), config.kafka(), topic);
  }

  private static <T> KafkaSource<T> source(
      TidegateConfig config,
      String job,
      String topic,
      KafkaRecordDeserializationSchema<T> decoder,
      StartOffsets start) {
    Properties properties = new Properties();
    properties.setProperty(DISCOVERY, DISCOVERY_MS);
    properties.putAll(config.kafka().properties());
    properties.setProperty("isolation.level", "read_committed");
    properties.setProperty("commit.offsets.on.checkpoint", "true");
    boolean bounded = config.runtime().bounded();
    if (bounded) {
      properties.setProperty(DISCOVERY, "-1");
    }
    KafkaSourceBuilder<T> source =
        KafkaSource.<T>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setTopics(topic)
            .setGroupId(group(job))
            .setClientIdPrefix("tidegate-" + job + "-" + topic)
            .setDeserializer(decoder)
            .setStartingOffsets(start)
            .setProperties(properties);
    return (bounded ? source.setBounded(OffsetsInitializer.latest()) : source).build();
  }

  /** The consumer group to which a job commits what its checkpoints hold. */
  static String group(String job) {
    return "tidegate-" + job;
  }
}
