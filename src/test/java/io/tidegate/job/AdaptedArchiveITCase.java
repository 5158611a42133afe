package io.tidegate.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archive without state of topics in Segment's format, whose records hold several events each,
 * over a real broker. The tests are chapters of one story, in this order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class AdaptedArchiveITCase {

  private static final long NOW = 1_767_225_600_000L;
  private static final TopicPartition OUTCOMES = new TopicPartition("outcomes", 1);
  private static final String LETTERS = "dead-letters";

  @TempDir private static Path folder;
  private static final List<String> SENT = new ArrayList<>();
  private static EmbeddedPlatform platform;
  private static TidegateConfig config;
  private static Map<TopicPartition, Long> lettersOfA;
  private static long refused;
  private static long refusedInA;

  @BeforeAll
  static void start() throws Exception {
    platform = EmbeddedPlatform.start(folder);
    Path file = folder.resolve("segment.yaml");
    Files.writeString(
        file,
        Files.readString(platform.configFile())
            + "\nevents: {formats: {exposures: segment, outcomes: segment}}\n");
    config = TidegateConfig.load(file).withBounded(true);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  @Order(1)
  void each_event_of_a_record_is_kept_once_where_the_archive_begins_again() throws Exception {
    send("a");
    archive();
    everyEventIsThereOnce();
    lettersOfA = GateTopics.ends(config, LETTERS);
    refusedInA = refused;
    send("b");
    archive();
    everyEventIsThereOnce();
  }

  /** Of a record with both, rows and dead letters are committed apart. */
  @Test
  @Order(2)
  void what_was_lost_of_a_record_comes_again_and_the_rest_of_it_does_not() throws Exception {
    Table outcomes = IcebergTables.load(config, Tables.OUTCOMES);
    outcomes.manageSnapshots().rollbackTo(outcomes.currentSnapshot().parentId()).commit();
    GateTopics.forget(config, lettersOfA);
    assertThat(OffsetAudit.run(config).stream().mapToLong(OffsetAudit.Partition::missing).sum())
        .as("rows of b, dead letters of a")
        .isEqualTo(SENT.size() / 2 + refusedInA);
    archive();
    everyEventIsThereOnce();
  }

  private static void archive() throws Exception {
    ArchiveJob.environment(config).execute("archive");
  }

  private static void everyEventIsThereOnce() throws Exception {
    assertThat(ids()).containsExactlyInAnyOrderElementsOf(SENT);
    assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
  }

  private static List<String> ids() throws Exception {
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.OUTCOMES)).build()) {
      rows.forEach(row -> ids.add((String) row.getField("event_id")));
    }
    return ids;
  }

  /** Records with several events, some of which or all are refused; one holds an event twice. */
  private static void send(String run) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", config.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String record :
          List.of(
              list(track(run + 1), track(run + 2), track(run + 3)),
              list(track(run + 4), nobody(), track(run + 5), nobody()),
              "{\"type\":\"identify\",\"userId\":\"u\"}",
              list(nobody(), nobody()),
              list(track(run + 6), track(run + 6)),
              track(run + 7))) {
        producer
            .send(
                new ProducerRecord<>(
                    OUTCOMES.topic(), OUTCOMES.partition(), NOW, null, record.getBytes(UTF_8)))
            .get();
      }
    }
  }

  private static String list(String... events) {
    return "[" + String.join(",", events) + "]";
  }

  private static String track(String id) {
    SENT.add(id);
    return event(id, "\"userId\":\"u\",");
  }

  private static String nobody() {
    refused++;
    return event("refused", "");
  }

  private static String event(String id, String user) {
    return ("{\"type\":\"track\",\"messageId\":\"%s\",%s\"event\":\"Order Completed\","
            + "\"timestamp\":\"2026-01-01T00:00:00Z\"}")
        .formatted(id, user);
  }
}
