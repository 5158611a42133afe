package io.tidegate.connector;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of an embedded platform: its configuration, its key, and what it can delete. */
final class PlatformFiles {

  private static final int KEY_BYTES = 32;
  private static final String CONFIG = "tidegate.yaml";
  private static final String CATALOG = "catalog.db";
  private static final String WAREHOUSE = "warehouse";
  private static final String KEY = "unit.key";
  private static final String CLUSTER = "flink";

  /** All that a platform makes in its folder. */
  private static final List<String> ALL =
      List.of(
          CONFIG, "kafka", CATALOG, CATALOG + "-wal", CATALOG + "-shm", WAREHOUSE, CLUSTER, KEY);

  private static final YAMLMapper YAML = new YAMLMapper();

  private final Path folder;

  PlatformFiles(Path folder) {
    this.folder = folder;
  }

  Path config() {
    return folder.resolve(CONFIG);
  }

  /** Whether one of the files is there. */
  boolean exist() {
    return ALL.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
  }

  /** Writes the configuration by which jobs and tools find everything, and reads it. */
  TidegateConfig write(
      EmbeddedPlatform.Options options, String bootstrapServers, Map<String, String> flink) {
    Path key = folder.resolve(KEY);
    Path warehouse = folder.resolve(WAREHOUSE);
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("kafka", Map.of("bootstrap_servers", bootstrapServers));
    Map<String, String> catalog = new LinkedHashMap<>();
    catalog.put("type", "jdbc");
    catalog.put(
        "uri", "jdbc:sqlite:" + folder.resolve(CATALOG) + "?journal_mode=WAL&busy_timeout=8000");
    catalog.put("warehouse", "file://" + warehouse);
    yaml.put("catalog", catalog);
    yaml.put("privacy", Map.of("unit_key_file", key.toString()));
    if (!options.events().isEmpty()) {
      yaml.put("events", new TreeMap<>(options.events()));
    }
    yaml.put(
        "runtime",
        Map.of("checkpoint_interval", "PT" + options.checkpointIntervalMs() / 1000.0 + "S"));
    yaml.put(CLUSTER, new TreeMap<>(flink));
    try {
      Files.createDirectories(warehouse);
      if (!Files.exists(key)) {
        writeKey(key);
      }
      Files.writeString(config(), YAML.writeValueAsString(yaml));
    } catch (IOException e) {
      throw unwritable(e);
    }
    return TidegateConfig.load(config());
  }

  /** Takes the cluster out of the configuration. */
  void forgetCluster() {
    try {
      Map<String, Object> yaml =
          YAML.readValue(config().toFile(), new TypeReference<LinkedHashMap<String, Object>>() {});
      yaml.remove(CLUSTER);
      Files.writeString(config(), YAML.writeValueAsString(yaml));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void delete() {
    try {
      for (String name : ALL) {
        Path part = folder.resolve(name);
        if (Files.exists(part)) {
          deleteAll(part);
        }
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void deleteAll(Path part) throws IOException {
    try (Stream<Path> files = Files.walk(part)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
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

  private UserError unwritable(IOException e) {
    return new UserError(folder.toString(), "", Catalogs.reason(e), "a folder that can be written");
  }
}
