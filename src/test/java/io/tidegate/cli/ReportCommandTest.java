package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.results.SampleTables;
import io.tidegate.connector.results.TableFixture;
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
  void report_unknownRollout_isAUsageError() {
    assertThat(run("report", "checkout-v3", "--config", config)).isEqualTo(Tidegate.USAGE);
    assertThat(err.toString())
        .contains("ROLLOUT: found checkout-v3: expected a rollout that was defined: checkout-v2");
  }

  private int run(String... args) {
    return Tidegate.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
