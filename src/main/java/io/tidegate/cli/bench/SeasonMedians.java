package io.tidegate.cli.bench;

import io.tidegate.stats.season.HourOfWeek;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** DuckDB, computing the median of each hour of the week over eight weeks. */
final class SeasonMedians implements AutoCloseable {

  private static final int SLOTS = HourOfWeek.SLOTS;

  private final Connection connection;

  private SeasonMedians(Connection connection) {
    this.connection = connection;
  }

  static SeasonMedians open(int threads) throws SQLException {
    SeasonMedians medians = new SeasonMedians(DriverManager.getConnection("jdbc:duckdb:"));
    medians.execute("SET threads = " + threads);
    medians.execute("SET memory_limit = '8GB'");
    return medians;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A file a week, as a table by time has it, its rows by series and hour. */
  static Path file(Path folder, int week) {
    return folder.resolve(String.format(Locale.ROOT, "week-%05d.parquet", week));
  }

  /**
   * Series of 20 to 20,000 an hour, with day and week-end, growth and noise of up to a fifth; one
   * hour in 400 is a burst of three times as many, one in 400 an outage that loses nine tenths.
   */
  void write(Path folder, int series, int weeks) throws SQLException {
    for (int week = 0; week < weeks; week++) {
      long first = (long) week * SLOTS;
      execute(
          """
          COPY (
            SELECT series::INTEGER AS series, (%1$d + slot)::INTEGER AS hour,
              round(20 * pow(1000, series / %3$d.0) * exp(0.003 * %1$d / 168)
                * (1 + 0.6 * sin(6.2832 * (slot %% 24) / 24)) * (CASE WHEN slot < 120 THEN 1 ELSE 0.7 END)
                * (0.8 + 0.4 * (hash(series * 1000003 + %1$d + slot) %% 10007) / 10007)
                * (CASE hash(series * 1000003 + %1$d + slot + 500000000) %% 400 WHEN 0 THEN 3 WHEN 1 THEN 0.1 ELSE 1 END))::BIGINT AS events
            FROM range(%3$d) a(series), range(168) b(slot) ORDER BY ALL
          ) TO '%2$s' (FORMAT parquet)"""
              .formatted(first, file(folder, week), series));
    }
  }

  /** Of every week with those before it. */
  void everyWeek(Path folder) throws SQLException {
    execute(
        """
        CREATE OR REPLACE TEMP TABLE weekly AS SELECT series, hour, median(events) OVER (
          PARTITION BY series, hour % 168 ORDER BY hour ROWS BETWEEN 7 PRECEDING AND CURRENT ROW) AS middle
        FROM '"""
            + folder
            + "/*.parquet'");
  }

  /** Over the whole history, which follows no growth. */
  void once(Path folder) throws SQLException {
    execute(
        "CREATE OR REPLACE TEMP TABLE once AS SELECT series, hour % 168 AS slot, median(events)"
            + " FROM '"
            + folder
            + "/*.parquet' GROUP BY ALL");
  }

  /** The last medians by hour of the week that {@link #everyWeek} found of a series. */
  double[] newest(int series) throws SQLException {
    double[] newest = new double[SLOTS];
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT hour % 168, arg_max(middle, hour) FROM weekly WHERE series = "
                    + series
                    + " GROUP BY 1")) {
      while (rows.next()) {
        newest[rows.getInt(1)] = rows.getDouble(2);
      }
    }
    return newest;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
