package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.ReceivedExposure;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Where a source that begins with state starts in partitions that the state does not know. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KafkaSourcesITCase {

  private static final String TOPIC = "exposures";

  @TempDir private static Path folder;
  private static EmbeddedPlatform platform;
  private static TidegateConfig config;

  @BeforeAll
  static void start() {
    platform = EmbeddedPlatform.start(folder);
    config = platform.config();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  @Order(1)
  void state_of_before_any_partition_was_found_is_refused() {
    KafkaSourceEnumState nothingFound = new KafkaSourceEnumState(List.of(), List.of(), false);
    assertThatThrownBy(() -> found(StartOffsets.ofState(), nothingFound))
        .rootCause()
        .hasMessageContaining("before the job had found the partitions [exposures-0, exposures-1,")
        .hasMessageContaining("start without state");
    Map<TopicPartition, Long> planned = Map.of(new TopicPartition(TOPIC, 2), 7L);
    assertThat(found(StartOffsets.of(planned), nothingFound))
        .as("a failover of the same job knows where it meant to start")
        .containsEntry(2, 7L)
        .containsEntry(3, KafkaPartitionSplit.EARLIEST_OFFSET);
  }

  @Test
  @Order(2)
  void partition_that_came_while_the_job_was_down_is_read_from_its_beginning() throws Exception {
    List<KafkaPartitionSplit> before =
        IntStream.range(0, KafkaTopics.EVENT_PARTITIONS)
            .mapToObj(p -> new KafkaPartitionSplit(new TopicPartition(TOPIC, p), 5))
            .toList();
    KafkaSourceEnumState state = new KafkaSourceEnumState(before, List.of(), true);
    assertThat(found(StartOffsets.ofState(), state)).isEmpty();
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()))) {
      int more = KafkaTopics.EVENT_PARTITIONS + 1;
      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(more))).all().get();
    }
    assertThat(found(StartOffsets.ofState(), state))
        .containsExactly(
            Map.entry(KafkaTopics.EVENT_PARTITIONS, KafkaPartitionSplit.EARLIEST_OFFSET));
  }

  /** Partitions that a source restored from some state finds, and where it will start in them. */
  private static Map<Integer, Long> found(StartOffsets start, KafkaSourceEnumState state) {
    KafkaSource<ReceivedExposure> source =
        KafkaSources.withoutGaps(config, "gate", TOPIC, RecordDecoder.exposures(config), start);
    Map<Integer, Long> found = new HashMap<>();
    try (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator =
        source.restoreEnumerator(new Inline(), state)) {
      enumerator.start();
      Collection<KafkaPartitionSplit> splits = enumerator.snapshotState(1).unassignedSplits();
      splits.forEach(split -> found.put(split.getPartition(), split.getStartingOffset()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  /** A coordinator without readers that does at once what it is asked to do. */
  private static final class Inline implements SplitEnumeratorContext<KafkaPartitionSplit> {

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {}

    @Override
    public int currentParallelism() {
      return 1;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return Map.of();
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {}

    @Override
    public void signalNoMoreSplits(int subtask) {}

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      T result = null;
      Throwable failure = null;
      try {
        result = callable.call();
      } catch (Exception e) {
        failure = e;
      }
      handler.accept(result, failure);
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable,
        BiConsumer<T, Throwable> handler,
        long initialDelayMs,
        long periodMs) {
      callAsync(callable, handler);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }
  }
}
