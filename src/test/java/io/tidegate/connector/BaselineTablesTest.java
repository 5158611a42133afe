package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTablesTest {

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final long START_MS = 100 * DAY_MS;
  private static final long END_MS = START_MS + 56 * DAY_MS;

  @TempDir Path folder;

  @Test
  void a_flag_counts_as_exposed_only_if_it_is_throughout_the_history() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int day = -10; day < 56; day++) {
        rows.add(exposure("always", day));
        if (day >= 48) {
          rows.add(exposure("new", day));
        } else if (day < 0) {
          rows.add(exposure("past", day));
        } else if (day < 20) {
          rows.add(exposure("removed", day));
        }
      }
      tables.append(Tables.EXPOSURES, rows);
      Table table =
          tables.catalog().loadTable(Catalogs.identifier(tables.config(), Tables.EXPOSURES));
      Long snapshot = table.currentSnapshot().snapshotId();
      Set<String> flags = Set.of("always", "new", "past", "removed", "unheard_of");
      assertThat(BaselineTables.exposedThroughout(table, snapshot, flags, START_MS, END_MS))
          .containsExactly("always");
      assertThat(
              BaselineTables.exposedThroughout(table, snapshot, flags, END_MS - 8 * DAY_MS, END_MS))
          .containsExactlyInAnyOrder("always", "new");
      assertThat(
              BaselineTables.exposedThroughout(table, snapshot, flags, END_MS - 7 * DAY_MS, END_MS))
          .isEmpty();
      assertThat(BaselineTables.exposedThroughout(table, null, flags, START_MS, END_MS)).isEmpty();
    }
  }

  private static Map<String, Object> exposure(String flag, int day) {
    return Map.of("flag_key", flag, "event_time", START_MS + day * DAY_MS);
  }
}
