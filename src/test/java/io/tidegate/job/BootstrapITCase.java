package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.EventEncoder;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Exposure;
import io.tidegate.model.ImpactRun;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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
 * A gate that begins with what only the tables still hold and goes on with the topics, over a real
 * broker. The tests are chapters of one story, in this order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BootstrapITCase {

  private static final long HOUR = Rollouts.HOUR_MS;
  private static final long MINUTE = 60_000L;
  private static final int UNITS_A_TICK = 40;
  private static final long ARCHIVED_UNTIL = Rollouts.START_MS + 18 * Rollouts.HOUR_MS;
  private static final long SECOND_UNTIL = Rollouts.START_MS + 30 * Rollouts.HOUR_MS;
  private static final long FOUND_AT = Rollouts.START_MS + 32 * Rollouts.HOUR_MS;
  private static final long THIRD_UNTIL = Rollouts.START_MS + 33 * Rollouts.HOUR_MS;
  private static final long FOURTH_UNTIL = Rollouts.START_MS + 36 * Rollouts.HOUR_MS;
  private static final long FIFTH_UNTIL = Rollouts.START_MS + 38 * Rollouts.HOUR_MS;
  private static final TopicPartition FOUND =
      new TopicPartition("exposures", KafkaTopics.EVENT_PARTITIONS + 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private static EmbeddedPlatform platform;
  private static TidegateConfig config;
  private static long written;

  @BeforeAll
  static void start() throws Exception {
    platform =
        EmbeddedPlatform.start(
            EmbeddedPlatform.Options.in(folder)
                .withEvents(Map.of("clock", "events", "idle", "PT2S")));
    RuntimeConfig often = new RuntimeConfig(false, 1, 500, platform.config().runtime().flink());
    config = platform.config().withRuntime(often);
    produce(Long.MIN_VALUE, ARCHIVED_UNTIL);
    ArchiveJob.environment(config.withBounded(true)).execute("archive");
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  @Order(1)
  void history_from_the_tables_and_then_the_topics_gives_what_the_topics_alone_gave()
      throws Exception {
    Map<TopicPartition, Long> archived = ends();
    produce(ARCHIVED_UNTIL, SECOND_UNTIL);
    GateJob.environment(
            bounded("topics")
                .withGate(
                    new GateConfig(GateConfig.Bootstrap.NONE, GateConfig.Delivery.EXACTLY_ONCE)))
        .execute("from the topics alone");
    GateOutput alone = sent("topics");
    assertThat(alone.signals()).hasSizeGreaterThan(28);
    assertThat(alone.content().values())
        .anyMatch(line -> line.toString().contains("mean_sequence"));

    GateTopics.forget(config, archived);
    GateJob.environment(bounded("tables")).execute("from the tables, then the topics");
    GateOutput both = sent("tables");
    assertThat(both.content()).isEqualTo(alone.content());
    assertThat(both.signals()).hasSameSizeAs(alone.signals());

    GateJob.environment(bounded("tables")).execute("once more");
    assertThat(sent("tables").signals()).as("sent already").hasSameSizeAs(both.signals());

    ArchiveJob.environment(bounded("tables")).execute("archive");
    GateJob.environment(bounded("tables")).execute("from the tables alone");
    assertThat(sent("tables").signals()).as("archived").hasSameSizeAs(both.signals());
    ReplayOutcome replay = ReplayJob.run(config, Set.of("m"), true, note -> {}).get(0);
    assertThat(replay.boundaries()).isEqualTo(both.signals().size());
    assertThat(replay.reproduces()).as("%s", replay).isTrue();
  }

  @Test
  @Order(2)
  void a_gate_restored_from_its_state_reads_no_history_again_and_new_partitions() throws Exception {
    JobClient first = GateJob.environment(withGateTopics("live")).executeAsync("live");
    await("history judged").atMost(PATIENCE).until(() -> judged("live") >= SECOND_UNTIL - HOUR);
    String savepoint =
        first.stopWithSavepoint(false, folder.toUri() + "sp", SavepointFormatType.CANONICAL).get();
    GateTopics.addPartition(config, "exposures");
    produce(SECOND_UNTIL, FOUND_AT);
    assertThat(ends().get(new TopicPartition("exposures", KafkaTopics.EVENT_PARTITIONS)))
        .isPositive();
    ArchiveJob.environment(bounded("live")).execute("archive");
    JobClient second =
        GateJob.environment(
                lookingForPartitions(withGateTopics("live"))
                    .withRuntime(Savepoints.startingFrom(config.runtime(), savepoint)))
            .executeAsync("live again");
    try {
      await("what came").atMost(PATIENCE).until(() -> judged("live") >= FOUND_AT - HOUR);
      GateTopics.addPartition(config, "exposures");
      unused(FOUND);
      await("the new one read").atMost(PATIENCE).until(() -> readToEnd("exposures"));
      produce(FOUND_AT, THIRD_UNTIL);
      assertThat(ends().get(FOUND)).isGreaterThan(1);
      await("the rest judged").atMost(PATIENCE).until(() -> judged("live") >= THIRD_UNTIL - HOUR);
    } finally {
      second.cancel().get();
    }
    GateJob.environment(bounded("fresh")).execute("without state");
    Map<String, List<String>> fresh = sent("fresh").content();
    GateOutput live = sent("live");
    assertThat(fresh).containsAllEntriesOf(live.content());
    assertThat(live.repeated()).isEmpty();
    ArchiveJob.environment(bounded("live")).execute("archive the rest");
  }

  @Test
  @Order(3)
  void a_gate_stopped_while_it_reads_the_tables_goes_on_where_it_stopped() throws Exception {
    TidegateConfig halfway = withGateTopics("halfway");
    StreamExecutionEnvironment env = GateJob.environment(fromHeldBackFiles(halfway));
    HeldBackFiles.allow(4);
    JobClient first = env.executeAsync("halfway");
    await("some files read").atMost(PATIENCE).until(HeldBackFiles::waitedFor);
    String savepoint =
        await("every task runs")
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () ->
                    first
                        .triggerSavepoint(folder.toUri() + "sp", SavepointFormatType.CANONICAL)
                        .get(),
                Objects::nonNull);
    CompletableFuture<Void> cancelled = first.cancel();
    HeldBackFiles.allowAll();
    cancelled.get();
    await("ended").atMost(PATIENCE).until(first.getJobExecutionResult()::isDone);
    GateOutput fresh = sent("fresh");
    assertThat(judged("halfway")).isLessThan(judged("fresh") - 6 * HOUR);

    JobClient second =
        GateJob.environment(
                halfway.withRuntime(Savepoints.startingFrom(config.runtime(), savepoint)))
            .executeAsync("the other half");
    try {
      await("the rest judged")
          .atMost(PATIENCE)
          .until(() -> judged("halfway") >= THIRD_UNTIL - HOUR);
    } finally {
      second.cancel().get();
    }
    GateOutput resumed = sent("halfway");
    assertThat(fresh.content()).containsAllEntriesOf(resumed.content());
    assertThat(resumed.repeated()).isEmpty();
    assertThat(resumed.signals().size()).isGreaterThanOrEqualTo(fresh.signals().size() - 1);
  }

  @Test
  @Order(4)
  void a_replay_goes_no_further_than_the_events_that_the_archive_has_read() throws Exception {
    int before = replayed();
    try (EventProducer producer = new EventProducer(config.kafka())) {
      producer.rollout(RolloutEvent.tick("ahead", FOURTH_UNTIL));
    }
    ArchiveJob.environment(config.withBounded(true)).execute("archive the clock");
    produce(THIRD_UNTIL, FOURTH_UNTIL);
    assertThat(replayed()).isLessThanOrEqualTo(before);
    ImpactRun clipped = ImpactJob.run(config, Set.of("m")).get(0);
    assertThat(clipped.stamp().dataEndMs()).isLessThan(THIRD_UNTIL);

    ArchiveJob.environment(config.withBounded(true)).execute("archive the events");
    assertThat(replayed()).isEqualTo(before + 3);
    ImpactRun whole = ImpactJob.run(config, Set.of("m")).get(0);
    assertThat(whole.stamp().dataEndMs()).isEqualTo(FOURTH_UNTIL);
  }

  /** Boundaries that a replay recomputes. */
  private static int replayed() throws Exception {
    ReplayOutcome outcome = ReplayJob.run(config, Set.of("m"), false, note -> {}).get(0);
    return outcome.boundaries() + outcome.beyond();
  }

  @Test
  @Order(5)
  void records_in_neither_table_nor_topic_are_named_unless_they_were_dead_letters()
      throws Exception {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (int i = 0; i < 20; i++) {
        producer.send("outcomes", THIRD_UNTIL, "user-" + i, "{".getBytes(StandardCharsets.UTF_8));
      }
    }
    ArchiveJob.environment(config.withBounded(true)).execute("archive");
    Map<TopicPartition, Long> events = ends();
    events.keySet().removeIf(partition -> partition.topic().equals("rollouts"));
    GateTopics.forget(config, events);
    assertThat(GateJob.environment(bounded("tables"))).isNotNull();

    produce(FOURTH_UNTIL, FIFTH_UNTIL);
    Map<TopicPartition, Long> lost = new HashMap<>();
    TopicPartition one = new TopicPartition("outcomes", 2);
    long end = ends().get(one);
    lost.put(one, end - 3);
    GateTopics.forget(config, lost);
    assertThatThrownBy(() -> GateJob.environment(bounded("tables")))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            "topic outcomes: partition 2: found earliest offset %d: expected offset \\d+, the next"
                    .formatted(end - 3)
                + " after what table outcomes holds: offsets \\d+ to %d are in neither; .*"
                    .formatted(end - 4));
  }

  @Test
  @Order(6)
  void a_topic_that_ends_before_its_table_is_named() throws Exception {
    GateTopics.makeAnew(config, "outcomes");
    assertThatThrownBy(() -> GateJob.environment(bounded("tables")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("topic outcomes: partition 0: found an end at offset 0: expected")
        .hasMessageContaining("where table outcomes ends: was the topic made anew?");
  }

  /** One exposure that no rollout reads, so that whether its partition is read is known. */
  private static void unused(TopicPartition to) throws Exception {
    byte[] value =
        new EventEncoder()
            .exposure(
                new Exposure("unused", FOUND_AT, "user", "other", "on", "", "split", Map.of()));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", config.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(to.topic(), to.partition(), FOUND_AT, null, value)).get();
    }
  }

  private static boolean readToEnd(String topic) {
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      return topics.readToEnd("gate", topic);
    }
  }

  private static TidegateConfig lookingForPartitions(TidegateConfig from) {
    KafkaConfig kafka = from.kafka();
    Map<String, String> properties = new HashMap<>(kafka.properties());
    properties.put("partition.discovery.interval.ms", "500");
    return with(
        new KafkaConfig(kafka.bootstrapServers(), kafka.topics(), properties), from.catalog());
  }

  /** Events from one instant to another in time order, a tick every half hour, one at the end. */
  private static void produce(long fromMs, long untilMs) {
    Random random = new Random(fromMs);
    long begin = Math.max(fromMs, Rollouts.START_MS);
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (RolloutEvent event : Rollouts.events("m")) {
        if (event.eventTimeMs() >= fromMs && event.eventTimeMs() < untilMs) {
          producer.rollout(GateTopics.defined(event));
        }
      }
      for (long t = begin; t < untilMs; t += 30 * MINUTE) {
        producer.rollout(RolloutEvent.tick("t" + t, t));
        for (int i = 0; i < UNITS_A_TICK; i++) {
          long at = t + i * (30 * MINUTE / UNITS_A_TICK);
          String unit = "user-" + random.nextInt(3_000);
          Map<String, String> country = Map.of("country", written % 3 == 0 ? "DE" : "FR");
          String variant = unit.hashCode() % 2 == 0 ? "off" : "on";
          producer.exposure(
              new Exposure("e" + written, at, unit, "m", variant, "", "split", country));
          for (String name : new String[] {"request", "error", "purchase", "unread"}) {
            if (random.nextInt(3) > 0) {
              producer.outcome(outcome(name + written, at, unit, name, random.nextInt(90)));
            }
          }
          written++;
        }
      }
      producer.rollout(RolloutEvent.tick("t" + untilMs, untilMs));
    }
  }

  private static Outcome outcome(String id, long atMs, String unit, String name, int value) {
    return new Outcome(id, atMs, unit, name, value * 1_000_000L, true, Map.of());
  }

  /** Ends of the input topics' partitions. */
  private static Map<TopicPartition, Long> ends() {
    return GateTopics.ends(config, "exposures", "outcomes", "rollouts");
  }

  private static long judged(String gate) {
    return sent(gate).judgedMs();
  }

  private static GateOutput sent(String gate) {
    return GateOutput.of(withGateTopics(gate));
  }

  private static TidegateConfig fromHeldBackFiles(TidegateConfig from) {
    CatalogConfig catalog = from.catalog();
    return with(
        from.kafka(),
        new CatalogConfig(
            catalog.name(),
            catalog.namespace(),
            catalog.type(),
            catalog.uri(),
            catalog.warehouse(),
            HeldBackFiles.in(catalog.properties())));
  }

  private static TidegateConfig bounded(String gate) {
    return withGateTopics(gate).withBounded(true);
  }

  private static TidegateConfig withGateTopics(String prefix) {
    return GateTopics.ownOutput(config, prefix);
  }

  private static TidegateConfig with(KafkaConfig kafka, CatalogConfig catalog) {
    return new TidegateConfig(
        kafka,
        catalog,
        config.privacy(),
        config.events(),
        config.gate(),
        config.baseline(),
        config.incidents(),
        config.maintain(),
        config.runtime(),
        config.effective());
  }
}
