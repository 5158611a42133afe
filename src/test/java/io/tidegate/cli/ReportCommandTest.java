package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.connector.results.SampleTables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.report.Learnings;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  @TempDir static Path folder;
  private static String config;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void write() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      SampleTables.write(tables, SampleRollout.rolledBack());
      config = tables.configFile().toString();
    }
  }

  @Test
  void report_toFile_isHtml() throws IOException {
    Path file = folder.resolve("reports").resolve("r.html");
    assertThat(run("report", "checkout-v2", "--config", config, "--out", file.toString()))
        .isEqualTo(Tidegate.OK);
    assertThat(Files.readString(file)).startsWith("<!doctype html>");
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("wrote " + file);
  }

  @Test
  void report_markdown_goesToStandardOutput() {
    assertThat(run("report", "checkout-v2", "--config", config, "--format", "markdown"))
        .isEqualTo(Tidegate.OK);
    assertThat(out.toString()).startsWith("# checkout-v2: Rolled back");
  }

  @Test
  void index_findsTheReportOfEveryRollout() throws IOException {
    Path reports = folder.resolve("all");
    assertThat(run("report", "--index", "--config", config, "--out", reports.toString()))
        .isEqualTo(Tidegate.OK);
    assertThat(Files.readString(reports.resolve("index.html")))
        .contains("<a href=\"rollout-checkout-v2.html\">checkout-v2</a>")
        .contains("1 rollout: 0 completed, 1 rolled back, 0 not ended");
    assertThat(Files.size(reports.resolve("index.html"))).isLessThan(100_000);
    assertThat(Files.readString(reports.resolve("rollout-checkout-v2.html")))
        .startsWith("<!doctype");
    assertThat(err.toString()).contains("index.html; rollouts with a report beside it: 1");
  }

  @Test
  void index_isNotOverwrittenByAReport() {
    assertThat(Learnings.fileName("index")).isNotEqualTo("index.html");
  }

  @Test
  void learnings_areATableToo() throws IOException {
    assertThat(run("report", "--learnings", "--config", config, "--format", "json"))
        .isEqualTo(Tidegate.OK);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.findValuesAsText("id"))
        .containsExactly("index", "hypotheses", "reversals", "prevented", "stages");
    assertThat(json.at("/sections/3/tables/0/rows/0").toString()).contains("checkout-v2", "half");
  }

  @Test
  void report_ofNothingOrOfTwoThings_isAUsageError() {
    assertThat(run("report", "--config", config)).isEqualTo(Tidegate.USAGE);
    assertThat(run("report", "x", "--learnings", "--config", config)).isEqualTo(Tidegate.USAGE);
    assertThat(run("report", "--index", "--config", config)).isEqualTo(Tidegate.USAGE);
    assertThat(err.toString()).contains("Expected one of ROLLOUT, --index and --learnings");
  }

  @Test
  void report_unknownRollout_isAUsageError() {
    assertThat(run("report", "checkout-v3", "--config", config)).isEqualTo(Tidegate.USAGE);
    assertThat(err.toString())
        .contains("ROLLOUT: found checkout-v3: expected a rollout that was defined: checkout-v2");
  }

  private int run(String... args) {
    return Tidegate.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
