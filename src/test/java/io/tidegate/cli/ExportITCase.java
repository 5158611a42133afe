package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.tidegate.codec.Tables;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.results.SampleTables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of real tables against what {@code sql} answers and what DuckDB reads. */
class ExportITCase {

  @TempDir static Path shared;
  private static TableFixture tables;

  @TempDir private Path folder;

  @BeforeAll
  static void write() {
    tables = TableFixture.create(shared);
    SampleTables.write(tables, SampleRollout.rolledBack());
  }

  @AfterAll
  static void close() throws IOException {
    tables.close();
  }

  @Test
  void table_isTheSameInCsvParquetAndSql() throws IOException, SQLException {
    Path question = Files.writeString(folder.resolve("all.sql"), "SELECT * FROM stage_estimates;");
    assertSame("stage_estimates", question.toString());
  }

  @Test
  void namedQuery_isTheSameInCsvParquetAndSql() throws IOException, SQLException {
    assertSame("decision_timeline", "decision_timeline");
  }

  private void assertSame(String source, String question) throws IOException, SQLException {
    Path csv = folder.resolve("a.csv");
    Path parquet = folder.resolve("a.parquet");
    String told = export(source, "--out", csv.toString()).err();
    export(source, "--out", parquet.toString());
    Cli sql = run("sql", question, "--output", "csv");
    List<List<String>> rows = rows(Files.readString(csv));
    assertThat(rows).hasSizeGreaterThan(5).isEqualTo(rows(sql.out()));
    assertThat(told).contains(rows.size() - 1 + " rows in " + csv);
    assertThat(duck(csv, parquet)).containsExactly(Integer.toString(rows.size() - 1), "0", "0");
  }

  @Test
  void query_isFilteredAndFormattedAsAsked() throws IOException {
    Path file = folder.resolve("segments.txt");
    String sql = "SELECT DISTINCT rollout_id, dimension, segment FROM stage_estimates";
    Cli cli =
        export("--query", sql, "--param", "segment=mobile", "--format", "csv", "--out", "" + file);
    assertThat(file).hasContent("rollout_id,dimension,segment\r\ncheckout-v2,device,mobile\r\n");
    assertThat(cli.err()).contains("1 rows in ", "min_segment_units may be among the rows");
  }

  @Test
  void wrongUse_isToldAndWritesNothing() {
    String out = folder.resolve("a.csv").toString();
    assertRefused("did you mean stage_estimates?", "stage_estimate", "--out", out);
    assertRefused("is_the_split_fair", "nothing_of_the_kind", "--out", out);
    assertRefused("--query: expected a query", "--query", "DROP TABLE outcomes", "--out", out);
    assertRefused(
        "found nowhere: expected a column", "outcomes", "--param", "nowhere=1", "--out", out);
    assertRefused("a name that ends in .csv or .parquet", "outcomes", "--out", out + ".xls");
    assertRefused("Expected one of TABLE|QUERY|FILE and --query", "--out", out);
    assertThat(folder).isEmptyDirectory();
    assertThat(tables.catalog().tableExists(Catalogs.identifier(tables.config(), Tables.OUTCOMES)))
        .isTrue();
  }

  @Test
  void catalogWithoutTables_isToldHowToMakeThem() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("new.yaml"),
            """
            kafka: {bootstrap_servers: "127.0.0.1:1"}
            catalog: {uri: "jdbc:sqlite:%1$s/new.db", warehouse: "%1$s/new"}
            """
                .formatted(folder));
    Path out = folder.resolve("a.csv");
    Cli cli = Cli.run("export", "--config", "" + config, "outcomes", "--out", "" + out);
    assertThat(cli.code()).as(cli.err()).isEqualTo(Tidegate.USAGE);
    assertThat(cli.err()).contains("catalog.namespace: found tidegate", "./tidegate init");
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(String why, String... arguments) {
    Cli cli = Cli.run(withConfig("export", arguments));
    assertThat(cli.code()).as(cli.err()).isEqualTo(Tidegate.USAGE);
    assertThat(cli.err()).contains(why);
  }

  private static Cli export(String... arguments) {
    return run("export", arguments);
  }

  private static Cli run(String command, String... arguments) {
    Cli cli = Cli.run(withConfig(command, arguments));
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static String[] withConfig(String command, String... arguments) {
    Stream<String> before = Stream.of(command, "--config", tables.configFile().toString());
    return Stream.concat(before, Stream.of(arguments)).toArray(String[]::new);
  }

  private static List<List<String>> rows(String csv) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    new CsvMapper()
        .readerFor(String[].class)
        .with(CsvParser.Feature.WRAP_AS_ARRAY)
        .<String[]>readValues(csv)
        .forEachRemaining(row -> rows.add(List.of(row)));
    return rows;
  }

  /** Rows of the Parquet file, and rows that only one of the files has, both ways. */
  private static List<String> duck(Path csv, Path parquet) throws SQLException {
    List<String> counts = new ArrayList<>();
    String typed = "FROM '" + parquet + "'";
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("CREATE TABLE t AS " + typed + " LIMIT 0");
      statement.execute("COPY t FROM '" + csv + "' (HEADER, ALLOW_QUOTED_NULLS false)");
      for (String rows :
          List.of(typed, typed + " EXCEPT ALL FROM t", "FROM t EXCEPT ALL " + typed)) {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM (" + rows + ")")) {
          count.next();
          counts.add(count.getString(1));
        }
      }
    }
    return counts;
  }
}
