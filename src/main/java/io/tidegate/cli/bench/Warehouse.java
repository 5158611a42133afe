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
 * Tuned: its own tables, sorted by time, without copies of events, loaded beforehand.
 */
final class Warehouse implements AutoCloseable {

  private static final long MICROS_A_CENT = 10_000;
  private static final int KEYS = 3;

  private static final String QUERY =
      Resources.text("warehouse.sql")
          .replace("$threshold", Double.toString(UnitNumbers.THRESHOLD_MS))
          .replace("$margin", Double.toString(UnitNumbers.MARGIN_MS));

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
            + " (flag_key VARCHAR, unit_id VARCHAR, variant_id VARCHAR, time_ms BIGINT,"
            + " country VARCHAR, device VARCHAR, plan VARCHAR, platform VARCHAR)");
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
            for (String segment : World.segments(e.attributes()).subList(1, 5)) {
              row.append(segment.substring(segment.indexOf('=') + 1));
            }
            row.endRow();
          }
        });
    statement.execute(
        "CREATE TABLE raw_outcomes (event_id VARCHAR, unit_id VARCHAR, name VARCHAR,"
            + " time_ms BIGINT, cents BIGINT, latency DOUBLE)");
    append(
        "raw_outcomes",
        kafka.topics().outcomes(),
        (record, row) -> {
          if (decoder.outcome(record.value(), record.timestamp())
              instanceof Decoded.Event<Outcome> decoded) {
            Outcome o = decoded.event();
            row.beginRow();
            row.append(o.eventId());
            row.append(o.unitId());
            row.append(o.name());
            row.append(o.eventTimeMs());
            row.append(o.valueMicros() / MICROS_A_CENT);
            String latency = o.attributes().get("latency_ms");
            if (latency == null) {
              row.appendNull();
            } else {
              row.append(Double.parseDouble(latency));
            }
            row.endRow();
          }
        });
    statement.execute("CREATE TABLE exposures AS FROM raw_exposures ORDER BY time_ms");
    statement.execute(
        "CREATE TABLE outcomes AS SELECT * EXCLUDE (event_id) FROM"
            + " (SELECT DISTINCT ON (unit_id, event_id) * FROM raw_outcomes) ORDER BY time_ms");
    statement.execute("DROP TABLE raw_exposures");
    statement.execute("DROP TABLE raw_outcomes");
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
    Totals.require("the warehouse", found, world.cells());
    return cpu;
  }

  private Map<String, Totals> totals(long untilMs) throws SQLException {
    Map<String, Totals> found = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY.replace("$until", Long.toString(untilMs)))) {
      while (rows.next()) {
        long[] numbers = new long[rows.getMetaData().getColumnCount() - KEYS];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = rows.getLong(KEYS + 1 + i);
        }
        found.put(
            Totals.key(rows.getString(1), rows.getString(2)) + "/" + rows.getString(3),
            Totals.of(numbers));
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
