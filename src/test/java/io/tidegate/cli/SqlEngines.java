package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.FlinkSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The engines of {@code sql/} beside Flink, each in a JVM of its own. */
final class SqlEngines {

  /** What one engine answered: cells as text, null for none. */
  record Answer(List<String> columns, List<List<String>> rows) {

    static Answer of(FlinkSql.Answer answer) {
      return new Answer(
          answer.columns(),
          answer.rows().stream()
              .map(
                  row -> {
                    List<String> cells = new ArrayList<>();
                    row.forEach(cell -> cells.add(cell == null ? null : cell.toString()));
                    return cells;
                  })
              .toList());
    }

    /** Rows in an order that no engine chooses, numbers to twelve digits. */
    Answer comparable() {
      return new Answer(
          columns,
          rows.stream()
              .map(row -> row.stream().map(SqlEngines::comparable).toList())
              .sorted((a, b) -> a.toString().compareTo(b.toString()))
              .toList());
    }
  }

  private static final MathContext DIGITS = new MathContext(12);
  private static final Path CLASSPATH = Path.of("target", "engines.classpath");
  private static final Path SOURCES = Path.of("src", "test", "engines");
  private static final Path SQL = Path.of("sql");
  private static final int PATIENCE_S = 300;

  private SqlEngines() {}

  /** What Spark answers to every query of {@code sql/spark}, by name. */
  static Map<String, Answer> askSpark(CatalogConfig catalog, Path scratch) throws IOException {
    Path answers = scratch.resolve("answers.json");
    run(
        scratch,
        "AskSpark.java",
        SQL.resolve("spark").resolve("catalog.conf").toString(),
        catalog.uri(),
        catalog.warehouse(),
        SQL.resolve("spark").resolve("queries").toString(),
        answers.toString());
    return new ObjectMapper().readValue(answers.toFile(), new TypeReference<>() {});
  }

  /** The names of the queries of {@code sql/trino}, each accepted by Trino's parser. */
  static List<String> parseTrino(Path scratch) throws IOException {
    return run(scratch, "ParseTrino.java", SQL.resolve("trino").resolve("queries").toString())
        .lines()
        .filter(line -> line.endsWith(".sql"))
        .map(line -> line.replace(".sql", ""))
        .toList();
  }

  private static String run(Path scratch, String source, String... arguments) throws IOException {
    assertThat(CLASSPATH)
        .as("made by mvn verify; for this test alone: mvn pre-integration-test -DskipTests")
        .exists();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + SOURCES.resolve("jvm.args"));
    command.add("-cp");
    command.add(Files.readString(CLASSPATH).strip());
    command.add(SOURCES.resolve(source).toString());
    command.addAll(List.of(arguments));
    Path said = scratch.resolve(source + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).as("%s ends", source).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(source + " was interrupted", e));
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  private static String comparable(String cell) {
    if (cell == null) {
      return "null";
    }
    if (cell.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      BigDecimal number = new BigDecimal(cell).round(DIGITS);
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    return cell.matches("\\d{4}-\\d\\d-\\d\\dT.*Z") ? Instant.parse(cell).toString() : cell;
  }

  /** The names of an engine's queries. */
  static List<String> names(String engine) throws IOException {
    try (Stream<Path> files = Files.list(SQL.resolve(engine).resolve("queries"))) {
      return files.map(f -> f.getFileName().toString().replace(".sql", "")).sorted().toList();
    }
  }
}
