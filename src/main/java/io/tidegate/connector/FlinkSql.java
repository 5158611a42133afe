package io.tidegate.connector;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Flink SQL in this process, in batch mode and UTC, over the tables of a catalog. */
public final class FlinkSql {

  /**
   * A query's answer.
   *
   * @param rows one list of cells a row, in the columns' order
   */
  public record Answer(List<String> columns, List<List<@Nullable Object>> rows) {

    /** Each row by column name. */
    public List<Map<String, @Nullable Object>> byName() {
      List<Map<String, @Nullable Object>> named = new ArrayList<>();
      for (List<@Nullable Object> row : rows) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          one.put(columns.get(i), row.get(i));
        }
        named.add(one);
      }
      return named;
    }
  }

  /** A query's answer whose rows are not all in memory; closing it ends the query. */
  public record Rows(ResolvedSchema schema, CloseableIterator<Row> rows) implements AutoCloseable {

    @Override
    public void close() {
      try {
        rows.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("ending a query", e);
      }
    }
  }

  private final TableEnvironment tables;

  public FlinkSql(CatalogConfig config) {
    Configuration flink = new Configuration();
    flink.setString("execution.runtime-mode", "batch");
    flink.setString("parallelism.default", "1");
    flink.setString("table.local-time-zone", "UTC");
    flink.setString("rest.port", "0");
    tables =
        TableEnvironment.create(EnvironmentSettings.newInstance().withConfiguration(flink).build());
    tables.executeSql(createCatalog(config));
    tables.useCatalog(config.name());
    tables.useDatabase(config.namespace());
  }

  /** The statement by which Flink opens a catalog. */
  static String createCatalog(CatalogConfig config) {
    Map<String, String> options = new TreeMap<>(Catalogs.properties(config));
    options.put("type", "iceberg");
    switch (config.type()) {
      case JDBC -> options.put("catalog-impl", "org.apache.iceberg.jdbc.JdbcCatalog");
      case REST -> options.put("catalog-type", "rest");
    }
    return options.entrySet().stream()
        .map(e -> "  " + quoted(e.getKey()) + " = " + quoted(e.getValue()))
        .collect(
            Collectors.joining(",\n", "CREATE CATALOG `" + config.name() + "` WITH (\n", "\n)"));
  }

  /** Runs one query. Throws a UserError, naming {@code source}, where Flink does not accept it. */
  public Answer query(String source, String sql) {
    List<List<@Nullable Object>> cells = new ArrayList<>();
    try (Rows answer = stream(source, sql)) {
      answer.rows().forEachRemaining(row -> cells.add(cells(row)));
      return new Answer(answer.schema().getColumnNames(), cells);
    }
  }

  /** {@link #query}, its rows fetched as they are asked for. */
  public Rows stream(String source, String sql) {
    try {
      TableResult result = tables.sqlQuery(statement(sql)).execute();
      return new Rows(result.getResolvedSchema(), result.collect());
    } catch (SqlParserException | ValidationException e) {
      throw new UserError(
          List.of(new Problem(source, "", "", "a query that Flink accepts: " + innermost(e))));
    }
  }

  private static List<@Nullable Object> cells(Row row) {
    List<@Nullable Object> cells = new ArrayList<>(row.getArity());
    for (int i = 0; i < row.getArity(); i++) {
      cells.add(row.getField(i));
    }
    return cells;
  }

  /** Flink takes one statement without its semicolon. */
  private static String statement(String sql) {
    String text = sql.strip();
    return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
  }

  private static String innermost(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
