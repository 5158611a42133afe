package io.tidegate.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.operator.EventTally;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of every event, over a real broker: each kind of bad one is in the dead letters with
 * its reason, and in = used + unused + duplicate + late + beyond the horizon + dead.
 */
class EventFatesITCase {

  private static final long HOUR = Rollouts.HOUR_MS;
  private static final long START = Rollouts.START_MS;

  /** The newest event; what comes later is held against it. */
  private static final long NEWEST = START + 6 * HOUR + 20 * 60_000;

  private static final String UNIT = "alice-4711";
  private static final int UNITS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String EXPOSURES = "exposures";
  private static final String OUTCOMES = "outcomes";

  @TempDir private Path folder;

  /** A record that cannot be used, and why. */
  private record Bad(String topic, byte[] value, DeadLetterReason reason) {}

  /** What stands at a place in the dead letters. */
  private record Letter(String reason, String detail, String payload) {}

  @Test
  void every_event_has_one_fate_and_every_bad_one_a_dead_letter_with_its_reason() throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = timeFromEvents(platform);
      long sound = produce(config);
      Map<String, Bad> bad = sendBad(config);
      long dead = bad.values().stream().filter(b -> !b.topic().equals("rollouts")).count();

      JobClient gate = GateJob.environment(config).executeAsync("gate");
      try {
        long first = sound + dead;
        await("all in time").atMost(PATIENCE).until(() -> tallied(gate) == first);
        await("six hours judged").atMost(PATIENCE).until(() -> records(config, "gate-signals") > 5);
        late(config);
        await("late ones, too").atMost(PATIENCE).until(() -> tallied(gate) == first + 3);
        Map<String, Long> tally = tally(gate);
        assertThat(tally)
            .containsEntry(EventTally.IN, first + 3)
            .containsEntry(EventTally.DEAD, dead)
            .containsEntry(EventTally.UNUSED, 2L)
            .containsEntry(EventTally.DUPLICATE, 2L)
            .containsEntry(EventTally.LATE, 1L)
            .containsEntry(EventTally.BEYOND_HORIZON, 2L)
            .containsEntry(EventTally.USED, sound - 4);
        await("committed").atMost(PATIENCE).until(() -> records(config, "late-events") == 2);
      } finally {
        gate.cancel().get();
      }

