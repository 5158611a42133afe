package io.tidegate.cli.bench.impact;

import io.tidegate.cli.bench.Resources;
import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;

/** DuckDB over the Parquet files of the tables: the same counts and sums as the job's. */
final class ParquetWarehouse implements AutoCloseable {

  private static final List<String> DEFINITIONS = List.of("exact", "bounded", "unbounded");

  /** Nobody can have come back by then. */
  private static final List<String> AT_ENTRY = List.of("exact", "unbounded");

  private final Connection connection;
  private final Statement statement;
  private final String script;

  /**
   * Opens a database in memory; nothing is computed yet.
   *
   * @param memoryBytes most that DuckDB may take; beyond it spills to disk
   * @param halfMs when the second stage was entered
   */
  ParquetWarehouse(TidegateConfig config, int threads, long memoryBytes, long halfMs, long endMs)
      throws SQLException {
    script =
        Resources.text(ParquetWarehouse.class, "warehouse.sql")
            .replace("$exposures", files(config, Tables.EXPOSURES))
            .replace("$outcomes", files(config, Tables.OUTCOMES))
            .replace("$half", Long.toString(halfMs * 1_000))
            .replace("$end", Long.toString(endMs * 1_000));
    connection = DriverManager.getConnection("jdbc:duckdb:");
    statement = connection.createStatement();
    statement.execute("SET threads = " + threads);
    statement.execute("SET memory_limit = '" + (memoryBytes >> 20) + "MiB'");
    statement.execute(
        "SET temp_directory = '" + config.catalog().warehouse().replace("file://", "") + "-spill'");
  }

  /** Computes everything into tables: what is timed. */
  void compute() throws SQLException {
    statement.execute(script);
  }

  /** What was computed, by {@link Curves#key}. */
  Map<String, Curves.Counts> curves() throws SQLException {
    Map<String, Curves.Counts> found = new TreeMap<>();
    retention(statement, found);
    revenue(statement, found);
    return found;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
    connection.close();
  }

  private static void retention(Statement statement, Map<String, Curves.Counts> found)
      throws SQLException {
    try (ResultSet row = statement.executeQuery("FROM retention WHERE eligible > 0")) {
      while (row.next()) {
        int age = row.getInt("age");
        for (String definition : age == 0 ? AT_ENTRY : DEFINITIONS) {
          found.put(
              Curves.key(
                  definition,
                  row.getString("period"),
                  row.getString("stage"),
                  row.getString("variant"),
                  row.getString("device"),
                  age),
              new Curves.Counts(
                  row.getLong("eligible"), List.of((double) row.getLong(definition))));
        }
      }
    }
  }

  private static void revenue(Statement statement, Map<String, Curves.Counts> found)
      throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT stage, variant, device, age, mature, sums.c, sums.c2, sums.u, sums.u2, sums.r"
                + " FROM revenue WHERE mature > 0")) {
      while (row.next()) {
        long n = row.getLong("mature");
        found.put(
            Curves.key(
                "revenue",
                "day",
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4)),
            new Curves.Counts(
                n,
                List.of(
                    cents(row, 6),
                    cents(row, 8),
                    -cents(row, 10),
                    Curves.halfWidth(n, cents(row, 6), cents(row, 7) / 100))));
      }
    }
  }

  private static double cents(ResultSet row, int at) throws SQLException {
    BigDecimal sum = row.getBigDecimal(at);
    return sum == null ? 0 : sum.doubleValue() / 100;
  }

  private static String files(TidegateConfig config, String table) {
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        IcebergTables.load(config, table).newScan().planFiles()) {
      tasks.forEach(t -> files.add("'" + t.file().location().replaceFirst("^file:", "") + "'"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "[" + String.join(", ", files) + "]";
  }
}
