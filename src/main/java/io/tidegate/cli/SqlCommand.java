package io.tidegate.cli;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.FlinkSql;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Nearest;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a question about the tables by Flink SQL in this process. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Run a named query, or a file with one, over the tables.",
      "Without a query: list the named ones."
    })
final class SqlCommand implements Callable<Integer> {

  private static final String ROLLOUT = "rollout";

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY|FILE",
      description = "Name of a query, or a file that holds one.")
  private @Nullable String query;

  @Option(
      names = "--param",
      paramLabel = "COLUMN=VALUE",
      description = "Keep only rows with this value, such as rollout=checkout-v2; repeatable.")
  private Map<String, String> params = new TreeMap<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SqlCommand() {}

  @Override
  public Integer call() {
    if (query == null) {
      ResultTable names = new ResultTable("query", "question");
      NamedQueries.ALL.forEach(name -> names.row(name, NamedQueries.question(name)));
      output.print(names);
      return Tidegate.OK;
    }
    String sql = text(query);
    CatalogConfig catalog = TidegateConfig.load(config.file()).catalog();
    io.tidegate.connector.Catalogs.open(catalog);
    FlinkSql.Answer answer = new FlinkSql(catalog).query(query, sql);
    output.print(table(answer));
    return Tidegate.OK;
  }

  private static String text(String query) {
    if (NamedQueries.ALL.contains(query)) {
      return NamedQueries.text(query);
    }
    Path file = Path.of(query);
    if (!Files.isRegularFile(file)) {
      String expected = "a file, or one of " + String.join(", ", NamedQueries.ALL);
      throw new UserError("QUERY", "", query, Nearest.suggest(expected, query, NamedQueries.ALL));
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserError("QUERY", "", query, "a file that can be read as UTF-8 (" + e + ")");
    }
  }

  private ResultTable table(FlinkSql.Answer answer) {
    Map<String, String> wanted = new TreeMap<>();
    params.forEach((name, value) -> wanted.put(column(name, answer), value));
    ResultTable table = new ResultTable(answer.columns().toArray(String[]::new));
    for (Map<String, @Nullable Object> row : answer.byName()) {
      boolean kept =
          wanted.entrySet().stream()
              .allMatch(w -> w.getValue().equals(String.valueOf(row.get(w.getKey()))));
      if (kept) {
        table.row(row.values().stream().map(SqlCommand::cell).toArray());
      }
    }
    return table;
  }

  private String column(String param, FlinkSql.Answer answer) {
    String column = param.equals(ROLLOUT) ? "rollout_id" : param;
    if (!answer.columns().contains(column)) {
      throw new UserError(
          "--param",
          "",
          param,
          Nearest.suggest(
              "a column of the answer: " + String.join(", ", answer.columns()),
              param,
              answer.columns()));
    }
    return column;
  }

  private static @Nullable Object cell(@Nullable Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }
}
