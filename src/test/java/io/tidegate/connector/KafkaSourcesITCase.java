package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.UserError;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
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

  /** All partitions that there are at first, read to offset 5. */
  private static final KafkaSourceEnumState BEFORE =
      new KafkaSourceEnumState(
          IntStream.range(0, KafkaTopics.EVENT_PARTITIONS)
              .mapToObj(p -> new KafkaPartitionSplit(new TopicPartition(TOPIC, p), 5))
              .toList(),
          List.of(),
          true);

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
        .containsEntry(3, 0L);
  }

  @Test
  @Order(2)
  void partition_that_came_while_the_job_was_down_is_read_from_its_beginning() throws Exception {
    assertThat(found(StartOffsets.ofState(), BEFORE)).isEmpty();
    try (Admin admin = admin()) {
      int more = KafkaTopics.EVENT_PARTITIONS + 1;
      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(more))).all().get();
    }
    assertThat(found(StartOffsets.ofState(), BEFORE))
        .containsExactly(Map.entry(KafkaTopics.EVENT_PARTITIONS, 0L));
  }

  @Test
  @Order(3)
  void partition_that_came_while_the_job_was_down_and_has_dropped_records_is_named()
      throws Exception {
    TopicPartition added = new TopicPartition(TOPIC, KafkaTopics.EVENT_PARTITIONS);
    try (KafkaProducer<byte[], byte[]> producer = producer();
        Admin admin = admin()) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(TOPIC, added.partition(), null, new byte[1])).get();
      }
      admin.deleteRecords(Map.of(added, RecordsToDelete.beforeOffset(4))).all().get();
    }
    assertThatThrownBy(() -> found(StartOffsets.ofState(), BEFORE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("topic exposures: partition 4: found earliest offset 4")
        .hasMessageContaining("offsets 0 to 3 were dropped before");
    assertThat(found(StartOffsets.of(Map.of()), null))
        .as("a job without state begins with what is left")
        .containsEntry(added.partition(), 4L);
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()));
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", config.kafka().bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Partitions that a source begun with some state or none finds, and where it starts in them. */
  private static Map<Integer, Long> found(
      StartOffsets start, @Nullable KafkaSourceEnumState state) {
    Source<ReceivedExposure, KafkaPartitionSplit, KafkaSourceEnumState> source =
        KafkaSources.withoutGaps(config, "gate", TOPIC, RecordDecoder.exposures(config), start);
    Inline context = new Inline();
    try (SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator =
        state == null
            ? source.createEnumerator(context)
            : source.restoreEnumerator(context, state)) {
      enumerator.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return context.assigned;
  }

  /** A coordinator of one reader that does at once what it is asked to do. */
  private static final class Inline implements SplitEnumeratorContext<KafkaPartitionSplit> {

    private final Map<Integer, Long> assigned = new HashMap<>();

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
      return Map.of(0, new ReaderInfo(0, "here"));
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
      assignment
          .assignment()
          .get(0)
          .forEach(split -> assigned.put(split.getPartition(), split.getStartingOffset()));
    }

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
