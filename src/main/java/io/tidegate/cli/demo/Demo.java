package io.tidegate.cli.demo;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineHistory;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.job.ArchiveJob;
import io.tidegate.job.BaselineJob;
import io.tidegate.job.GateJob;
import io.tidegate.job.ImpactJob;
import io.tidegate.model.History;
import io.tidegate.model.Resolved;
import io.tidegate.simulate.Truth;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The whole of Tidegate on a simulated shop: history through Kafka into Iceberg, what is normal, a
 * rollout judged while it happens, what it did.
 */
public final class Demo {

  /** Time comes from the shop's ticks; no partition is ever taken for idle. */
  private static final Map<String, String> EVENTS = Map.of("clock", "events", "idle", "PT10M");

  private static final long ARCHIVE_COMMITS_MS = 5_000;
  private static final long GATE_COMMITS_MS = 250;
  private static final long ASK_AGAIN_MS = 250;
  private static final String RECORDS = "total-records";
  private static final String CHECKPOINT = "flink.max-committed-checkpoint-id";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final DemoPlan plan;
  private final Progress progress;
  private final TidegateConfig config;
  private final Shop shop;
  private final Tooling tooling;

  private Demo(DemoPlan plan, Progress progress, TidegateConfig config, Shop shop) {
    this.plan = plan;
    this.progress = progress;
    this.config = config;
    this.shop = shop;
    this.tooling = new Tooling(plan.spec(), shop);
  }

