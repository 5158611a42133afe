package io.tidegate.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * The real parts in one process and one folder: a Kafka broker, an Iceberg catalog on SQLite with a
 * local warehouse, a Flink cluster with its web pages. Started again on the same folder it takes up
 * what is there.
 *
 * <p>In the folder: {@code tidegate.yaml} (the configuration by which jobs and tools find
 * everything), {@code kafka/}, {@code catalog.db}, {@code warehouse/}, {@code flink/}, {@code
 * unit.key}.
 */
public final class EmbeddedPlatform implements AutoCloseable {

  /** Folder used unless the user names one. */
  public static final Path DEFAULT_FOLDER = Path.of("tidegate-data");

  private final Path folder;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final EmbeddedBroker broker;
  private final EmbeddedFlink flink;
  private final TidegateConfig config;

  /**
   * What to start.
   *
   * @param folder where everything is kept
   * @param kafkaPort loopback port of the broker; 0 for any
   * @param webPort loopback port of Flink's web pages; 0 for any
   * @param slots how many parallel tasks fit
   * @param checkpointIntervalMs default checkpoint interval of jobs
   * @param events settings of the configuration's section {@code events}, such as the clock
   */
  public record Options(
      Path folder,
      int kafkaPort,
      int webPort,
      int slots,
      long checkpointIntervalMs,
      Map<String, String> events) {

    public Options {
      events = Map.copyOf(events);
    }

    public static Options in(Path folder) {
      return new Options(folder, 0, 0, 8, 10_000, Map.of());
    }

    public Options withPorts(int kafka, int web) {
      return new Options(folder, kafka, web, slots, checkpointIntervalMs, events);
    }

    public Options withEvents(Map<String, String> settings) {
      return new Options(folder, kafkaPort, webPort, slots, checkpointIntervalMs, settings);
    }
  }

  private EmbeddedPlatform(Options options) {
    this.folder = options.folder().toAbsolutePath().normalize();
    parts.push(FolderLock.take(folder));
    try {
      this.broker = EmbeddedBroker.start(folder.resolve("kafka"), options.kafkaPort());
      parts.push(broker);
      this.flink = EmbeddedFlink.start(folder.resolve("flink"), options.webPort(), options.slots());
      parts.push(flink);
      this.config = new PlatformFiles(folder).write(options, bootstrapServers(), flink.settings());
      parts.push(() -> new PlatformFiles(folder).forgetCluster());
      try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
        topics.createMissing(1);
      }
      Catalogs.createMissing(config.catalog(), Catalogs.open(config.catalog()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts everything; returns when it can be used. Throws a UserError where a port or the folder
   * is taken.
   */
  public static EmbeddedPlatform start(Options options) {
    return new EmbeddedPlatform(options);
  }

  public static EmbeddedPlatform start(Path folder) {
    return start(Options.in(folder));
  }

  /**
   * Deletes what an earlier platform left in a folder, and nothing else there. Throws a UserError
   * where one still runs in it.
   */
  public static void clear(Path folder) {
    try (FolderLock held = FolderLock.take(folder)) {
      new PlatformFiles(folder).delete();
    }
  }

  /** Whether an earlier platform left something in a folder. */
  public static boolean isUsed(Path folder) {
    return new PlatformFiles(folder).exist();
  }

  public Path folder() {
    return folder;
  }

  /** The configuration of every job here; also in {@link #configFile()}. */
  public TidegateConfig config() {
    return config;
  }

  public Path configFile() {
    return new PlatformFiles(folder).config();
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Address of Flink's web pages. */
  public URI webUi() {
    return flink.address();
  }

  /**
   * Stops everything; what is in the folder stays. Its configuration then names no cluster, so that
   * jobs over the tables run in the process that starts them.
   */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
