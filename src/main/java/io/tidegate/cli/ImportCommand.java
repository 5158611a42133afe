package io.tidegate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.DecodeLimits;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.RolloutLog;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.UnitKeys;
import io.tidegate.connector.imports.IcebergEvents;
import io.tidegate.connector.imports.Importer;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping;
import io.tidegate.spec.ImportMappings;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a file into exposures and outcomes by a mapping. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Turn a CSV, TSV, blank-separated or Parquet file into exposures and outcomes by a mapping,"
            + " into Kafka (with ticks, so that time passes) or straight into Iceberg.")
final class ImportCommand implements Callable<Integer> {

  private static final int SHOWN_REJECTS = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where events go. */
  enum Target {
    KAFKA,
    ICEBERG
  }

  @Mixin private OutputOption output;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "FILE", description = "File to read; gzip is seen by itself.")
  private Path file;

  @Option(
      names = "--mapping",
      required = true,
      paramLabel = "MAP.yaml",
      description = "How rows become events.")
  private Path mappingFile;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "kafka|iceberg",
      description = "Where events go.")
  private Target target;

  @Option(
      names = "--tick",
      paramLabel = "DURATION",
      defaultValue = "PT1H",
      description =
          "Kafka: time from one tick of the clock to the next; PT0S for none (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration tick;

  @Option(
      names = "--watch",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description =
          "Kafka: how long after the last event nothing more happened; the last tick says so"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration watch;

  @Option(
      names = "--rollout",
      paramLabel = "SPEC",
      description =
          "Kafka: spec of the rollout that the file is about: defined at the first event, completed"
              + " when the data end.")
  private @Nullable Path rolloutFile;

  @Option(
      names = "--enter",
      paramLabel = "STAGE=TIME",
      description =
          "With --rollout: when a stage was entered; may be repeated (default: the first stage at"
              + " the first event, each other after the minimum duration of the one before).")
  private Map<String, String> entered = new LinkedHashMap<>();

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "Write every row that cannot be used, with its reason, as JSON lines.")
  private @Nullable Path rejects;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ImportCommand() {}

  @Override
  public Integer call() throws IOException {
    ImportMapping mapping = ImportMappings.read(mappingFile);
    check();
    TidegateConfig platform = TidegateConfig.load(config.file());
    Importer.Summary summary;
    try (Rejects refused = new Rejects()) {
      Importer importer = new Importer(mapping, file, refused);
      summary =
          target == Target.KAFKA ? toKafka(importer, platform) : toIceberg(importer, platform);
    }
    ResultTable table =
        new ResultTable("rows", "exposures", "outcomes", "rejected", "first", "last");
    boolean any = summary.exposures() + summary.outcomes() > 0;
    table.row(
        summary.rows(),
        summary.exposures(),
        summary.outcomes(),
        summary.rejectedRows(),
        any ? Instant.ofEpochMilli(summary.firstMs()).toString() : null,
        any ? Instant.ofEpochMilli(summary.lastMs()).toString() : null);
    output.print(table);
    summary.rejected().forEach((reason, n) -> output.err().println(n + " rows: " + reason));
    return Tidegate.OK;
  }

  private void check() {
    if (tick.isNegative() || watch.isNegative()) {
      throw new UserError("--tick, --watch", "", tick + ", " + watch, "durations of 0 or more");
    }
    if (rolloutFile == null && !entered.isEmpty()) {
      throw new UserError("--enter", "", entered.toString(), "--rollout SPEC beside it");
    }
    if (rolloutFile != null && (target != Target.KAFKA || tick.isZero())) {
      throw new UserError(
          "--rollout", "", rolloutFile.toString(), "--to kafka and ticks of its clock beside it");
    }
  }

  private @Nullable ImportedRollout rollout(TidegateConfig platform) {
    if (rolloutFile == null) {
      return null;
    }
    Duration outOfOrder = Duration.ofMillis(platform.events().outOfOrderMs());
    return ImportedRollout.of(RolloutSpecs.read(rolloutFile, outOfOrder), entered);
  }

  private Importer.Summary toKafka(Importer importer, TidegateConfig platform) {
    ImportedRollout rollout = rollout(platform);
    try (KafkaTopics topics = KafkaTopics.connect(platform.kafka())) {
      topics.createMissing(1);
    }
    long frontierMs = rollout == null ? 0 : RolloutLog.frontierMs(platform);
    try (EventProducer producer = new EventProducer(platform.kafka())) {
      String exposures = platform.kafka().topics().exposures();
      String outcomes = platform.kafka().topics().outcomes();
      ImportTimeline timeline = new ImportTimeline(producer, tick.toMillis(), frontierMs, rollout);
      Importer.Summary summary =
          importer.run(
              (exposure, timeMs, unit, json) -> {
                timeline.before(timeMs);
                producer.send(exposure ? exposures : outcomes, timeMs, unit, json);
              });
      if (summary.lastMs() > Long.MIN_VALUE) {
        timeline.end(summary.lastMs() + 1 + watch.toMillis());
      }
      producer.flush();
      return summary;
    }
  }

  private Importer.Summary toIceberg(Importer importer, TidegateConfig platform)
      throws IOException {
    DecodeLimits limits =
        new DecodeLimits(
            platform.events().maxBytes(),
            platform.events().maxFutureMs(),
            platform.events().maxPastMs());
    try (IcebergEvents events =
        new IcebergEvents(
            platform.catalog(),
            Catalogs.open(platform.catalog()),
            limits,
            UnitKeys.pseudonymiser(platform.privacy()),
            "import:" + file.getFileName())) {
      Importer.Summary summary = importer.run(events);
      events.commit();
      return summary;
    }
  }

  /** Counts and shows rows that cannot be used, and writes them where the user wants them. */
  private final class Rejects implements Consumer<Importer.Rejected>, AutoCloseable {

    private final @Nullable Writer lines;
    private long count;

    Rejects() throws IOException {
      this.lines = rejects == null ? null : Files.newBufferedWriter(rejects);
    }

    @Override
    public void accept(Importer.Rejected rejected) {
      if (count++ < SHOWN_REJECTS) {
        output
            .err()
            .println(rejected.file() + ": row " + rejected.row() + ": " + rejected.problem());
      }
      if (lines != null) {
        try {
          lines.write(JSON.writeValueAsString(rejected) + "\n");
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (count > SHOWN_REJECTS) {
        output.err().println("… " + (count - SHOWN_REJECTS) + " more rows cannot be used");
      }
      if (lines != null) {
        lines.close();
      }
    }
  }
}
