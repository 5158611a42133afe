package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableMaintenanceTest {

  private static final long NOON = 1_767_614_400_000L;
  private static final long DAY = 86_400_000L;

  @TempDir private Path folder;
  private TableFixture tables;
  private TidegateConfig config;

  @BeforeEach
  void create() {
    tables = TableFixture.create(folder);
    config =
        TidegateConfig.load(tables.configFile(), Map.of())
            .withMaintain(new MaintainConfig(DAY, DAY, 2));
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  @Test
  void a_file_that_cannot_be_read_leaves_nothing_of_its_compaction_behind() throws Exception {
    List<Path> written = twoDaysOfTwoFiles();
    try (RandomAccessFile last = new RandomAccessFile(written.get(3).toFile(), "rw")) {
      last.seek(0);
      last.write(new byte[(int) last.length()]);
    }
    assertThatThrownBy(this::maintain).isInstanceOf(RuntimeException.class);
    assertThat(dataFiles()).containsExactlyInAnyOrderElementsOf(written);
  }

  @Test
  void a_file_that_is_gone_leaves_nothing_of_its_compaction_behind() throws Exception {
    List<Path> written = twoDaysOfTwoFiles();
    Files.delete(written.get(3));
    assertThat(maintain().written()).isZero();
    assertThat(dataFiles()).containsExactlyInAnyOrderElementsOf(written.subList(0, 3));
  }

  private TableMaintenance.Done maintain() {
    return TableMaintenance.run(config, Tables.EXPOSURES, Set.of(), NOON);
  }

  /** In the order of their commits. */
  private List<Path> twoDaysOfTwoFiles() throws IOException {
    List<Path> written = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Map<String, Object> row = Map.of("event_id", "e" + i, "event_time", NOON + i / 2 * DAY);
      tables.append(Tables.EXPOSURES, List.of(row));
      dataFiles().stream().filter(file -> !written.contains(file)).forEach(written::add);
    }
    return written;
  }

  private Collection<Path> dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("warehouse"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
