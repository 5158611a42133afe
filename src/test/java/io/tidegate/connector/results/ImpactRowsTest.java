package io.tidegate.connector.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.ImpactRows;
import io.tidegate.codec.Tables;
import io.tidegate.model.AttemptId;
import io.tidegate.model.ReportData;
import io.tidegate.model.RunStamp;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.io.TaskWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of the impact tables, from the model through a table and back. */
class ImpactRowsTest {

  private static final RunStamp FIRST = new RunStamp("run-a", 1, 1_772_500_000_000L, 11, 12, 13);
  private static final AttemptId ATTEMPT = new AttemptId(SampleRollout.ID, 1);

  @TempDir private Path folder;

  @Test
  void rows_survive_their_tables_and_the_newest_run_is_read() throws IOException {
    ReportData data = SampleRollout.rolledBack();
    try (TableFixture tables = TableFixture.create(folder)) {
      SampleTables.write(tables, data);
      RunStamp newest = new RunStamp("run-b", data.runStamp().revision() + 1, 99_000, 21, 22, 23);
      write(tables, data, newest);
      ReportData read = new ReportReader(tables.config(), tables.catalog()).read(SampleRollout.ID);
      assertThat(read.retention()).isNotEmpty();
      assertThat(read.retention()).containsExactlyInAnyOrderElementsOf(data.retention());
      assertThat(read.revenue()).isNotEmpty();
      assertThat(read.revenue()).containsExactlyInAnyOrderElementsOf(data.revenue());
      assertThat(read.impacts()).isNotEmpty();
      assertThat(read.impacts()).containsExactlyInAnyOrderElementsOf(data.impacts());
      assertThat(read.comparisons()).isNotEmpty();
      assertThat(read.comparisons()).containsExactlyInAnyOrderElementsOf(data.comparisons());
      assertThat(read.runStamp()).isEqualTo(newest);
    }
  }

  /** Of which tables a run has rows depends on the data, so rows alone do not say that it ended. */
  @Test
  void run_is_known_only_when_it_was_marked_as_whole() throws IOException {
    ReportData data = SampleRollout.rolledBack();
    try (TableFixture tables = TableFixture.create(folder)) {
      assertThat(runs(tables).newestRevision(ATTEMPT)).isZero();
      assertThat(runs(tables).isNewest(ATTEMPT, "run-a")).isFalse();
      append(
          tables,
          Tables.RETENTION_CURVES,
          data.retention().stream().map(p -> ImpactRows.retention(p, FIRST)).toList());
      append(
          tables,
          Tables.REVENUE_CURVES,
          data.revenue().stream().map(p -> ImpactRows.revenue(p, FIRST)).toList());
      append(
          tables,
          Tables.IMPACT_REPORTS,
          data.impacts().stream().map(e -> ImpactRows.effect(e, FIRST)).toList());
      assertThat(runs(tables).newestRevision(ATTEMPT)).isEqualTo(1);
      assertThat(runs(tables).isNewest(ATTEMPT, "run-a"))
          .as("stopped before the comparisons were committed")
          .isFalse();
      append(
          tables,
          Tables.STAGE_COMPARISONS,
          data.comparisons().stream().map(c -> ImpactRows.comparison(c, FIRST)).toList());
      ImpactRuns.mark(tables.config(), Map.of(ATTEMPT, FIRST));
      assertThat(runs(tables).isNewest(ATTEMPT, "run-a")).isTrue();
      assertThat(runs(tables).isNewest(ATTEMPT, "run-b")).isFalse();
      assertThat(runs(tables).newestRevision(new AttemptId(SampleRollout.ID, 2))).isZero();
    }
  }

  private static ImpactRuns runs(TableFixture tables) {
    return ImpactRuns.read(tables.config(), Set.of(SampleRollout.ID));
  }

  private static void write(TableFixture tables, ReportData data, RunStamp stamp)
      throws IOException {
    append(
        tables,
        Tables.RETENTION_CURVES,
        data.retention().stream().map(p -> ImpactRows.retention(p, stamp)).toList());
    append(
        tables,
        Tables.REVENUE_CURVES,
        data.revenue().stream().map(p -> ImpactRows.revenue(p, stamp)).toList());
    append(
        tables,
        Tables.IMPACT_REPORTS,
        data.impacts().stream().map(e -> ImpactRows.effect(e, stamp)).toList());
    append(
        tables,
        Tables.STAGE_COMPARISONS,
        data.comparisons().stream().map(c -> ImpactRows.comparison(c, stamp)).toList());
  }

  /** Through the writer that the jobs' sinks use. */
  private static void append(TableFixture tables, String name, List<RowData> rows)
      throws IOException {
    Table table =
        tables
            .catalog()
            .loadTable(io.tidegate.connector.Catalogs.identifier(tables.config(), name));
    RowType type = FlinkSchemaUtil.convert(table.schema());
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table, type, Long.MAX_VALUE, FileFormat.PARQUET, Map.of(), null, false);
    factory.initialize(0, System.identityHashCode(rows));
    AppendFiles append = table.newAppend();
    try (TaskWriter<RowData> writer = factory.create()) {
      for (RowData row : rows) {
        writer.write(row);
      }
      for (DataFile file : writer.complete().dataFiles()) {
        append.appendFile(file);
      }
    }
    append.commit();
  }
}
