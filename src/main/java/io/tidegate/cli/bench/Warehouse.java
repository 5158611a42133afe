package io.tidegate.cli.bench;

import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TopicReader;
import io.tidegate.connector.UnitKeys;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The warehouse way: DuckDB holds the history and computes everything from it anew at each refresh.
 * Tuned: its own tables, sorted by time, loaded beforehand.
 */
final class Warehouse implements AutoCloseable {

  private static final String QUERY = Resources.text("warehouse.sql");

  private final World.Written world;
  private final Connection connection;

  private Warehouse(World.Written world, Connection connection) {
    this.world = world;
    this.connection = connection;
  }

  /**
   * Loads a world.
   *
   * @param file of its tables, new
   */
  static Warehouse load(World.Written world, Path file, int threads) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
    Warehouse warehouse = new Warehouse(world, connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + threads);
      statement.execute("SET memory_limit = '2GB'");
      warehouse.load(statement);
    }
    return warehouse;
  }

  private void load(Statement statement) throws SQLException {
    KafkaConfig kafka = world.config().kafka();
    EventDecoder decoder =
        new EventDecoder(
            world.config().events().limits(), UnitKeys.pseudonymiser(world.config().privacy()));
    statement.execute(
        "CREATE TABLE raw_exposures"
            + " (flag_key VARCHAR, unit_id VARCHAR, variant_id VARCHAR, time_ms BIGINT)");
    append(
        "raw_exposures",
        kafka.topics().exposures(),
        (record, row) -> {
          if (decoder.exposure(record.value(), record.timestamp())
              instanceof Decoded.Event<Exposure> decoded) {
            Exposure e = decoded.event();
            row.beginRow();
            row.append(e.flagKey());
            row.append(e.unitId());
            row.append(e.variant());
            row.append(e.eventTimeMs());
            row.endRow();
          }
        });
    statement.execute(
        "CREATE TABLE raw_outcomes (unit_id VARCHAR, name VARCHAR, time_ms BIGINT, micros BIGINT)");
    append(
        "raw_outcomes",
        kafka.topics().outcomes(),
        (record, row) -> {
          if (decoder.outcome(record.value(), record.timestamp())
              instanceof Decoded.Event<Outcome> decoded) {
            Outcome o = decoded.event();
            row.beginRow();
            row.append(o.unitId());
            row.append(o.name());
            row.append(o.eventTimeMs());
            row.append(o.valueMicros());
            row.endRow();
          }
        });
    for (String table : List.of("exposures", "outcomes")) {
      statement.execute("CREATE TABLE " + table + " AS FROM raw_" + table + " ORDER BY time_ms");
      statement.execute("DROP TABLE raw_" + table);
    }
  }

  private interface ToRow {
    void append(ConsumerRecord<byte[], byte[]> record, DuckDBAppender row) throws SQLException;
  }

  private void append(String table, String topic, ToRow toRow) throws SQLException {
    KafkaConfig kafka = world.config().kafka();
    try (KafkaTopics topics = KafkaTopics.connect(kafka);
        DuckDBAppender appender =
            connection
                .unwrap(DuckDBConnection.class)
                .createAppender(DuckDBConnection.DEFAULT_SCHEMA, table)) {
      TopicReader.read(
          kafka,
          topics.ranges(topic),
          record -> {
            try {
              toRow.append(record, appender);
            } catch (SQLException e) {
              throw new IllegalStateException("DuckDB took no row of " + table, e);
            }
          });
    }
  }

  /**
   * Refreshes once at each instant and checks the last, which must be after every event.
   *
   * @return CPU-seconds of each
   */
  List<Double> refresh(List<Long> instants) throws SQLException {
    List<Double> cpu = new ArrayList<>();
    Map<String, Totals> found = Map.of();
    for (long instant : instants) {
      double before = Stopwatch.cpuSeconds();
      found = totals(instant);
      cpu.add(Stopwatch.cpuSeconds() - before);
    }
    Totals.require("the warehouse", found, world.expected());
    return cpu;
  }

  private Map<String, Totals> totals(long untilMs) throws SQLException {
    Map<String, Totals> found = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY.replace("$until", Long.toString(untilMs)))) {
      while (rows.next()) {
        found.put(
            Totals.key(rows.getString(1), rows.getString(2)),
            new Totals(
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5),
                rows.getLong(6),
                rows.getLong(7)));
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
