package io.tidegate.cli;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ReportReader;
import io.tidegate.model.ReportData;
import io.tidegate.model.UserError;
import io.tidegate.report.Learnings;
import io.tidegate.report.Report;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.iceberg.catalog.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what rollouts did as files for people. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write what a rollout did: one HTML file, Markdown or JSON.",
      "With --index: the report of every rollout and a page that finds them. With --learnings: what"
          + " is learnt across rollouts."
    })
final class ReportCommand implements Callable<Integer> {

  /** In what a report is written. */
  enum Format {
    HTML,
    MARKDOWN,
    JSON
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(
      arity = "0..1",
      paramLabel = "ROLLOUT",
      description = "The rollout's id; not with --index or --learnings.")
  private @Nullable String rollout;

  @Option(
      names = "--index",
      description = "Write every rollout's report and index.html into the folder --out.")
  private boolean index;

  @Option(
      names = "--learnings",
      description =
          "Across rollouts: how good hypotheses were, verdicts reversed, harm stopped, time per"
              + " stage; with an index to search.")
  private boolean learnings;

  @Option(
      names = "--format",
      defaultValue = "html",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write (default: stdout); with --index a folder.")
  private @Nullable Path out;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ReportCommand() {}

  @Override
  public Integer call() {
    Path folder = out;
    if ((rollout != null ? 1 : 0) + (index ? 1 : 0) + (learnings ? 1 : 0) != 1) {
      throw new ParameterException(
          spec.commandLine(), "Expected one of ROLLOUT, --index and --learnings");
    } else if (index && (folder == null || format != Format.HTML)) {
      throw new ParameterException(
          spec.commandLine(), "--index writes HTML into a folder: --out FOLDER");
    }
    CatalogConfig catalog = TidegateConfig.load(config.file()).catalog();
    if (index && folder != null) {
      writeAll(catalog, folder);
    } else {
      print(rollout == null ? learnt(catalog, format) : write(catalog, rollout, format));
    }
    return Tidegate.OK;
  }

  private void print(String text) {
    PrintWriter stdout = spec.commandLine().getOut();
    if (out == null) {
      stdout.print(text);
      stdout.flush();
    } else {
      save(out, text);
      spec.commandLine().getErr().println("wrote " + out);
    }
  }

  private void writeAll(CatalogConfig config, Path folder) {
    Learnings all =
        learnings(
            config,
            (reader, id) -> {
              ReportData data = reader.read(id);
              save(folder.resolve(Learnings.fileName(id)), Report.html(data));
              return data;
            });
    save(folder.resolve("index.html"), all.html(true));
    spec.commandLine()
        .getErr()
        .printf(
            "wrote %s; rollouts with a report beside it: %d%n",
            folder.resolve("index.html"), all.size());
  }

  private static String learnt(CatalogConfig config, Format format) {
    Learnings all = learnings(config, (reader, id) -> reader.judged(id, 0));
    return switch (format) {
      case HTML -> all.html(false);
      case MARKDOWN -> all.markdown();
      case JSON -> all.json();
    };
  }

  /** What every rollout taught; rows of one rollout at a time are held. */
  private static Learnings learnings(
      CatalogConfig config, BiFunction<ReportReader, String, ReportData> read) {
    return reading(
        config,
        reader -> {
          Learnings all = new Learnings();
          reader.rollouts().forEach(id -> all.add(read.apply(reader, id)));
          return all;
        });
  }

  /** The report's text. Throws a UserError where the catalog has no such rollout. */
  static String write(CatalogConfig config, String rollout, Format format) {
    ReportData data = reading(config, reader -> reader.read(rollout));
    return switch (format) {
      case HTML -> Report.html(data);
      case MARKDOWN -> Report.markdown(data);
      case JSON -> Report.json(data);
    };
  }

  private static <T> T reading(CatalogConfig config, Function<ReportReader, T> what) {
    try (Open opened = new Open(Catalogs.open(config))) {
      return what.apply(new ReportReader(config, opened.catalog()));
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
