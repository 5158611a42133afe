package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.ImpactRows;
import io.tidegate.codec.TableDefinition;
import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ReportData;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that an older version made are brought up to date without losing a row. */
class OlderTablesITCase {

  @TempDir Path folder;

  @Test
  void createMissing_renamesAndAddsColumns() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.EXPOSURES, List.of(Map.of("_topic_partition", 7)));
      Table table = load(tables, Tables.EXPOSURES);
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

  /** Rows are filled by position. */
  @Test
  void createMissing_putsColumnsInTheirPlace() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      for (TableDefinition wanted : Tables.ALL) {
        Table table = load(tables, wanted.name());
        List<String> names = names(table);
        String inTheMiddle = names.get(wanted.dayColumn().equals(names.get(1)) ? 2 : 1);
        table.updateSchema().deleteColumn(inTheMiddle).commit();

        Catalogs.createMissing(tables.config(), tables.catalog());

        table.refresh();
        assertThat(names(table)).as(wanted.name()).isEqualTo(names);
      }
    }
  }

  @Test
  void append_fillsATableThatLackedAColumn() throws Exception {
    ImpactEstimate estimate = SampleRollout.rolledBack().impacts().get(0);
    try (TableFixture tables = TableFixture.create(folder)) {
      Table table = load(tables, Tables.IMPACT_REPORTS);
      table.updateSchema().deleteColumn("aspect").commit();
      Catalogs.createMissing(tables.config(), tables.catalog());
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.setRuntimeMode(RuntimeExecutionMode.BATCH);

      IcebergTables.append(
          env.fromData(0),
          TidegateConfig.load(tables.configFile()),
          Tables.IMPACT_REPORTS,
          index -> effect(SampleRollout.rolledBack(), index),
          "older");
      env.execute("append");

      table.refresh();
      try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
        assertThat(rows)
            .singleElement()
            .satisfies(
                row -> {
                  assertThat(row.getField("aspect")).isEqualTo("observed");
                  assertThat(row.getField("age_days")).isEqualTo(estimate.ageDays());
                  assertThat(row.getField("effect_size")).isEqualTo(estimate.effectSize());
                });
      }
    }
  }

  private static RowData effect(ReportData data, int index) {
    return ImpactRows.effect(data.impacts().get(index), data.runStamp());
  }

  private static Table load(TableFixture tables, String name) {
    return tables.catalog().loadTable(Catalogs.identifier(tables.config(), name));
  }

  private static List<String> names(Table table) {
    return table.schema().columns().stream().map(Types.NestedField::name).toList();
  }
}
