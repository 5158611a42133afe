package io.tidegate.connector;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

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

  private static final int KEY_BYTES = 32;

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
      this.config = configure(options);
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

  public Path folder() {
    return folder;
  }

  /** The configuration of every job here; also in {@link #configFile()}. */
  public TidegateConfig config() {
    return config;
  }

  public Path configFile() {
    return folder.resolve("tidegate.yaml");
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Address of Flink's web pages. */
  public URI webUi() {
    return flink.address();
  }

  private TidegateConfig configure(Options options) {
    Path key = folder.resolve("unit.key");
    Path warehouse = folder.resolve("warehouse");
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("kafka", Map.of("bootstrap_servers", bootstrapServers()));
    Map<String, String> catalog = new LinkedHashMap<>();
    catalog.put("type", "jdbc");
    catalog.put(
        "uri",
        "jdbc:sqlite:" + folder.resolve("catalog.db") + "?journal_mode=WAL&busy_timeout=8000");
    catalog.put("warehouse", "file://" + warehouse);
    yaml.put("catalog", catalog);
    yaml.put("privacy", Map.of("unit_key_file", key.toString()));
    if (!options.events().isEmpty()) {
      yaml.put("events", new TreeMap<>(options.events()));
    }
    yaml.put(
        "runtime",
        Map.of("checkpoint_interval", "PT" + options.checkpointIntervalMs() / 1000.0 + "S"));
    yaml.put("flink", new TreeMap<>(flink.settings()));
    try {
      Files.createDirectories(warehouse);
      if (!Files.exists(key)) {
        writeKey(key);
      }
      Files.writeString(configFile(), new YAMLMapper().writeValueAsString(yaml));
    } catch (IOException e) {
      throw new UserError(
          folder.toString(), "", Catalogs.reason(e), "a folder that can be written");
    }
    return TidegateConfig.load(configFile());
  }

  private static void writeKey(Path file) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, HexFormat.of().formatHex(key));
  }

  /** Stops everything; what is in the folder stays. */
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
