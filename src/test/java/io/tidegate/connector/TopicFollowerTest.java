package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicFollowerTest {

  private static final TopicPartition PARTITION = new TopicPartition("rollouts", 0);
  private static final Duration LONG = Duration.ofSeconds(10);

  private final List<Long> offsets = new CopyOnWriteArrayList<>();
  private final Deque<Supplier<Consumer<byte[], byte[]>>> connections = new ArrayDeque<>();

  /** Kafka's own consumer without a broker. */
  private static class Broker extends MockConsumer<byte[], byte[]> {

    /** Holds so many records from offset 0 on. */
    Broker(int records) {
      super("earliest");
      schedulePollTask(
          () -> {
            for (int offset = 0; offset < records; offset++) {
              addRecord(new ConsumerRecord<>("rollouts", 0, offset, new byte[0], new byte[0]));
            }
          });
    }

    Broker breaks(KafkaException failure) {
      schedulePollTask(() -> setPollException(failure));
      return this;
    }
  }

  /** Hands records out, then cannot say where it stands. */
  private static final class Lost extends Broker {
    Lost(int records) {
      super(records);
    }

    @Override
    public synchronized long position(TopicPartition partition) {
      throw new TimeoutException("position");
    }
  }

  private TopicFollower follow(int there) {
    return TopicFollower.start(
        () -> connections.remove().get(),
        1,
        Map.of(PARTITION, new KafkaTopics.Range(0, there)),
        Set.of(),
        record -> offsets.add(record.offset()));
  }

  @Test
  void connection_that_cannot_be_made_again_is_tried_until_it_can() {
    connections.add(() -> new Broker(1).breaks(new KafkaException("broken off")));
    connections.add(
        () -> {
          throw new KafkaException("No resolvable bootstrap urls");
        });
    connections.add(() -> new Broker(3));
    try (TopicFollower follower = follow(3)) {
      await().atMost(LONG).until(follower::caughtUp);
      assertThat(offsets).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void record_handed_out_before_a_break_is_not_handed_out_again() {
    connections.add(() -> new Lost(2));
    connections.add(() -> new Broker(3));
    try (TopicFollower follower = follow(3)) {
      await().atMost(LONG).until(follower::caughtUp);
      assertThat(offsets).containsExactly(0L, 1L, 2L);
    }
  }

  /** Two topics, of which only what is not paused is handed out. */
  private static final class TwoTopics extends MockConsumer<byte[], byte[]> {
    private final List<String> paused = new CopyOnWriteArrayList<>();

    TwoTopics() {
      super("earliest");
      schedulePollTask(
          () -> {
            addRecord(new ConsumerRecord<>("gate-evidence", 0, 0, new byte[0], new byte[0]));
            paused().forEach(partition -> paused.add(partition.topic()));
          });
      schedulePollTask(
          () -> addRecord(new ConsumerRecord<>("rollouts", 0, 0, new byte[0], new byte[0])));
    }
  }

  @Test
  void later_topic_is_handed_out_once_the_others_were_read() {
    TwoTopics broker = new TwoTopics();
    List<String> topics = new CopyOnWriteArrayList<>();
    try (TopicFollower follower =
        TopicFollower.start(
            () -> broker,
            1,
            Map.of(
                PARTITION,
                new KafkaTopics.Range(0, 1),
                new TopicPartition("gate-evidence", 0),
                new KafkaTopics.Range(0, 1)),
            Set.of("gate-evidence"),
            record -> topics.add(record.topic()))) {
      await().atMost(LONG).until(() -> topics.size() == 2);
      assertThat(topics).containsExactly("rollouts", "gate-evidence");
      assertThat(broker.paused).containsExactly("gate-evidence");
      assertThat(follower.caughtUp()).isTrue();
    }
  }

  @Test
  void later_topic_has_its_own_end() {
    TwoTopics broker = new TwoTopics();
    TopicPartition evidence = new TopicPartition("gate-evidence", 0);
    List<Long> seen = new CopyOnWriteArrayList<>();
    try (TopicFollower follower =
        TopicFollower.start(
            () -> broker,
            1,
            Map.of(PARTITION, new KafkaTopics.Range(0, 1), evidence, new KafkaTopics.Range(0, 2)),
            Set.of("gate-evidence"),
            record -> seen.add(record.offset()))) {
      await().atMost(LONG).until(() -> seen.size() == 2);
      assertThat(follower.caughtUp()).isTrue();
      assertThat(follower.laterCaughtUp()).isFalse();
      broker.schedulePollTask(
          () -> broker.addRecord(new ConsumerRecord<>("gate-evidence", 0, 1, null, null)));
      await().atMost(LONG).until(follower::laterCaughtUp);
    }
  }
}