  /** Runs the demo; everything is in the folder afterwards. */
  public static DemoResult run(DemoPlan plan, Progress progress, Audience audience)
      throws Exception {
    progress.step("start", "a Kafka broker, an Iceberg catalog and a Flink cluster");
    EmbeddedPlatform.Options options =
        EmbeddedPlatform.Options.in(plan.folder())
            .withPorts(plan.kafkaPort(), plan.webPort())
            .withEvents(EVENTS);
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(options);
        AutoCloseable seated = audience.seated(platform.config());
        Shop shop = new Shop(plan, platform.config())) {
      Files.write(plan.specFile(), plan.specYaml());
      progress.at("Kafka " + platform.bootstrapServers() + ", Flink's pages " + platform.webUi());
      DemoResult result = new Demo(plan, progress, platform.config(), shop).run();
      Thread stop = new Thread(platform::close, "stop-platform");
      Runtime.getRuntime().addShutdownHook(stop);
      audience.done(result);
      Runtime.getRuntime().removeShutdownHook(stop);
      return result;
    }
  }

  private DemoResult run() throws Exception {
    RunningJob archive =
        RunningJob.start("archive", ArchiveJob.environment(every(ARCHIVE_COMMITS_MS)));
    history(archive);
    baseline();
    define();
    JobExecutionResult gate = rollout();
    progress.step("archive", "the rollout's events and signals into the tables");
    awaitArchive(archive);
    archive.stop();
    impact();
    List<OffsetAudit.Partition> audit = audit();
    return new DemoResult(
        tooling.lines(), tooling.signals(), tooling.acts(), counts(gate), audit, truth());
  }

  private void history(RunningJob archive) throws Exception {
    progress.step("archive", "weeks of history through Kafka into Iceberg");
    shop.live(
        plan.rolloutStartMs(),
        timeMs ->
            progress.at(
                "simulated to %s, %,d events"
                    .formatted(day(timeMs), shop.exposures() + shop.outcomes())));
    awaitArchive(archive);
  }

  private void baseline() throws Exception {
    progress.step("baseline", "what is normal for every hour of the week");
    BaselineJob.run(config, List.of(plan.spec()), false);
  }

  private void define() {
    progress.step("define", "margins and base rates that history settles");
    History history = BaselineHistory.read(config.catalog());
    Resolved resolved = Resolver.resolve(plan.spec(), history);
    tooling.define(ResolvedJson.write(resolved), RolloutSpecs.toJson(plan.spec()));
  }

  private JobExecutionResult rollout() throws Exception {
    progress.step("gate", "the rollout, judged while it happens");
    // From the topics alone, so that what became of every event written can be counted.
    TidegateConfig counting =
        every(GATE_COMMITS_MS).withGate(config.gate().withBootstrap(GateConfig.Bootstrap.NONE));
    RunningJob gate = RunningJob.start("gate", GateJob.environment(counting));
    long lookMs = plan.spec().lookEvery().toMillis();
    try (SignalFeed feed = new SignalFeed(config.kafka())) {
      long lastMs = plan.rolloutStartMs() + plan.mostDays() * DAY_MS;
      while (!tooling.over() && shop.nowMs() < lastMs) {
        shop.live(shop.nowMs() + plan.poll().toMillis(), plan.spec().lookEvery());
        feed.await(Math.floorDiv(shop.completeMs(), lookMs) * lookMs, gate::requireAlive);
        tooling.act(feed.signals());
        progress.at(day(shop.nowMs()));
        progress.stages(tooling.lines());
      }
      shop.live(shop.nowMs() + plan.afterDays() * DAY_MS, plan.spec().lookEvery());
    }
    awaitGate(gate);
    return gate.stop();
  }

  private void impact() throws Exception {
    progress.step("impact", "retention, revenue and effects by stage cohort");
    ImpactJob.run(config, Set.of(plan.spec().id()));
  }

  /** Waits until the gate has taken everything written. */
  private void awaitGate(RunningJob gate) throws InterruptedException {
    Topics names = config.kafka().topics();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      for (String topic : List.of(names.exposures(), names.outcomes(), names.rollouts())) {
        while (!topics.readToEnd(GateJob.NAME, topic)) {
          gate.requireAlive();
          Thread.sleep(ASK_AGAIN_MS);
        }
      }
    }
  }

  /** Waits until the tables hold every usable event, and the hours what they add up to. */
  private void awaitArchive(RunningJob archive) throws InterruptedException {
    Table exposures = IcebergTables.load(config, Tables.EXPOSURES);
    Table outcomes = IcebergTables.load(config, Tables.OUTCOMES);
    Table hours = IcebergTables.load(config, Tables.METRIC_HOURLY);
    while (newest(exposures, RECORDS) < shop.exposures()
        || newest(outcomes, RECORDS) < shop.outcomes()
        || newest(hours, CHECKPOINT) < newest(outcomes, CHECKPOINT)) {
      archive.requireAlive();
      Thread.sleep(ASK_AGAIN_MS);
    }
  }

  /** A number of the newest snapshot's summary; 0 without a snapshot. */
  private static long newest(Table table, String property) {
    table.refresh();
    return table.currentSnapshot() == null
        ? 0
        : PropertyUtil.propertyAsLong(table.currentSnapshot().summary(), property, 0);
  }

  private List<OffsetAudit.Partition> audit() throws Exception {
    progress.step("audit", "every offset of every partition");
    List<OffsetAudit.Partition> found = OffsetAudit.run(config);
    if (!found.stream().allMatch(OffsetAudit.Partition::sound)) {
      ArchiveJob.environment(config.withBounded(true)).execute("tidegate-archive");
      found = OffsetAudit.run(config);
    }
    return found;
  }

  /** What is true of the simulated events, kept beside the data. */
  private Truth truth() throws IOException {
    Truth truth = shop.truth();
    JSON.writeValue(plan.truthFile().toFile(), truth);
    return truth;
  }

  private static Map<String, Long> counts(JobExecutionResult result) {
    Map<String, Long> counts = new TreeMap<>();
    result
        .getAllAccumulatorResults()
        .forEach(
            (name, value) -> {
              if (value instanceof Long count) {
                counts.put(name, count);
              }
            });
    return counts;
  }

  private TidegateConfig every(long commitsMs) {
    return config.withRuntime(
        config
            .runtime()
            .withBounded(false)
            .withCheckpointIntervalMs(commitsMs)
            .withFlink(Map.of("pipeline.auto-watermark-interval", "50 ms")));
  }

  private static String day(long timeMs) {
    return Instant.ofEpochMilli(timeMs).toString().substring(0, 16).replace('T', ' ');
  }
}
