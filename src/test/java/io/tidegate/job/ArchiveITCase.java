package io.tidegate.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.LateEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.codec.Tables;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Estimate;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.LateEvent;
import io.tidegate.model.Outcome;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveITCase {

  private static final long NOW = 1_767_225_600_000L;
  private static final int EVENTS = 2_000;

  @TempDir Path folder;

  @Test
  void every_record_is_kept_once_and_a_second_run_goes_on_where_the_first_ended() throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = platform.config().withBounded(true);
      produce(config, 0);
      uidsAreTheGoldenOnes(config);
      ArchiveJob.environment(config).execute("first");
      assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
      assertThat(rows(config, Tables.EXPOSURES)).hasSize(EVENTS);

      produce(config, EVENTS);
      ArchiveJob.environment(config).execute("second");
      List<OffsetAudit.Partition> audit = OffsetAudit.run(config);
      assertThat(audit).allMatch(OffsetAudit.Partition::sound);
      assertThat(sum(audit, "exposures")).isEqualTo(2L * EVENTS);
      assertThat(sum(audit, "outcomes")).isEqualTo(2L * EVENTS);
      assertThat(audit.stream().mapToLong(OffsetAudit.Partition::deadLetters).sum()).isEqualTo(12);
      assertThat(audit.stream().mapToLong(OffsetAudit.Partition::ticksLeftOut).sum())
          .isEqualTo(2 * 18);
      deadLettersSayWhy(config);
      hoursAddUp(config);
      assertThat(rows(config, Tables.GATE_SIGNALS)).hasSize(2);
      assertThat(rows(config, Tables.STAGE_ESTIMATES)).hasSize(4);
      assertThat(rows(config, Tables.DECISION_LOG)).hasSize(3);
      assertThat(rows(config, Tables.LATE_EVENTS)).hasSize(2);
      assertThat(rows(config, Tables.INCIDENTS))
          .extracting(row -> row.getField("closed_at") == null, row -> row.getField("severity"))
          .containsExactlyInAnyOrder(tuple(true, "warning"), tuple(false, "warning"));
    }
  }

  private static void produce(TidegateConfig config, int from) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (int i = from; i < from + EVENTS; i++) {
        Map<String, String> attributes = Map.of("country", i % 3 == 0 ? "DE" : "FR");
        long time = NOW + i * 1000L;
        producer.exposure(new Exposure("e" + i, time, "u" + i, "flag", "on", "", "", attributes));
        producer.outcome(
            new Outcome(
                "o" + i,
                time,
                "u" + i,
                "purchase",
                i % 2 == 0 ? i * 10_000L : 0,
                i % 2 == 0,
                attributes));
      }
      producer.send("exposures", NOW, "", "not json, unit_id=alice".getBytes(UTF_8));
      producer.send(
          "exposures", NOW, "", ("{\"x\":\"" + "y".repeat(70_000) + "\"}").getBytes(UTF_8));
      producer.send("outcomes", NOW, "", outcome("0", "1"));
      producer.send("outcomes", NOW, "", outcome(Long.toString(NOW), "NaN"));
      producer.send("outcomes", NOW, "", new byte[] {(byte) 0xff, 0});
      producer.send("rollouts", NOW, "", "{}".getBytes(UTF_8));
      for (int tick = 0; tick < 20; tick++) {
        if (tick == 10) {
          producer.rollout(
              RolloutEvent.bare("n" + from, NOW, "r", RolloutEvent.Kind.NOTE, "canary"));
        }
        producer.rollout(RolloutEvent.tick("t" + from + tick, NOW + from + tick));
      }
      gate(producer, config, "s-" + from, from == 0);
    }
  }

  private static void gate(
      EventProducer producer, TidegateConfig config, String id, boolean changed) {
    GateSignal signal = signal(id, changed);
    producer.send(config.kafka().topics().gateSignals(), NOW, "r", SignalCodec.signal(signal));
    producer.send(
        config.kafka().topics().gateEvidence(),
        NOW,
        "r",
        SignalCodec.evidence(signal, List.of(estimate("all"), estimate("country"))));
    producer.send(
        config.kafka().topics().lateEvents(),
        NOW,
        "u",
        LateEventCodec.encode(new LateEvent("0f", "1e", true, "flag", NOW, NOW + 9)));
    producer.send(
        config.kafka().topics().incidents(), NOW, id, IncidentCodec.encode(incident(id, changed)));
  }

  private static Incident incident(String id, boolean open) {
    return new Incident(
        id,
        NOW,
        NOW - 3_600_000,
        open ? null : NOW,
        "",
        Incident.Kind.DIP,
        Incident.Severity.WARNING,
        "purchase of country=DE is -20.0 % off",
        List.of("purchase"),
        Map.of("country", "DE"),
        false,
        "team",
        NOW + 60_000,
        80,
        100);
  }

  private static byte[] outcome(String time, String value) {
    return ("{\"event_id\":\"x\",\"event_time\":"
            + time
            + ",\"unit_id\":\"alice\",\"name\":\"p\",\"value\":"
            + value
            + "}")
        .getBytes(UTF_8);
  }

  private static GateSignal signal(String id, boolean changed) {
    return new GateSignal(
        id,
        "r",
        1,
        0,
        "canary",
        1.0,
        NOW,
        0,
        "",
        "hash",
        Verdict.HOLD,
        false,
        List.of(new Reason("WAITING", "Not enough.", "1", "2")),
        List.of(estimate("all")),
        null,
        NOW + 60_000,
        null,
        "",
        "team",
        "#x",
        null,
        List.of("units"),
        "spec",
        NOW,
        0,
        GateSignal.Arrivals.NONE,
        true,
        changed);
  }

  private static Estimate estimate(String dimension) {
    return new Estimate(
        "r",
        1,
        0,
        "canary",
        NOW,
        0,
        "off",
        "on",
        "conversion",
        dimension,
        "*",
        Purpose.HARM,
        "concurrent",
        "raw",
        "mean",
        0.05,
        0.02,
        0.1,
        0.11,
        0.01,
        null,
        0.03,
        0.1,
        null,
        null,
        2.5,
        0.08,
        100,
        101,
        "");
  }

  private static void uidsAreTheGoldenOnes(TidegateConfig config) throws Exception {
    StreamExecutionEnvironment environment = ArchiveJob.environment(config);
    List<String> uids =
        environment.getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(uid -> uid != null)
            .sorted()
            .toList();
    Path golden = Path.of("src/test/resources/uids/archive.txt");
    if (Boolean.getBoolean("tidegate.update")) {
      Files.write(golden, uids);
    }
    assertThat(uids).doesNotHaveDuplicates().isEqualTo(Files.readAllLines(golden));
  }

  private static void deadLettersSayWhy(TidegateConfig config) {
    Map<DeadLetterReason, Integer> reasons = new TreeMap<>();
    StringBuilder all = new StringBuilder();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicReader.read(
          config.kafka(),
          topics.ranges(config.kafka().topics().deadLetters()),
          record -> {
            String json = new String(record.value(), UTF_8);
            all.append(json);
            for (DeadLetterReason reason : DeadLetterReason.values()) {
              if (json.contains("\"" + reason + "\"")) {
                reasons.merge(reason, 1, Integer::sum);
              }
            }
          });
    }
    assertThat(reasons)
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    DeadLetterReason.MALFORMED_JSON, 4,
                    DeadLetterReason.OVERSIZE, 2,
                    DeadLetterReason.ABSURD_TIME, 2,
                    DeadLetterReason.NOT_A_NUMBER, 2,
                    DeadLetterReason.MISSING_FIELD, 2)));
    assertThat(all.toString()).doesNotContain("alice");
  }

  private static void hoursAddUp(TidegateConfig config) {
    Map<String, Long> counts = new TreeMap<>();
    java.math.BigDecimal sum = java.math.BigDecimal.ZERO;
    for (Record row : rows(config, Tables.METRIC_HOURLY)) {
      counts.merge(
          row.getField("dimension") + "=" + row.getField("segment"),
          (long) row.getField("outcome_count"),
          Long::sum);
      if (row.getField("dimension").equals("all")) {
        sum = sum.add((java.math.BigDecimal) row.getField("value_sum_micros"));
      }
    }
    assertThat(counts).isEqualTo(Map.of("all=*", 4000L, "country=DE", 1334L, "country=FR", 2666L));
    long expected = 0;
    for (int i = 0; i < 2 * EVENTS; i += 2) {
      expected += i * 10_000L;
    }
    assertThat(sum).isEqualByComparingTo(java.math.BigDecimal.valueOf(expected));
  }

  private static long sum(List<OffsetAudit.Partition> audit, String topic) {
    return audit.stream()
        .filter(p -> p.topic().equals(topic))
        .collect(Collectors.summingLong(OffsetAudit.Partition::rows));
  }

  private static List<Record> rows(TidegateConfig config, String table) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(
                Catalogs.open(config.catalog())
                    .loadTable(Catalogs.identifier(config.catalog(), table)))
            .build()) {
      return StreamSupport.stream(rows.spliterator(), false).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
