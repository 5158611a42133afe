package io.tidegate.cli;

import io.tidegate.cli.export.ExportFile;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.FlinkSql;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.types.Row;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a table, or a query's answer, as a file for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write a table, a named query's answer or any query's as a CSV or Parquet file.",
      "The tables are read as they are: unit ids are pseudonyms, small segments are among the rows."
    })
final class ExportCommand implements Callable<Integer> {

  private static final long TELL_EVERY = 1_000_000;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private ParamOption params;

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE|QUERY|FILE",
      description = "A table, the name of a query, or a file that holds one.")
  private @Nullable String source;

  @Option(
      names = "--query",
      paramLabel = "SQL",
      description = "A query in Flink SQL, in place of TABLE|QUERY|FILE.")
  private @Nullable String query;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "csv|parquet",
      description = "In what to write (default: as the file's name ends).")
  private ExportFile.@Nullable Format format;

  @Option(names = "--force", description = "Replace the file if there is one.")
  private boolean force;

  @Option(
      names = "--raw",
      description =
          "CSV: write text that a spreadsheet would take for a formula as it is, without the"
              + " apostrophe before it.")
  private boolean raw;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ExportCommand() {}

  @Override
  public Integer call() {
    if ((source == null) == (query == null)) {
      throw new ParameterException(
          spec.commandLine(), "Expected one of TABLE|QUERY|FILE and --query");
    }
    ExportFile file = new ExportFile(out, format != null ? format : byName(out), force, raw);
    CatalogConfig catalog = TidegateConfig.load(config.file()).catalog();
    List<String> tables = tables(catalog);
    String name = source != null ? source : "--query";
    String sql = source != null ? QueryText.of(source, tables) : String.valueOf(query);
    try (FlinkSql.Rows answer = new FlinkSql(catalog).stream(name, sql)) {
      write(answer, file);
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("--out", "", out.toString(), "a file that can be written (" + e + ")");
    }
    return Tidegate.OK;
  }

  private static ExportFile.Format byName(Path file) {
    return ExportFile.Format.of(file)
        .orElseThrow(
            () ->
                new UserError(
                    "--out",
                    "",
                    file.toString(),
                    "a name that ends in .csv or .parquet, or --format"));
  }

  private static List<String> tables(CatalogConfig config) {
    try {
      return Catalogs.open(config).listTables(Namespace.of(config.namespace())).stream()
          .map(TableIdentifier::name)
          .sorted()
          .toList();
    } catch (NoSuchNamespaceException e) {
      throw new UserError(
          "catalog.namespace", "", config.namespace(), "one that exists; ./tidegate init makes it");
    }
  }

  private void write(FlinkSql.Rows answer, ExportFile file) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    List<String> columns = answer.schema().getColumnNames();
    Predicate<IntFunction<@Nullable Object>> kept = params.filter(columns);
    Stream<Row> rows =
        StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(answer.rows(), Spliterator.ORDERED), false)
            .filter(row -> kept.test(row::getField));
    ExportFile.Written written =
        file.write(answer.schema(), rows.iterator(), count -> progress(count, err));
    err.printf("%d rows in %s%n", written.rows(), file.path());
    if (written.guarded() > 0) {
      err.printf(
          "%d texts begin as a formula does: an apostrophe stands before each; --raw leaves it"
              + " out%n",
          written.guarded());
    }
    if (columns.contains("segment")) {
      err.println(
          "segments of fewer units than min_segment_units may be among the rows; reports leave"
              + " them out");
    }
  }

  private static void progress(long rows, PrintWriter err) {
    if (rows % TELL_EVERY == 0) {
      err.printf("%d rows …%n", rows);
    }
  }
}
