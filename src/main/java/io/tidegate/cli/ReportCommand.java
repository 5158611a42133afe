package io.tidegate.cli;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ReportReader;
import io.tidegate.model.ReportData;
import io.tidegate.model.UserError;
import io.tidegate.report.Report;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.iceberg.catalog.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a rollout did as a file for people. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Write what a rollout did: one HTML file, Markdown or JSON.")
final class ReportCommand implements Callable<Integer> {

  /** In what a report is written. */
  enum Format {
    HTML,
    MARKDOWN,
    JSON
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "ROLLOUT", description = "The rollout's id.")
  private String rollout;

  @Option(
      names = "--format",
      defaultValue = "html",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to write (default: stdout).")
  private @Nullable Path out;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ReportCommand() {}

  @Override
  public Integer call() {
    CatalogConfig catalog = TidegateConfig.load(config.file()).catalog();
    String text = write(catalog, rollout, format);
    PrintWriter stdout = spec.commandLine().getOut();
    if (out == null) {
      stdout.print(text);
      stdout.flush();
    } else {
      save(out, text);
      spec.commandLine().getErr().println("wrote " + out);
    }
    return Tidegate.OK;
  }

  /** The report's text. Throws a UserError where the catalog has no such rollout. */
  static String write(CatalogConfig config, String rollout, Format format) {
    try (Open opened = new Open(Catalogs.open(config))) {
      Catalog catalog = opened.catalog();
      ReportData data = new ReportReader(config, catalog).read(rollout);
      return switch (format) {
        case HTML -> Report.html(data);
        case MARKDOWN -> Report.markdown(data);
        case JSON -> Report.json(data);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A catalog that is closed if it can be. */
  private record Open(Catalog catalog) implements Closeable {
    @Override
    public void close() throws IOException {
      if (catalog instanceof Closeable closeable) {
        closeable.close();
      }
    }
  }

  private static void save(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UserError("--out", "", file.toString(), "a file that can be written (" + e + ")");
    }
  }
}
