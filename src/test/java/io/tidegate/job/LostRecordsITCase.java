package io.tidegate.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.Exposure;
import io.tidegate.model.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records that a topic dropped before anybody had read them, over a real broker. The tests are
 * chapters of one story, in this order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostRecordsITCase {

  private static final long NOW = 1_767_225_600_000L;
  private static final TopicPartition KNOWN = new TopicPartition("exposures", 1);
  private static final TopicPartition ADDED =
      new TopicPartition("exposures", KafkaTopics.EVENT_PARTITIONS);

  @TempDir private static Path folder;
  private static EmbeddedPlatform platform;
  private static TidegateConfig config;

  @BeforeAll
  static void start() {
    platform = EmbeddedPlatform.start(folder);
    config = platform.config().withBounded(true);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  @Order(1)
  void what_was_dropped_before_the_first_archive_is_not_missed() throws Exception {
    exposures(100);
    GateTopics.forget(config, Map.of(KNOWN, 3L, new TopicPartition("exposures", 2), end(2)));
    archive();
    assertThat(GateJob.environment(config)).isNotNull();
    assertThat(dropped()).isEmpty();
  }

  @Test
  @Order(2)
  void a_partition_that_came_and_dropped_records_unread_is_named() throws Exception {
    GateTopics.addPartition(config, "exposures");
    for (int i = 0; i < 10; i++) {
      write(ADDED);
    }
    assertThat(GateJob.environment(config)).isNotNull();
    GateTopics.forget(config, Map.of(ADDED, 4L));
    assertThatThrownBy(() -> GateJob.environment(config))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("topic exposures: partition 4: found earliest offset 4:")
        .hasMessageContaining("offsets 0 to 3 are in neither");
  }

  @Test
  @Order(3)
  void the_archive_writes_down_what_it_passes_over() throws Exception {
    long end = end(KNOWN.partition());
    for (int i = 0; i < 5; i++) {
      write(KNOWN);
    }
    GateTopics.forget(config, Map.of(KNOWN, end + 2));
    archive();
    assertThat(dropped())
        .hasSize(2)
        .anyMatch(
            letter ->
                letter.contains("\"partition\":1,\"offset\":" + end)
                    && letter.contains("offsets %d to %d are in".formatted(end, end + 1)))
        .anyMatch(
            letter ->
                letter.contains("\"partition\":4,\"offset\":0,")
                    && letter.contains("offsets 0 to 3 are in neither table nor topic"));
    assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
    assertThat(GateJob.environment(config)).as("it goes on behind them").isNotNull();
    archive();
    assertThat(dropped()).as("told once").hasSize(2);
  }

  @Test
  @Order(4)
  void records_of_a_topic_that_was_made_anew_are_not_taken_for_archived_ones() throws Exception {
    Long before = IcebergTables.newestSnapshot(config, Tables.EXPOSURES);
    GateTopics.makeAnew(config, "exposures");
    write(KNOWN);
    assertThatThrownBy(() -> ArchiveJob.environment(config))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("topic exposures: partition 1: found an end at offset 1: expected")
        .hasMessageContaining("was the topic made anew?");
    assertThat(IcebergTables.newestSnapshot(config, Tables.EXPOSURES)).isEqualTo(before);
  }

  private static void archive() throws Exception {
    ArchiveJob.environment(config).execute("archive");
  }

  private static long end(int partition) {
    return GateTopics.ends(config, "exposures").get(new TopicPartition("exposures", partition));
  }

  private static void exposures(int count) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (int i = 0; i < count; i++) {
        producer.exposure(new Exposure("e" + i, NOW, "u" + i, "flag", "on", "", "", Map.of()));
      }
    }
  }

  /** A dead letter: what a record says does not matter here. */
  private static void write(TopicPartition to) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", config.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, new byte[1])).get();
    }
  }

  /** Letters about what was dropped. */
  private static List<String> dropped() {
    List<String> letters = new ArrayList<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicReader.read(
          config.kafka(),
          topics.ranges(config.kafka().topics().deadLetters()),
          record -> letters.add(new String(record.value(), UTF_8)));
    }
    letters.removeIf(letter -> !letter.contains("\"DROPPED\""));
    return letters;
  }
}
