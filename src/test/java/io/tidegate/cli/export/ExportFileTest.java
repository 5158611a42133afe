package io.tidegate.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.types.Row;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFileTest {

  private static final ResolvedSchema TEXTS =
      ResolvedSchema.of(
          Column.physical("id", DataTypes.INT()), Column.physical("note", DataTypes.STRING()));

  private static final ResolvedSchema TYPES =
      ResolvedSchema.of(
          Column.physical("seen", DataTypes.TIMESTAMP_LTZ(6)),
          Column.physical("local", DataTypes.TIMESTAMP(3)),
          Column.physical("on_day", DataTypes.DATE()),
          Column.physical("amount", DataTypes.DECIMAL(38, 2)),
          Column.physical("units", DataTypes.BIGINT()),
          Column.physical("rate", DataTypes.DOUBLE()),
          Column.physical("shown", DataTypes.BOOLEAN()),
          Column.physical("codes", DataTypes.ARRAY(DataTypes.STRING())),
          Column.physical("attributes", DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING())),
          Column.physical(
              "reason", DataTypes.ROW(DataTypes.FIELD("observed", DataTypes.DOUBLE()))));

  private static final List<Row> TYPED =
      List.of(
          Row.of(
              Instant.parse("2026-05-03T10:00:00.000250Z"),
              LocalDateTime.parse("2026-05-03T10:00"),
              LocalDate.parse("2026-05-03"),
              new BigDecimal("123456789012345678901234567890.10"),
              9_007_199_254_740_993L,
              -0.1,
              true,
              new String[] {"A", "B"},
              Map.of("plan", "pro", "device", "mobile"),
              named("observed", 0.5)),
          new Row(10));

  @TempDir private Path folder;

  @Test
  void csv_quotesAsRfc4180AndTellsNullFromEmpty() throws IOException {
    ExportFile.Written written =
        export(
            "a.csv",
            false,
            TEXTS,
            Row.of(1, "a \"b\", c"),
            Row.of(2, "two\nlines"),
            Row.of(3, ""),
            Row.of(4, null),
            Row.of(5, "Zürich 東京 🚀"));
    assertThat(Files.readString(folder.resolve("a.csv")))
        .isEqualTo(
            "id,note\r\n1,\"a \"\"b\"\", c\"\r\n2,\"two\nlines\"\r\n3,\"\"\r\n4,\r\n"
                + "5,\"Zürich 東京 🚀\"\r\n");
    assertThat(written).isEqualTo(new ExportFile.Written(5, 0));
  }

  /** Writes rows without end until it is stopped. */
  static final class Endless {
    public static void main(String[] args) throws IOException {
      Iterator<Row> rows = Stream.generate(() -> Row.of(1, "again")).iterator();
      new ExportFile(Path.of(args[0]), ExportFile.Format.CSV, false, false)
          .write(TEXTS, rows, count -> {});
    }
  }

  private Process endless(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Endless.class.getName(),
            folder.resolve(name).toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void export_thatIsStopped_leavesNothing_andOneThatIsKilledNothingForOneAfterAnHour()
      throws Exception {
    Process stopped = endless("a.csv");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> files().equals(List.of(".a.csv." + stopped.pid() + ".part")));
    stopped.destroy();
    stopped.waitFor();
    assertThat(files()).isEmpty();

    Process killed = endless("a.csv");
    String left = ".a.csv." + killed.pid() + ".part";
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> files().equals(List.of(left)));
    export("b.csv", false, TEXTS, Row.of(1, "a"));
    assertThat(files()).containsExactlyInAnyOrder(left, "b.csv");
    killed.destroyForcibly().waitFor();
    // A process of another container cannot be told from none.
    export("a.csv", false, TEXTS, Row.of(1, "a"));
    assertThat(files()).containsExactlyInAnyOrder(left, "a.csv", "b.csv");
    Files.delete(folder.resolve("a.csv"));
    Files.setLastModifiedTime(
        folder.resolve(left), FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
    export("a.csv", false, TEXTS, Row.of(1, "a"));
    assertThat(files()).containsExactlyInAnyOrder("a.csv", "b.csv");
  }

  @Test
  void csv_guardsTextThatBeginsAsAFormulaAndNoNumber() throws IOException {
    Row[] rows = {
      Row.of(-1, "=HYPERLINK(\"x\")"), Row.of(-2, "@SUM(1)"), Row.of(-3, "＋1"), Row.of(-4, "a=b")
    };
    ExportFile.Written written = export("guarded.csv", false, TEXTS, rows);
    assertThat(written).isEqualTo(new ExportFile.Written(4, 3));
    assertThat(folder.resolve("guarded.csv"))
        .hasContent(
            "id,note\r\n-1,\"'=HYPERLINK(\"\"x\"\")\"\r\n-2,\"'@SUM(1)\"\r\n-3,\"'＋1\"\r\n-4,a=b\r\n");

    assertThat(export("raw.csv", true, TEXTS, rows)).isEqualTo(new ExportFile.Written(4, 0));
    assertThat(Files.readString(folder.resolve("raw.csv"))).contains("\r\n-2,\"@SUM(1)\"\r\n");
  }

  @Test
  void csv_writesTimesInUtcDecimalsInFullAndNestedCellsAsJson() throws IOException {
    export("types.csv", false, TYPES, TYPED.toArray(Row[]::new));
    assertThat(Files.readAllLines(folder.resolve("types.csv")))
        .containsExactly(
            "seen,local,on_day,amount,units,rate,shown,codes,attributes,reason",
            "\"2026-05-03T10:00:00.000250Z\",2026-05-03T10:00:00,2026-05-03,"
                + "\"123456789012345678901234567890.10\",9007199254740993,-0.1,true,"
                + "\"[\"\"A\"\",\"\"B\"\"]\",\"{\"\"device\"\":\"\"mobile\"\",\"\"plan\"\":\"\"pro\"\"}\","
                + "\"{\"\"observed\"\":0.5}\"",
            ",,,,,,,,,");
  }

  @Test
  void csv_ofNoRows_hasItsHeader() throws IOException {
    export("empty.csv", false, TEXTS);
    assertThat(folder.resolve("empty.csv")).hasContent("id,note\r\n");
  }

  @Test
  void parquet_keepsTypesAndValues() throws IOException, SQLException {
    export("types.parquet", false, TYPES, TYPED.toArray(Row[]::new));
    String file = "'" + folder.resolve("types.parquet") + "'";
    assertThat(duck("SELECT column_type FROM (DESCRIBE FROM " + file + ")"))
        .containsExactly(
            "TIMESTAMP WITH TIME ZONE",
            "TIMESTAMP",
            "DATE",
            "DECIMAL(38,2)",
            "BIGINT",
            "DOUBLE",
            "BOOLEAN",
            "VARCHAR[]",
            "MAP(VARCHAR, VARCHAR)",
            "STRUCT(observed DOUBLE)");
    assertThat(
            duck(
                "SELECT concat_ws(' ', epoch_us(seen), local, on_day, amount, units, rate, shown,"
                    + " codes, attributes['plan'][1], reason.observed) FROM "
                    + file
                    + " WHERE seen IS NOT NULL"))
        .singleElement()
        .asString()
        .startsWith("1777802400000250 2026-05-03 10:00:00 2026-05-03 ")
        .contains(" 123456789012345678901234567890.10 9007199254740993 -0.1 true [A, B] p")
        .endsWith(" 0.5");
    assertThat(duck("SELECT count(*) FROM " + file + " t WHERE COLUMNS(*) IS NULL"))
        .containsExactly("1");
  }

  @Test
  void parquet_namesEveryColumnOfATypeItHasNot() {
    ResolvedSchema schema =
        ResolvedSchema.of(
            Column.physical("took", DataTypes.INTERVAL(DataTypes.SECOND(3))),
            Column.physical("id", DataTypes.INT()),
            Column.physical("age", DataTypes.INTERVAL(DataTypes.MONTH())));
    assertThatThrownBy(() -> export("a.parquet", false, schema))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("took: found INTERVAL SECOND(3)")
        .hasMessageContaining("age: found INTERVAL MONTH")
        .hasMessageNotContaining("id: ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void existingFile_isReplacedOnlyWhereAskedFor() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "mine");
    assertThatThrownBy(() -> export("a.csv", false, TEXTS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--force");
    assertThat(file).hasContent("mine");
    new ExportFile(file, ExportFile.Format.CSV, true, false)
        .write(TEXTS, List.<Row>of().iterator(), count -> {});
    assertThat(file).hasContent("id,note\r\n");
  }

  @Test
  void export_thatFails_leavesNothingBehind() {
    Iterator<Row> failing =
        Arrays.asList(1, 0).stream().map(divisor -> Row.of(1 / divisor, "x")).iterator();
    ExportFile file =
        new ExportFile(folder.resolve("a.parquet"), ExportFile.Format.PARQUET, false, false);
    assertThatThrownBy(() -> file.write(TEXTS, failing, count -> {}))
        .isInstanceOf(ArithmeticException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void missingFolder_isRefusedAtOnce() {
    assertThatThrownBy(() -> export("no/such/a.csv", false, TEXTS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a folder that exists");
  }

  private ExportFile.Written export(String name, boolean raw, ResolvedSchema schema, Row... rows)
      throws IOException {
    Path file = folder.resolve(name);
    return new ExportFile(file, ExportFile.Format.of(file).orElseThrow(), false, raw)
        .write(schema, List.of(rows).iterator(), count -> {});
  }

  private static Row named(String field, Object value) {
    Row row = Row.withNames();
    row.setField(field, value);
    return row;
  }

  private static List<String> duck(String sql) throws SQLException {
    List<String> answer = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        answer.add(rows.getString(1));
      }
    }
    return answer;
  }
}
