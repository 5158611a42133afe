package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedSnapshotsTest {

  @TempDir private Path folder;

  @Test
  void read_takesOnlyRowsThatCameSinceItWasRemembered() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      Map<String, Object> first = Map.of("exposures_snapshot_id", 7L, "outcomes_snapshot_id", 8L);
      tables.append(Tables.BASELINES, List.of(first, first, first));
      NamedSnapshots read = NamedSnapshots.read(config);
      assertThat(read.of(Tables.EXPOSURES)).containsExactly(7L);
      assertThat(read.of(Tables.OUTCOMES)).containsExactly(8L);
      assertThat(read.of(Tables.ROLLOUT_EVENTS)).isEmpty();
      assertThat(read.rowsRead()).isEqualTo(3);
      assertThat(NamedSnapshots.read(config).rowsRead()).as("not remembered").isEqualTo(3);

      read.remember(config);
      assertThat(NamedSnapshots.read(config).rowsRead()).isZero();
      tables.append(Tables.BASELINES, List.of(Map.of("exposures_snapshot_id", 9L)));
      NamedSnapshots again = NamedSnapshots.read(config);
      assertThat(again.of(Tables.EXPOSURES)).containsExactly(9L);
      assertThat(again.rowsRead()).isEqualTo(1);
    }
  }
}
