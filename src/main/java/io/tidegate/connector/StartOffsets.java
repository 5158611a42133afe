package io.tidegate.connector;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Given offsets, else the partition's beginning. The connector's own initializer of this kind asks
 * the consumer group first, so that a job without its state would pass over what it once read.
 */
@SuppressWarnings("deprecation") // the interface names a deprecated class
final class StartOffsets implements OffsetsInitializer {

  private static final long serialVersionUID = 1L;

  private final Map<TopicPartition, Long> offsets;

  private final OffsetResetStrategy outOfRange;

  /**
   * @param outOfRange what the reader does where its next record is no longer in the topic
   */
  StartOffsets(Map<TopicPartition, Long> offsets, OffsetResetStrategy outOfRange) {
    this.offsets = new HashMap<>(offsets);
    this.outOfRange = outOfRange;
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      starts.put(partition, offsets.getOrDefault(partition, KafkaPartitionSplit.EARLIEST_OFFSET));
    }
    return starts;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return outOfRange;
  }
}
