package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.analysis.Rollouts;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.RolloutEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gate over a real broker, killed and rescaled while events come out of order and twice. The
 * tests are chapters of one story, in this order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GateRestartITCase {

  private static final long MINUTE = 60_000L;
  private static final long HOUR = Rollouts.HOUR_MS;
  private static final long BOUND = 20 * MINUTE;
  private static final int CHAPTERS = 5;
  private static final long CHAPTER = 10 * HOUR;
  private static final long END = Rollouts.START_MS + CHAPTERS * CHAPTER;
  private static final int VISITS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private static EmbeddedPlatform platform;
  private static TidegateConfig config;
  private static MiniCluster cluster;
  private static EventProducer producer;
  private static final List<Arrival> ARRIVALS = arrivals();
  private static int sent;
  private static int killed;

  /** Something to be sent, when it comes; to the rollouts' topic or to the events' topics. */
  private record Arrival(long atMs, boolean clock, Consumer<EventProducer> send) {
    static Arrival event(long atMs, Consumer<EventProducer> send) {
      return new Arrival(atMs, false, send);
    }

    static Arrival clock(long atMs, RolloutEvent event) {
      return new Arrival(atMs, true, to -> to.rollout(event));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    platform =
        EmbeddedPlatform.start(
            EmbeddedPlatform.Options.in(folder)
                .withEvents(Map.of("clock", "events", "out_of_order", "PT20M")));
    config =
        platform
            .config()
            .withGate(new GateConfig(GateConfig.Bootstrap.NONE, GateConfig.Delivery.EXACTLY_ONCE));
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .withRandomPorts()
                .build());
    cluster.start();
    producer = new EventProducer(config.kafka());
  }

  @AfterAll
  static void stop() throws Exception {
    producer.close();
    cluster.close();
    platform.close();
  }

  @Test
  @Order(1)
  void a_gate_killed_and_rescaled_says_to_the_last_bit_what_a_replay_says() throws Exception {
    JobID two = submit(config.withRuntime(often(2)));
    produce(1);
    judged(1);
    produceUntil(Rollouts.START_MS + CHAPTER + CHAPTER / 2);
    cluster.terminateTaskManager(killed++).get();
    produce(2);
    cluster.startTaskManager();
    judged(2);
    assertThat(checkpoints(two).getNumberOfRestoredCheckpoints()).isPositive();

    String first = stop(two);
    produce(3);
    JobID four = submit(config.withRuntime(Savepoints.startingFrom(often(4), first)));
    judged(3);
    String second = stop(four);
    JobID one = submit(config.withRuntime(Savepoints.startingFrom(often(1), second)));
    produce(4);
    judged(4);
    produce(5);
    await("the end judged").atMost(PATIENCE).until(() -> GateOutput.of(config).judgedMs() == END);
    stop(one);

    GateOutput output = GateOutput.of(config);
    assertThat(output.repeated()).isEmpty();
    GateSignal last = output.signals().get(output.signals().size() - 1);
    assertThat(last.arrivals().duplicate()).isGreaterThan(VISITS / 10);
    assertThat(output.signals()).allMatch(signal -> signal.arrivals().late() == 0);
    ArchiveJob.environment(config.withBounded(true)).execute("archive");
    assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
    ReplayOutcome replay = ReplayJob.run(config, Set.of("m"), false, note -> {}).get(0);
    assertThat(replay.boundaries()).isEqualTo(output.signals().size());
    assertThat(replay.reproduces()).as("%s", replay).isTrue();
  }

  @Test
  @Order(2)
  void signals_sent_at_once_come_again_after_a_kill_the_same() throws Exception {
    TidegateConfig atOnce = atOnce();
    JobID job = submit(atOnce);
    long halfway = Rollouts.START_MS + CHAPTERS * CHAPTER / 2;
    try (EventProducer clock = new EventProducer(atOnce.kafka())) {
      ARRIVALS.stream()
          .filter(Arrival::clock)
          .filter(arrival -> arrival.atMs() < halfway)
          .forEach(arrival -> arrival.send().accept(clock));
      clock.flush();
      await("half judged")
          .atMost(PATIENCE)
          .until(() -> GateOutput.of(atOnce).judgedMs() >= halfway - 2 * HOUR);
      cluster.triggerCheckpoint(job, CheckpointType.FULL).get();
      ARRIVALS.stream()
          .filter(Arrival::clock)
          .filter(arrival -> arrival.atMs() >= halfway)
          .forEach(arrival -> arrival.send().accept(clock));
    }
    await("all judged").atMost(PATIENCE).until(() -> GateOutput.of(atOnce).judgedMs() == END);
    cluster.terminateTaskManager(killed++).get();
    cluster.startTaskManager();
    await("judged again")
        .atMost(PATIENCE)
        .until(() -> GateOutput.of(atOnce).repeated().stream().anyMatch(id -> id.contains(last())));
    assertThat(checkpoints(job).getNumberOfRestoredCheckpoints()).isPositive();
    cluster.cancelJob(job).get();

    GateOutput again = GateOutput.of(atOnce);
    assertThat(again.judgements()).isEqualTo(GateOutput.of(config).judgements());
    assertThat(again.judgements().values()).allMatch(wordings -> wordings.size() == 1);
  }

  /** Signals at once, with no checkpoint but those asked for, by a clock of its own. */
  private static TidegateConfig atOnce() {
    KafkaConfig kafka = GateTopics.prefixed(config.kafka(), "at-once");
    Topics topics = kafka.topics();
    Topics withClock =
        new Topics(
            topics.exposures(),
            topics.outcomes(),
            "at-once-rollouts",
            topics.gateSignals(),
            topics.gateVerdicts(),
            topics.gateEvidence(),
            topics.incidents(),
            topics.lateEvents(),
            topics.deadLetters());
    TidegateConfig atOnce =
        new TidegateConfig(
            new KafkaConfig(kafka.bootstrapServers(), withClock, kafka.properties()),
            config.catalog(),
            config.privacy(),
            config.events(),
            config.gate().withSignals(GateConfig.Delivery.AT_LEAST_ONCE),
            config.baseline(),
            config.incidents(),
            config.maintain(),
            often(2).withCheckpointIntervalMs(Duration.ofHours(1).toMillis()),
            config.effective());
    try (KafkaTopics missing = KafkaTopics.connect(atOnce.kafka())) {
      missing.createMissing(1);
    }
    return atOnce;
  }

  /** The instant of the last boundary, as it stands in ids. */
  private static String last() {
    return Instant.ofEpochMilli(END).toString();
  }

  private static RuntimeConfig often(int parallelism) {
    return new RuntimeConfig(
        false,
        parallelism,
        500,
        Map.of(
            "restart-strategy.exponential-delay.initial-backoff",
            "200 ms",
            "restart-strategy.exponential-delay.max-backoff",
            "1 s",
            "execution.checkpointing.dir",
            folder.resolve("checkpoints").toUri().toString()));
  }

  private static JobID submit(TidegateConfig gate) throws Exception {
    JobGraph graph = GateJob.environment(gate).getStreamGraph().getJobGraph();
    return cluster.submitJob(graph).get().getJobID();
  }

  private static String stop(JobID job) throws Exception {
    return cluster
        .stopWithSavepoint(
            job,
            folder.resolve("savepoints").toUri().toString(),
            false,
            SavepointFormatType.CANONICAL)
        .get();
  }

  private static CheckpointStatsCounts checkpoints(JobID job) throws Exception {
    return cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot().getCounts();
  }

  /** Waits until what a chapter makes known is judged. */
  private static void judged(int chapter) {
    long until = Rollouts.START_MS + chapter * CHAPTER - 2 * HOUR;
    await("chapter " + chapter)
        .atMost(PATIENCE)
        .until(() -> GateOutput.of(config).judgedMs() >= until);
  }

  private static void produce(int chapter) {
    produceUntil(chapter == CHAPTERS ? Long.MAX_VALUE : Rollouts.START_MS + chapter * CHAPTER);
  }

  private static void produceUntil(long untilMs) {
    while (sent < ARRIVALS.size() && ARRIVALS.get(sent).atMs() < untilMs) {
      ARRIVALS.get(sent).send().accept(producer);
      sent++;
    }
    producer.flush();
  }

  /**
   * Events within the bound of their time, every tenth again within the bound; ticks as far as no
   * event older than they can come; then events that show every partition that the end has passed.
   */
  private static List<Arrival> arrivals() {
    Random random = new Random(11);
    List<Arrival> all = new ArrayList<>();
    for (RolloutEvent event : Rollouts.events("m")) {
      if (event.eventTimeMs() < END) {
        all.add(Arrival.clock(event.eventTimeMs(), GateTopics.defined(event)));
      }
    }
    for (int i = 0; i < VISITS; i++) {
      long at = Rollouts.START_MS + (long) (random.nextDouble() * (END - Rollouts.START_MS - HOUR));
      visit(i, at, random, all);
    }
    for (long t = Rollouts.START_MS; t <= END; t += 30 * MINUTE) {
      all.add(Arrival.clock(t + BOUND, RolloutEvent.tick("t" + t, t)));
    }
    all.add(Arrival.clock(END + 2 * BOUND, RolloutEvent.tick("last", END + 1)));
    for (int i = 0; i < 200; i++) {
      String id = "after" + i;
      long at = END + 3 * BOUND;
      all.add(Arrival.event(at, to -> to.exposure(exposure(id, at, id))));
      all.add(Arrival.event(at, to -> to.outcome(outcome(id, at, id, "request", 1))));
    }
    all.sort(Comparator.comparingLong(Arrival::atMs));
    return all;
  }

  private static void visit(int number, long at, Random random, List<Arrival> all) {
    String unit = "user-" + random.nextInt(VISITS / 2);
    coming(at, random, all, to -> to.exposure(exposure("e" + number, at, unit)));
    for (String name : new String[] {"request", "error", "purchase", "unread"}) {
      if (random.nextInt(3) > 0) {
        long when = at + random.nextInt((int) (30 * MINUTE));
        int value = random.nextInt(90);
        coming(
            when, random, all, to -> to.outcome(outcome(name + number, when, unit, name, value)));
      }
    }
  }

  private static void coming(
      long at, Random random, List<Arrival> all, Consumer<EventProducer> send) {
    all.add(Arrival.event(at + (long) (random.nextDouble() * BOUND), send));
    if (random.nextInt(10) == 0) {
      all.add(Arrival.event(at + (long) (random.nextDouble() * BOUND), send));
    }
  }

  private static Exposure exposure(String id, long at, String unit) {
    Map<String, String> country = Map.of("country", unit.hashCode() % 3 == 0 ? "DE" : "FR");
    String variant = unit.hashCode() % 2 == 0 ? "off" : "on";
    return new Exposure(id, at, unit, "m", variant, "", "split", country);
  }

  private static Outcome outcome(String id, long at, String unit, String name, int value) {
    return new Outcome(id, at, unit, name, value * 1_000_000L, true, Map.of());
  }
}
