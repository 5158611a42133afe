package io.tidegate.connector;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Given offsets, else the offset at which the partition begins now, so that what it drops later,
 * unread, is missed. The connector's own initializer of this kind asks the consumer group first, so
 * that a job without its state would pass over what it once read.
 */
@SuppressWarnings("deprecation") // the interface names a deprecated class
public final class StartOffsets implements OffsetsInitializer {

  private static final long serialVersionUID = 1L;

  private final @Nullable Map<TopicPartition, Long> offsets;

  private final OffsetResetStrategy outOfRange;

  private StartOffsets(
      @Nullable Map<TopicPartition, Long> offsets, OffsetResetStrategy outOfRange) {
    this.offsets = offsets;
    this.outOfRange = outOfRange;
  }

  /** These, each partition that is not among them from its beginning. */
  public static StartOffsets of(Map<TopicPartition, Long> offsets) {
    return new StartOffsets(new HashMap<>(offsets), OffsetResetStrategy.NONE);
  }

  /**
   * Those of the state that a job starts from, and the beginning of partitions that came since.
   * Where the state is of a moment at which the source had not found the topic's partitions yet, it
   * says of none where to start, and the job fails.
   */
  public static StartOffsets ofState() {
    return new StartOffsets(null, OffsetResetStrategy.NONE);
  }

  /** The same, but records that the topic has dropped before they were read are passed over. */
  StartOffsets passingOverDropped() {
    return new StartOffsets(offsets, OffsetResetStrategy.EARLIEST);
  }

  /** Asked when a source first finds partitions, never for those that it finds later. */
  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    Map<TopicPartition, Long> known = offsets;
    if (known == null) {
      throw new IllegalStateException(
          "the state was taken before the job had found the partitions "
              + partitions.stream().map(TopicPartition::toString).sorted().toList()
              + " and does not say where to start in them: start without state");
    }
    List<TopicPartition> others = partitions.stream().filter(p -> !known.containsKey(p)).toList();
    Map<TopicPartition, Long> starts = new HashMap<>(known);
    starts.keySet().retainAll(partitions);
    starts.putAll(retriever.beginningOffsets(others));
    return starts;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return outOfRange;
  }
}
