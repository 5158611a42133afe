package io.tidegate.connector;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics on the broker: made where missing, asked for their ends. */
public final class KafkaTopics implements AutoCloseable {

  /** Partitions of {@code exposures} and of {@code outcomes} where Tidegate creates them. */
  public static final int EVENT_PARTITIONS = 4;

  private static final int TIMEOUT_MS = 10_000;

  private final KafkaConfig config;
  private final Admin admin;

  /** The first and the next offset of a partition, as a {@code read_committed} reader sees it. */
  public record Range(long first, long next) {}

  private KafkaTopics(KafkaConfig config, Admin admin) {
    this.config = config;
    this.admin = admin;
  }

  /** Connects; throws a UserError where no broker answers within ten seconds. */
  public static KafkaTopics connect(KafkaConfig config) {
    String problem = Reach.problem(config.bootstrapServers());
    if (problem != null) {
      throw unreachable(config, problem);
    }
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    Admin admin = null;
    try {
      admin = Admin.create(properties);
      admin.describeCluster().nodes().get();
      return new KafkaTopics(config, admin);
    } catch (KafkaException | ExecutionException e) {
      if (admin != null) {
        admin.close(java.time.Duration.ZERO);
      }
      throw unreachable(config, Catalogs.reason(e));
    } catch (InterruptedException e) {
      admin.close(java.time.Duration.ZERO);
      throw interrupted(e);
    }
  }

  private static UserError unreachable(KafkaConfig config, String why) {
    return new UserError(
        "kafka.bootstrap_servers",
        "",
        config.bootstrapServers(),
        "a reachable Kafka broker (" + why + "); ./tidegate up runs one");
  }

  /**
   * Throws a UserError where no broker answers within ten seconds or a topic does not exist: a job
   * would wait for either without end.
   */
  public static void require(KafkaConfig config) {
    try (KafkaTopics topics = connect(config)) {
      Set<String> existing = wait(topics.admin.listTopics().names());
      List<Problem> missing =
          config.topics().all().stream()
              .filter(topic -> !existing.contains(topic))
              .map(
                  topic ->
                      new Problem(
                          "kafka.topics",
                          "",
                          topic,
                          "a topic that exists; tidegate init creates what is missing"))
              .toList();
      if (!missing.isEmpty()) {
        throw new UserError(missing);
      }
    }
  }

  /** Creates what does not exist; leaves what exists as it is. */
  public void createMissing(int replication) {
    Topics topics = config.topics();
    Set<String> existing = wait(admin.listTopics().names());
    List<NewTopic> missing = new ArrayList<>();
    for (String topic : topics.all()) {
      if (!existing.contains(topic)) {
        missing.add(newTopic(topic, (short) replication));
      }
    }
    try {
      wait(admin.createTopics(missing).all());
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private NewTopic newTopic(String topic, short replication) {
    Topics topics = config.topics();
    boolean events = topic.equals(topics.exposures()) || topic.equals(topics.outcomes());
    NewTopic created =
        new NewTopic(topic, Optional.of(events ? EVENT_PARTITIONS : 1), Optional.of(replication));
    if (topic.equals(topics.gateVerdicts())) {
      return created.configs(Map.of("cleanup.policy", "compact"));
    }
    return topic.equals(topics.rollouts()) || topic.equals(topics.deadLetters())
        ? created.configs(Map.of("retention.ms", "-1"))
        : created;
  }

  /** Offsets of every partition of a topic; empty where the topic does not exist. */
  public Map<TopicPartition, Range> ranges(String topic) {
    if (!wait(admin.listTopics().names()).contains(topic)) {
      return Map.of();
    }
    List<TopicPartition> partitions =
        wait(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
            .flatMap(description -> description.partitions().stream())
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    Map<TopicPartition, ListOffsetsResultInfo> first = list(partitions, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> next = list(partitions, OffsetSpec.latest());
    Map<TopicPartition, Range> ranges =
        new TreeMap<>(java.util.Comparator.comparingInt(TopicPartition::partition));
    for (TopicPartition partition : partitions) {
      long from = java.util.Objects.requireNonNull(first.get(partition)).offset();
      long to = java.util.Objects.requireNonNull(next.get(partition)).offset();
      ranges.put(partition, new Range(from, to));
    }
    return ranges;
  }

  /** The largest timestamp of a topic's records; {@link Long#MIN_VALUE} where it has none. */
  long newestRecordMs(String topic) {
    return list(List.copyOf(ranges(topic).keySet()), OffsetSpec.maxTimestamp()).values().stream()
        .filter(found -> found.offset() >= 0)
        .mapToLong(ListOffsetsResultInfo::timestamp)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /**
   * Whether a job's newest completed checkpoint holds everything that a topic has now.
   *
   * @param job name of the job, as in {@link KafkaSources}
   */
  public boolean readToEnd(String job, String topic) {
    Map<TopicPartition, OffsetAndMetadata> positions =
        wait(
            admin
                .listConsumerGroupOffsets(KafkaSources.group(job))
                .partitionsToOffsetAndMetadata());
    return ranges(topic).entrySet().stream()
        .allMatch(
            at -> {
              OffsetAndMetadata position = positions.get(at.getKey());
              Range range = at.getValue();
              return (position == null ? range.first() : position.offset()) >= range.next();
            });
  }

  private Map<TopicPartition, ListOffsetsResultInfo> list(
      List<TopicPartition> partitions, OffsetSpec spec) {
    return wait(
        admin
            .listOffsets(
                partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all());
  }

  private static <T> T wait(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new KafkaException(Catalogs.reason(e), e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static KafkaException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new KafkaException("interrupted while waiting for the broker", e);
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(5));
  }
}
