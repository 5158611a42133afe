package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that an older version made are brought up to date without losing a row. */
class OlderTablesTest {

  @TempDir Path folder;

  @Test
  void createMissing_renamesAndAddsColumns() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.EXPOSURES, List.of(Map.of("_topic_partition", 7)));
      Table table =
          tables.catalog().loadTable(Catalogs.identifier(tables.config(), Tables.EXPOSURES));
      table
          .updateSchema()
          .renameColumn("_topic_partition", "_partition")
          .deleteColumn("record_time")
          .commit();

      Catalogs.createMissing(tables.config(), tables.catalog());

      table.refresh();
      assertThat(table.schema().findField("_partition")).isNull();
      try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
        assertThat(rows)
            .singleElement()
            .satisfies(
                row -> {
                  assertThat(row.getField("_topic_partition")).isEqualTo(7);
                  assertThat(row.getField("record_time")).isNull();
                });
      }
    }
  }
}
