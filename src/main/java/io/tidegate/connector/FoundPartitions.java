package io.tidegate.connector;

import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.kafka.common.TopicPartition;

/**
 * A coordinator's context that gives partitions which are found while a job goes on to their
 * readers with the offset at which they begin. The connector gives them none: their readers would
 * begin with whatever is left whenever they come to it, after a restart, too.
 */
final class FoundPartitions implements SplitEnumeratorContext<KafkaPartitionSplit> {

  private final SplitEnumeratorContext<KafkaPartitionSplit> context;
  private final KafkaConfig kafka;
  private final String topic;

  FoundPartitions(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaConfig kafka, String topic) {
    this.context = context;
    this.kafka = kafka;
    this.topic = topic;
  }

  /** Throws a UserError where one of them has dropped records already. */
  @Override
  public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
    boolean found =
        assignment.assignment().values().stream()
            .flatMap(List::stream)
            .anyMatch(FoundPartitions::withoutStart);
    context.assignSplits(found ? new SplitsAssignment<>(started(assignment)) : assignment);
  }

  private Map<Integer, List<KafkaPartitionSplit>> started(
      SplitsAssignment<KafkaPartitionSplit> assignment) {
    Map<TopicPartition, Range> ranges;
    try (KafkaTopics topics = KafkaTopics.connect(kafka)) {
      ranges = topics.ranges(topic);
    }
    List<Problem> problems = new ArrayList<>();
    Map<Integer, List<KafkaPartitionSplit>> started = new HashMap<>();
    assignment
        .assignment()
        .forEach(
            (reader, splits) ->
                started.put(
                    reader,
                    splits.stream()
                        .map(split -> withoutStart(split) ? begun(split, ranges, problems) : split)
                        .toList()));
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return started;
  }

  private static boolean withoutStart(KafkaPartitionSplit split) {
    return split.getStartingOffset() == KafkaPartitionSplit.EARLIEST_OFFSET;
  }

  private static KafkaPartitionSplit begun(
      KafkaPartitionSplit split, Map<TopicPartition, Range> ranges, List<Problem> problems) {
    TopicPartition at = split.getTopicPartition();
    long first = Objects.requireNonNull(ranges.get(at), at + " is gone").first();
    if (first > 0) {
      problems.add(
          TopicStarts.problem(
              at,
              "earliest offset " + first,
              "offset 0 of a partition that the job has not read yet: offsets 0 to "
                  + (first - 1)
                  + " were dropped before; without state the job takes them from the tables, if the"
                  + " archive had them"));
    }
    return new KafkaPartitionSplit(
        at, first, split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return context.metricGroup();
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    context.sendEventToSourceReader(subtask, event);
  }

  @Override
  public void sendEventToSourceReader(int subtask, int attempt, SourceEvent event) {
    context.sendEventToSourceReader(subtask, attempt, event);
  }

  @Override
  public int currentParallelism() {
    return context.currentParallelism();
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return context.registeredReaders();
  }

  @Override
  public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
    return context.registeredReadersOfAttempts();
  }

  @Override
  public void signalNoMoreSplits(int subtask) {
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    context.callAsync(callable, handler);
  }

  @Override
  public <T> void callAsync(
      Callable<T> callable, BiConsumer<T, Throwable> handler, long initialDelayMs, long periodMs) {
    context.callAsync(callable, handler, initialDelayMs, periodMs);
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    context.runInCoordinatorThread(runnable);
  }

  @Override
  public void setIsProcessingBacklog(boolean isProcessingBacklog) {
    context.setIsProcessingBacklog(isProcessingBacklog);
  }
}
