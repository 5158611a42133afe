package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar, submitted with Flink's own client to a JobManager and task managers in
 * processes of their own, over a real broker; a task manager is killed while events come.
 */
class ClusterITCase {

  private static final Path JAR =
      Path.of(System.getProperty("tidegate.jar", "target/tidegate.jar")).toAbsolutePath();

  /** Simulated hours before the kill, and again after the restore; one a beat. */
  private static final int HOURS = 10;

  private static final int UNITS_AN_HOUR = 60;
  private static final int MALFORMED_EVERY = 30;
  private static final Duration BEAT = Duration.ofMillis(400);

  /** For a machine that does other work as well. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String FIRST = "task-manager-1";
  private static final String SECOND = "task-manager-2";

  @TempDir private Path folder;

  @Test
  void a_killed_task_manager_loses_and_repeats_nothing() throws Exception {
    assertThat(JAR).as("the packaged jar; mvn package makes it").isRegularFile();
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("data"));
        FlinkProcesses cluster =
            new FlinkProcesses(Files.createDirectories(folder.resolve("cluster")))) {
      try {
        run(platform.config(), jobConfig(platform.configFile()), cluster);
      } catch (AssertionError | ConditionTimeoutException e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.describe(), e);
      }
    }
  }

  private static void run(TidegateConfig config, Path file, FlinkProcesses cluster)
      throws Exception {
    define(config);
    Process first = cluster.startTaskManager(FIRST);
    submit(cluster, file);
    String archive = cluster.jobs().get("tidegate-archive");
    String gate = cluster.jobs().get("tidegate-gate");
    int hours;
    try (Feed feed = new Feed(config)) {
      waiting("events, checkpoints and rows with the first task manager")
          .until(
              () ->
                  feed.hour() > HOURS
                      && cluster.running(archive).equals(Set.of(FIRST))
                      && cluster.running(gate).equals(Set.of(FIRST))
                      && cluster.checkpoints(archive) > 1
                      && cluster.checkpoints(gate) > 1
                      && rows(OffsetAudit.run(config), "exposures") > 0);
      first.destroyForcibly().waitFor();
      assertThat(first.exitValue()).as("killed by signal 9").isEqualTo(128 + 9);
      cluster.startTaskManager(SECOND);
      waiting("both jobs on the second task manager, from a checkpoint")
          .until(
              () ->
                  cluster.restores(archive) > 0
                      && cluster.restores(gate) > 0
                      && cluster.running(archive).equals(Set.of(SECOND))
                      && cluster.running(gate).equals(Set.of(SECOND)));
      hours = feed.finish();
    }
    waiting("the signal of every boundary")
        .untilAsserted(() -> assertThat(boundaries(config)).hasSizeGreaterThanOrEqualTo(hours));
    assertThat(boundaries(config)).doesNotHaveDuplicates();
    waiting("every record in the archive")
        .untilAsserted(() -> assertThat(OffsetAudit.run(config)).allMatch(p -> p.missing() == 0));
    List<OffsetAudit.Partition> audit = OffsetAudit.run(config);
    assertThat(audit).allMatch(OffsetAudit.Partition::sound);
    assertThat(rows(audit, "exposures")).isEqualTo((long) hours * UNITS_AN_HOUR);
    assertThat(rows(audit, "outcomes")).isEqualTo(2L * hours * UNITS_AN_HOUR);
    assertThat(rows(audit, "gate-signals")).isEqualTo(boundaries(config).size());
    assertThat(audit.stream().mapToLong(OffsetAudit.Partition::deadLetters).sum())
        .isEqualTo((long) hours * UNITS_AN_HOUR / MALFORMED_EVERY);
  }

  private static ConditionFactory waiting(String what) {
    return await(what).atMost(PATIENCE).pollInterval(Duration.ofSeconds(1));
  }

  /** The platform's configuration for a job elsewhere, with checkpoints every two seconds. */
  private Path jobConfig(Path platform) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    ObjectNode config = (ObjectNode) yaml.readTree(Files.readAllBytes(platform));
    config.remove("flink");
    config.putObject("runtime").put("checkpoint_interval", "PT2S");
    config.putObject("events").put("clock", "events").put("idle", "PT5S");
    return Files.write(folder.resolve("job.yaml"), yaml.writeValueAsBytes(config));
  }

  private static void submit(FlinkProcesses cluster, Path config) throws Exception {
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      List<java.util.concurrent.Future<String>> said = new ArrayList<>();
      for (Class<?> job : List.of(ArchiveJob.class, GateJob.class)) {
        said.add(both.submit(() -> cluster.submit(job.getName(), JAR, config)));
      }
      for (var each : said) {
        assertThat(each.get()).contains("Job has been submitted with JobID");
      }
    } finally {
      both.shutdownNow();
    }
  }

  private static void define(TidegateConfig config) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (RolloutEvent event : Rollouts.events("m").subList(0, 2)) {
        producer.rollout(
            event.kind() == RolloutEvent.Kind.DEFINED
                ? RolloutEvent.defined(
                    event.eventId(),
                    event.eventTimeMs(),
                    "m",
                    "test",
                    RolloutSpecs.toJson(Rollouts.spec("m", Assignment.MATCHED)),
                    "")
                : event);
      }
    }
  }

  /** Events of an hour each beat, then the hour's tick. */
  private static final class Feed implements AutoCloseable {
    private final EventProducer producer;
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger hour = new AtomicInteger();
    private final AtomicInteger last = new AtomicInteger(Integer.MAX_VALUE);
    private final CompletableFuture<Integer> finished = new CompletableFuture<>();

    Feed(TidegateConfig config) {
      producer = new EventProducer(config.kafka());
      var unused = beat.scheduleAtFixedRate(this::step, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    int hour() {
      return hour.get();
    }

    /** Goes on for a while, then ends; returns the hours written in all. */
    int finish() throws Exception {
      last.set(hour.get() + HOURS);
      return finished.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void step() {
      try {
        write(hour.get());
        producer.flush();
        if (hour.incrementAndGet() >= last.get()) {
          finished.complete(hour.get());
          beat.shutdown();
        }
      } catch (RuntimeException e) {
        finished.completeExceptionally(e);
        throw e;
      }
    }

    private void write(int now) {
      long from = Rollouts.START_MS + (now + 1) * Rollouts.HOUR_MS;
      for (int i = 0; i < UNITS_AN_HOUR; i++) {
        int unit = now * UNITS_AN_HOUR + i;
        long at = from + i * (Rollouts.HOUR_MS / UNITS_AN_HOUR);
        String id = "user-" + unit;
        Map<String, String> attributes = Map.of("country", unit % 3 == 0 ? "DE" : "FR");
        producer.exposure(
            new Exposure(
                "e" + unit, at, id, "m", unit % 2 == 0 ? "off" : "on", "", "", attributes));
        producer.outcome(new Outcome("r" + unit, at, id, "request", 0, false, attributes));
        producer.outcome(
            new Outcome("p" + unit, at, id, "purchase", unit % 9 * 1_000_000L, true, attributes));
        if (unit % MALFORMED_EVERY == 0) {
          producer.send("outcomes", at, id, "{".getBytes(StandardCharsets.UTF_8));
        }
      }
      producer.rollout(RolloutEvent.tick("tick-" + now, from + Rollouts.HOUR_MS));
    }

    @Override
    public void close() {
      beat.shutdownNow();
      producer.close();
    }
  }

  private static long rows(List<OffsetAudit.Partition> audit, String topic) {
    return audit.stream()
        .filter(p -> p.topic().equals(topic))
        .mapToLong(OffsetAudit.Partition::rows)
        .sum();
  }

  /** Boundaries of the committed signals, in their order. */
  private static List<Long> boundaries(TidegateConfig config) {
    List<Long> boundaries = new ArrayList<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicReader.read(
          config.kafka(),
          topics.ranges(config.kafka().topics().gateSignals()),
          record -> {
            try {
              boundaries.add(SignalCodec.readSignal(record.value()).boundaryMs());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return boundaries;
  }
}
