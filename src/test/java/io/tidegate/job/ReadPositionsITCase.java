package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicStarts;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.iceberg.expressions.Expressions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How far the archive has read topics in which most offsets are no events of theirs: another
 * format's other records, marks of transactions and what was aborted. Over a real broker.
 */
class ReadPositionsITCase {

  private static final long HOUR = Rollouts.HOUR_MS;
  private static final long FIRST_UNTIL = Rollouts.START_MS + 12 * HOUR;
  private static final long SECOND_UNTIL = Rollouts.START_MS + 18 * HOUR;
  private static final int UNITS_AN_HOUR = 24;
  private static final int PARTITIONS = KafkaTopics.EVENT_PARTITIONS;
  private static final int UNRELATED = 30;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private int transactions;

  @Test
  void what_was_read_is_known_whatever_the_records_were() throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = config(platform);
      produce(config, Long.MIN_VALUE, FIRST_UNTIL);
      JobClient archive =
          ArchiveJob.environment(
                  config.withRuntime(new RuntimeConfig(false, 1, 300, config.runtime().flink())))
              .executeAsync("archive");
      Map<TopicPartition, Long> archived = GateTopics.ends(config, "exposures", "outcomes");
      try {
        await("everything read and known to be")
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(starts(config)).containsAllEntriesOf(archived));
      } finally {
        archive.cancel().get();
      }
      List<OffsetAudit.Partition> audit = OffsetAudit.run(config);
      assertThat(audit).allMatch(OffsetAudit.Partition::sound);
      assertThat(audit.stream().mapToLong(OffsetAudit.Partition::unrelated).sum())
          .isEqualTo(UNRELATED);
      assertThat(PinnedHistory.newest(config).note()).isEmpty();

      unrelated(config);
      transaction(config, FIRST_UNTIL, FIRST_UNTIL + HOUR, false);
      assertThat(PinnedHistory.newest(config).note()).as("nothing usable is left").isEmpty();
      produce(config, FIRST_UNTIL, SECOND_UNTIL);
      PinnedHistory behind = PinnedHistory.newest(config);
      assertThat(behind.note()).contains("the archive is behind: of topic ");
      assertThat(behind.completeMs()).isBetween(FIRST_UNTIL - HOUR, FIRST_UNTIL);

      GateJob.environment(
              output(config, "topics")
                  .withGate(
                      new GateConfig(GateConfig.Bootstrap.NONE, GateConfig.Delivery.EXACTLY_ONCE)))
          .execute("from the topics alone");
      GateTopics.forget(config, archived);
      assertThat(starts(config)).containsAllEntriesOf(archived);
      GateJob.environment(output(config, "tables")).execute("from the tables, then the topics");
      GateOutput alone = GateOutput.of(output(config, "topics"));
      assertThat(alone.signals()).hasSizeGreaterThan(12);
      assertThat(GateOutput.of(output(config, "tables")).content()).isEqualTo(alone.content());

      IcebergTables.load(config, Tables.READ_POSITIONS)
          .newDelete()
          .deleteFromRowFilter(Expressions.alwaysTrue())
          .commit();
      assertThatThrownBy(() -> starts(config))
          .as("what the rows alone say")
          .isInstanceOf(UserError.class)
          .hasMessageContaining("are in neither");
    }
  }

  private static TidegateConfig config(EmbeddedPlatform platform) throws Exception {
    Path file = folder.resolve("otel.yaml");
    Files.writeString(
        file,
        Files.readString(platform.configFile())
            + "\nevents: {clock: events, idle: PT2S, formats: {exposures: opentelemetry}}\n");
    return TidegateConfig.load(file);
  }

  /** Offsets from which a gate would go on with the topics of events. */
  private static Map<TopicPartition, Long> starts(TidegateConfig config) {
    Map<String, @Nullable Long> pinned = new HashMap<>();
    for (String table : List.of(Tables.EXPOSURES, Tables.OUTCOMES)) {
      pinned.put(table, IcebergTables.newestSnapshot(config, table));
    }
    return TopicStarts.after(config, pinned);
  }

  /** Committed events, events that nobody is to see, records of no use, and at last marks only. */
  private void produce(TidegateConfig config, long fromMs, long untilMs) throws Exception {
    long begin = Math.max(fromMs, Rollouts.START_MS);
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (RolloutEvent event : Rollouts.events("m")) {
        if (event.eventTimeMs() >= fromMs && event.eventTimeMs() < untilMs) {
          producer.rollout(GateTopics.defined(event));
        }
      }
      for (long t = begin; t <= untilMs; t += HOUR) {
        producer.rollout(RolloutEvent.tick("t" + t, t));
      }
    }
    transaction(config, begin, begin + HOUR, false);
    transaction(config, begin, untilMs, true);
    if (fromMs == Long.MIN_VALUE) {
      unrelated(config);
    }
    transaction(config, untilMs - HOUR, untilMs, false);
  }

  private void transaction(TidegateConfig config, long fromMs, long untilMs, boolean committed)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(config, "shop-" + transactions++)) {
      producer.initTransactions();
      producer.beginTransaction();
      int i = 0;
      for (long t = fromMs; t < untilMs; t += HOUR / UNITS_AN_HOUR) {
        String unit = "user-" + t / 60_000 + (committed ? "" : "-aborted");
        int partition = i++ % PARTITIONS;
        send(producer, record("exposures", partition, t, evaluation(t, unit)));
        send(
            producer,
            record(
                "outcomes",
                partition,
                t,
                "{\"event_id\":\"o%s\",\"event_time\":%d,\"unit_id\":\"%s\",\"name\":\"request\"}"
                    .formatted(unit, t, unit)));
      }
      if (committed) {
        producer.commitTransaction();
      } else {
        producer.flush();
        producer.abortTransaction();
      }
    }
  }

  private static void unrelated(TidegateConfig config) {
    try (KafkaProducer<byte[], byte[]> producer = producer(config, "")) {
      for (int i = 0; i < UNRELATED; i++) {
        send(
            producer,
            record(
                "exposures",
                i % 2,
                FIRST_UNTIL,
                "{\"timestamp\":\"%s\",\"event_name\":\"http.request\",\"attributes\":{}}"
                    .formatted(Instant.ofEpochMilli(FIRST_UNTIL))));
      }
    }
  }

  private static String evaluation(long atMs, String unit) {
    return """
    {"timestamp": "%s", "event_name": "feature_flag.evaluation", "attributes": {
      "feature_flag.key": "m", "feature_flag.result.variant": "%s",
      "feature_flag.context.id": "%s", "feature_flag.result.reason": "split"}}
    """
        .formatted(Instant.ofEpochMilli(atMs), unit.hashCode() % 2 == 0 ? "off" : "on", unit);
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    var unused = producer.send(record);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, long atMs, String value) {
    return new ProducerRecord<>(
        topic, partition, atMs, null, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param transactionalId empty for none
   */
  private static KafkaProducer<byte[], byte[]> producer(
      TidegateConfig config, String transactionalId) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", config.kafka().bootstrapServers());
    if (!transactionalId.isEmpty()) {
      properties.put("transactional.id", transactionalId);
    }
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static TidegateConfig output(TidegateConfig config, String prefix) {
    return GateTopics.ownOutput(config, prefix).withBounded(true);
  }
}
