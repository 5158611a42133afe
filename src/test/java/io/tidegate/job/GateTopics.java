package io.tidegate.job;

import static org.awaitility.Awaitility.await;

import io.tidegate.analysis.Rollouts;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutEvent;
import io.tidegate.spec.RolloutSpecs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** What goes to a gate's topics, and topics for several gates on one broker. */
final class GateTopics {

  private GateTopics() {}

  /** The same inputs, outputs of one's own. */
  static KafkaConfig prefixed(KafkaConfig kafka, String prefix) {
    Topics all = kafka.topics();
    Topics own =
        new Topics(
            all.exposures(),
            all.outcomes(),
            all.rollouts(),
            prefix + "-signals",
            prefix + "-verdicts",
            prefix + "-evidence",
            all.incidents(),
            prefix + "-late",
            all.deadLetters());
    return new KafkaConfig(kafka.bootstrapServers(), own, kafka.properties());
  }

  /** A configuration with output topics of its own, which exist afterwards. */
  static TidegateConfig ownOutput(TidegateConfig config, String prefix) {
    TidegateConfig own =
        new TidegateConfig(
            prefixed(config.kafka(), prefix),
            config.catalog(),
            config.privacy(),
            config.events(),
            config.gate(),
            config.baseline(),
            config.incidents(),
            config.maintain(),
            config.runtime(),
            config.effective());
    try (KafkaTopics topics = KafkaTopics.connect(own.kafka())) {
      topics.createMissing(1);
    }
    return own;
  }

  /** Ends of topics' partitions. */
  static Map<TopicPartition, Long> ends(TidegateConfig config, String... names) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      for (String topic : names) {
        topics.ranges(topic).forEach((partition, range) -> ends.put(partition, range.next()));
      }
    }
    return ends;
  }

  /** Makes topics forget the records before some offsets. */
  static void forget(TidegateConfig config, Map<TopicPartition, Long> before) throws Exception {
    Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
    before.forEach(
        (partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()))) {
      admin.deleteRecords(records).all().get();
    }
  }

  /** Gives a topic one more partition than it has. */
  static void addPartition(TidegateConfig config, String topic) throws Exception {
    int now = ends(config, topic).size();
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()))) {
      NewPartitions more = NewPartitions.increaseTo(now + 1);
      admin.createPartitions(Map.of(topic, more)).all().get();
    }
  }

  /** Deletes a topic and makes it anew. */
  static void makeAnew(TidegateConfig config, String topic) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get();
      await("made anew")
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .until(
              () -> {
                NewTopic anew = new NewTopic(topic, KafkaTopics.EVENT_PARTITIONS, (short) 1);
                admin.createTopics(List.of(anew)).all().get();
                return true;
              });
    }
  }

  /** An event of {@link Rollouts} as a user sends it: a definition with its spec. */
  static RolloutEvent defined(RolloutEvent event) {
    return event.kind() == RolloutEvent.Kind.DEFINED
        ? RolloutEvent.defined(
            event.eventId(),
            event.eventTimeMs(),
            event.rolloutId(),
            "test",
            RolloutSpecs.toJson(Rollouts.spec(event.rolloutId(), Assignment.MATCHED)),
            "")
        : event;
  }
}
