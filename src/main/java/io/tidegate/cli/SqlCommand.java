package io.tidegate.cli;

import io.tidegate.cli.export.CellText;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.FlinkSql;
import io.tidegate.connector.TidegateConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Answers a question about the tables by Flink SQL in this process. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Run a named query, or a file with one, over the tables.",
      "Without a query: list the named ones.",
      "As text, fractions have six significant digits; as csv and json all that there are."
    })
final class SqlCommand implements Callable<Integer> {

  private static final int DIGITS = 6;

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;
  @Mixin private ParamOption params;

  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY|FILE",
      description = "Name of a query, or a file that holds one.")
  private @Nullable String query;

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
    String sql = QueryText.of(query, List.of());
    CatalogConfig catalog = TidegateConfig.load(config.file()).catalog();
    Catalogs.open(catalog);
    FlinkSql.Answer answer = new FlinkSql(catalog).query(query, sql);
    output.print(table(answer));
    return Tidegate.OK;
  }

  private ResultTable table(FlinkSql.Answer answer) {
    Predicate<IntFunction<@Nullable Object>> kept = params.filter(answer.columns());
    ResultTable table = new ResultTable(answer.columns().toArray(String[]::new));
    for (List<@Nullable Object> row : answer.rows()) {
      if (kept.test(row::get)) {
        table.row(row.stream().map(this::cell).toArray());
      }
    }
    return table;
  }

  private @Nullable Object cell(@Nullable Object value) {
    if (value instanceof Double number && output.format() == OutputOption.Format.TEXT) {
      return readable(number);
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : CellText.of(value);
  }

  /** A number to six significant digits, but with all that stand before the point. */
  private static double readable(double number) {
    if (!Double.isFinite(number)) {
      return number;
    }
    BigDecimal exact = BigDecimal.valueOf(number);
    int whole = exact.precision() - exact.scale();
    return exact.round(new MathContext(Math.max(DIGITS, whole))).doubleValue();
  }
}