      ArchiveJob.environment(config.withBounded(true)).execute("archive");
      assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
      assertThat(rows(config, Tables.LATE_EVENTS)).hasSize(2);
      assertThat(rows(config, Tables.EXPOSURES).size() + rows(config, Tables.OUTCOMES).size())
          .isEqualTo((int) sound + 3);
      lettersAreThoseOf(bad, letters(config));
    }
  }

  /** The platform's configuration, with time by ticks and no patience with silent partitions. */
  private TidegateConfig timeFromEvents(EmbeddedPlatform platform) throws IOException {
    Path file = folder.resolve("events.yaml");
    Files.writeString(
        file, Files.readString(platform.configFile()) + "\nevents: {clock: events, idle: PT2S}\n");
    return TidegateConfig.load(file);
  }

  /** Events that can be used; two among them twice, two that nothing reads. */
  private static long produce(TidegateConfig config) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (RolloutEvent event : Rollouts.events("m")) {
        if (event.kind() == RolloutEvent.Kind.DEFINED) {
          String spec = RolloutSpecs.toJson(Rollouts.spec("m", Assignment.MATCHED));
          producer.rollout(RolloutEvent.defined("d", event.eventTimeMs(), "m", "test", spec, ""));
        } else if (event.eventTimeMs() < NEWEST) {
          producer.rollout(event);
        }
      }
      for (long t = START; t < NEWEST; t += HOUR / 2) {
        producer.rollout(RolloutEvent.tick("t" + t, t));
      }
      producer.rollout(RolloutEvent.tick("last", NEWEST + 1_000));
      for (int u = 0; u < UNITS; u++) {
        producer.exposure(exposure("e" + u, "m", START + HOUR / 2 + u * 60_000L, "user-" + u));
        producer.outcome(outcome("o" + u, "purchase", START + 5 * HOUR, "user-" + u));
      }
      for (int u = 0; u < UNITS; u++) {
        // On every partition, so that time passes on each.
        producer.exposure(exposure("x" + u, "m", NEWEST, "user-" + u));
        producer.outcome(outcome("y" + u, "request", NEWEST, "user-" + u));
      }
      producer.exposure(exposure("x0", "m", NEWEST, "user-0"));
      producer.outcome(outcome("y0", "request", NEWEST, "user-0"));
      producer.exposure(exposure("of another flag", "other", NEWEST, "user-0"));
      producer.outcome(outcome("of another name", "unread", NEWEST, "user-0"));
    }
    return 4 * UNITS + 4;
  }

  /** One that a closed boundary is corrected by, two that nothing can be. */
  private static void late(TidegateConfig config) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      producer.outcome(outcome("late", "request", NEWEST - 40 * 60_000, "user-0"));
      producer.outcome(outcome("too late", "request", NEWEST - 3 * HOUR, "user-0"));
      producer.exposure(exposure("too late", "m", NEWEST - 3 * HOUR, "user-new"));
    }
  }

  private static Exposure exposure(String id, String flag, long timeMs, String unit) {
    String variant = unit.hashCode() % 2 == 0 ? "off" : "on";
    return new Exposure(id, timeMs, unit, flag, variant, "", "", Map.of("country", "DE"));
  }

  private static Outcome outcome(String id, String name, long timeMs, String unit) {
    return new Outcome(id, timeMs, unit, name, 5_000_000L, true, Map.of());
  }

  private static List<Bad> badOnes() {
    List<Bad> all = new ArrayList<>();
    for (String topic : new String[] {EXPOSURES, OUTCOMES}) {
      all.add(new Bad(topic, null, DeadLetterReason.EMPTY));
      all.add(new Bad(topic, new byte[0], DeadLetterReason.EMPTY));
      all.add(bad(topic, DeadLetterReason.OVERSIZE, "\"note\":\"" + "n".repeat(70_000) + "\""));
      all.add(bad(topic, DeadLetterReason.OVERSIZE, "\"event_id\":\"" + "n".repeat(600) + "\""));
      all.add(bad(topic, DeadLetterReason.OVERSIZE, "\"deep\":" + "[".repeat(40) + "]".repeat(40)));
      all.add(bad(topic, DeadLetterReason.MALFORMED_JSON, "\"attributes\":{\"country\":"));
      all.add(text(topic, DeadLetterReason.MALFORMED_JSON, "unit_id=" + UNIT + ", bought"));
      all.add(text(topic, DeadLetterReason.MALFORMED_JSON, "[{\"unit_id\":\"" + UNIT + "\"}]"));
      all.add(text(topic, DeadLetterReason.MALFORMED_JSON, "{\"unit_id\":\"" + UNIT + "\"} {}"));
      all.add(new Bad(topic, new byte[] {(byte) 0xff, 0}, DeadLetterReason.MALFORMED_JSON));
      all.add(bad(topic, DeadLetterReason.MISSING_FIELD, "\"event_time\":null"));
      all.add(bad(topic, DeadLetterReason.MISSING_FIELD, "\"event_id\":\"\""));
      all.add(bad(topic, DeadLetterReason.MISSING_FIELD, "\"unit_id\":null"));
      all.add(bad(topic, DeadLetterReason.WRONG_TYPE, "\"unit_id\": {\"id\": \"" + UNIT + "\"}"));
      all.add(bad(topic, DeadLetterReason.WRONG_TYPE, "\"attributes\":[\"DE\"]"));
      all.add(bad(topic, DeadLetterReason.BAD_TIME, "\"event_time\":\"yesterday\""));
      all.add(bad(topic, DeadLetterReason.BAD_TIME, "\"event_time\":\"2026-01-05T00:00:00\""));
      all.add(bad(topic, DeadLetterReason.ABSURD_TIME, "\"event_time\":0"));
      all.add(bad(topic, DeadLetterReason.ABSURD_TIME, "\"event_time\":" + (NEWEST + 2 * HOUR)));
    }
    all.add(bad(EXPOSURES, DeadLetterReason.MISSING_FIELD, "\"variant\":null"));
    all.add(bad(OUTCOMES, DeadLetterReason.MISSING_FIELD, "\"name\":null"));
    all.add(bad(OUTCOMES, DeadLetterReason.NOT_A_NUMBER, "\"value\":NaN"));
    all.add(bad(OUTCOMES, DeadLetterReason.NOT_A_NUMBER, "\"value\":-Infinity"));
    all.add(bad(OUTCOMES, DeadLetterReason.NOT_A_NUMBER, "\"value\":\"12\""));
    all.add(bad(OUTCOMES, DeadLetterReason.OUT_OF_RANGE, "\"value\":1e13"));
    all.add(bad(OUTCOMES, DeadLetterReason.OUT_OF_RANGE, "\"value\":-1e400"));
    all.add(bad("rollouts", DeadLetterReason.UNKNOWN_VALUE, "\"kind\":\"EXPLODED\""));
    all.add(bad("rollouts", DeadLetterReason.MISSING_FIELD, "\"kind\":\"STAGE_ENTERED\""));
    return all;
  }

  /** An event that would be sound but for its last field, which says again what one before said. */
  private static Bad bad(String topic, DeadLetterReason reason, String last) {
    return text(
        topic,
        reason,
        ("{\"event_id\":\"b\",\"event_time\":%d,\"unit_id\":\"%s\",\"flag_key\":\"m\","
                + "\"variant\":\"on\",\"name\":\"purchase\",\"value\":1,%s}")
            .formatted(NEWEST, UNIT, last));
  }

  private static Bad text(String topic, DeadLetterReason reason, String value) {
    return new Bad(topic, value.getBytes(UTF_8), reason);
  }

  /** Sends the bad ones; returns each by the place it got. */
  private static Map<String, Bad> sendBad(TidegateConfig config) throws Exception {
    Map<String, Bad> places = new TreeMap<>();
    Map<String, Object> properties = Map.of("bootstrap.servers", config.kafka().bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Bad bad : badOnes()) {
        var sent =
            producer.send(
                new ProducerRecord<>(bad.topic(), null, NEWEST, UNIT.getBytes(UTF_8), bad.value()));
        places.put(
            sent.get().topic() + "-" + sent.get().partition() + "-" + sent.get().offset(), bad);
      }
    }
    // No record is dropped that can still be sent.
    assertThat(places.values().stream().map(Bad::reason))
        .containsAll(EnumSet.complementOf(EnumSet.of(DeadLetterReason.DROPPED)));
    return places;
  }

  private static Map<String, Letter> letters(TidegateConfig config) {
    Map<String, Letter> letters = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    read(
        config,
        config.kafka().topics().deadLetters(),
        value -> {
          try {
            JsonNode letter = json.readTree(value);
            letters.put(
                letter.get("topic").asText()
                    + "-"
                    + letter.get("partition").asInt()
                    + "-"
                    + letter.get("offset").asLong(),
                new Letter(
                    letter.get("reason").asText(),
                    letter.get("detail").asText(),
                    letter.get("payload").asText()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return letters;
  }

  private static void lettersAreThoseOf(Map<String, Bad> bad, Map<String, Letter> letters) {
    assertThat(letters.keySet()).isEqualTo(bad.keySet());
    bad.forEach(
        (place, sent) -> {
          Letter letter = letters.get(place);
          String what = sent.value() == null ? "null" : new String(sent.value(), UTF_8);
          assertThat(letter.reason()).as(what).isEqualTo(sent.reason().name());
          assertThat(letter.detail()).as(what).isNotBlank().doesNotContain(UNIT);
          assertThat(letter.payload()).as(what).doesNotContain(UNIT).hasSizeLessThanOrEqualTo(512);
          assertThat(letter.payload().isEmpty())
              .as(what)
              .isEqualTo(what.equals("null") || what.isEmpty());
        });
  }

  /** Events of which the fate is known. */
  private static long tallied(JobClient job) throws Exception {
    Map<String, Long> tally = tally(job);
    return tally.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(EventTally.IN))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static Map<String, Long> tally(JobClient job) throws Exception {
    Map<String, Object> found = job.getAccumulators().get();
    Map<String, Long> tally = new TreeMap<>();
    for (String name :
        Arrays.asList(
            EventTally.IN,
            EventTally.DEAD,
            EventTally.UNUSED,
            EventTally.USED,
            EventTally.DUPLICATE,
            EventTally.LATE,
            EventTally.BEYOND_HORIZON)) {
      tally.put(name, (Long) found.getOrDefault(name, 0L));
    }
    return tally;
  }

  private static long records(TidegateConfig config, String topic) {
    long[] records = {0};
    read(config, topic, value -> records[0]++);
    return records[0];
  }

  private static void read(
      TidegateConfig config, String topic, java.util.function.Consumer<byte[]> out) {
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicReader.read(config.kafka(), topics.ranges(topic), record -> out.accept(record.value()));
    }
  }

  private static List<Record> rows(TidegateConfig config, String table) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, table)).build()) {
      List<Record> all = new ArrayList<>();
      rows.forEach(all::add);
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
