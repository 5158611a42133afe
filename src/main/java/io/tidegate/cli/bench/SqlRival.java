package io.tidegate.cli.bench;

import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.OutRecord;
import java.net.URI;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * Flink SQL from Kafka's JSON to the sums behind all ten metrics by variant and segment, without
 * statistics. Tuned: mini-batches of a second for joins and aggregations, these in two phases; only
 * the attributes that are read are declared; copies and first exposures told by processing time (a
 * unit's records come in order), so that nothing before the units' rows is ever taken back; money
 * in cents, so that squares fit a BIGINT; the order of a unit's steps kept by a function of its own
 * instead of a pattern match.
 */
final class SqlRival extends FlinkRival {

  private static final int KEY_COLUMNS = 3;

  SqlRival(URI cluster) {
    super(cluster);
  }

  @Override
  public String name() {
    return "flink_sql";
  }

  @Override
  public Map<String, Totals> expected(World.Written world) {
    return world.cells();
  }

  @Override
  Totals after(Totals before, Totals message) {
    return message;
  }

  @Override
  DataStream<OutRecord> results(
      StreamExecutionEnvironment env, TidegateConfig config, String topic) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    SqlChanges.tune(tables.getConfig());
    tables.getConfig().set("table.exec.state.ttl", "1 h");
    tables.createTemporarySystemFunction("journey", JourneyFunction.class);
    KafkaConfig kafka = config.kafka();
    tables.createTemporaryTable("exposures", table(kafka, kafka.topics().exposures(), EXPOSURES));
    tables.createTemporaryTable("outcomes", table(kafka, kafka.topics().outcomes(), OUTCOMES));
    String query =
        Resources.text("rival.sql")
            .replace("$threshold", UnitNumbers.THRESHOLD_MS + "E0")
            .replace("$margin", UnitNumbers.MARGIN_MS + "E0");
    return SqlChanges.messages(
        tables.toChangelogStream(tables.sqlQuery(query)), KEY_COLUMNS, topic);
  }

  private static final Schema EXPOSURES =
      Schema.newBuilder()
          .column("event_time", DataTypes.BIGINT())
          .column("unit_id", DataTypes.STRING())
          .column("flag_key", DataTypes.STRING())
          .column("variant", DataTypes.STRING())
          .column(
              "attributes",
              DataTypes.ROW(
                  DataTypes.FIELD("country", DataTypes.STRING()),
                  DataTypes.FIELD("device", DataTypes.STRING()),
                  DataTypes.FIELD("plan", DataTypes.STRING()),
                  DataTypes.FIELD("platform", DataTypes.STRING())))
          .columnByExpression("seen", "PROCTIME()")
          .build();

  private static final Schema OUTCOMES =
      Schema.newBuilder()
          .column("event_id", DataTypes.STRING())
          .column("event_time", DataTypes.BIGINT())
          .column("unit_id", DataTypes.STRING())
          .column("name", DataTypes.STRING())
          .column("value", DataTypes.DOUBLE())
          .column("attributes", DataTypes.ROW(DataTypes.FIELD("latency_ms", DataTypes.DOUBLE())))
          .columnByExpression("seen", "PROCTIME()")
          .build();

  private static TableDescriptor table(KafkaConfig kafka, String topic, Schema schema) {
    TableDescriptor.Builder table =
        TableDescriptor.forConnector("kafka")
            .schema(schema)
            .option("topic", topic)
            .option("properties.bootstrap.servers", kafka.bootstrapServers())
            .option("scan.startup.mode", "earliest-offset")
            .option("scan.bounded.mode", "latest-offset")
            .option("format", "json")
            .option("json.ignore-parse-errors", "true");
    kafka.properties().forEach((name, value) -> table.option("properties." + name, value));
    return table.build();
  }

  /** Step by step from the cart to the purchase. */
  @FunctionHint(output = @DataTypeHint("ROW<funnel BIGINT, elapsed BIGINT, started BIGINT>"))
  public static final class JourneyFunction extends AggregateFunction<Row, Journey> {

    private static final long serialVersionUID = 1L;

    @Override
    public Journey createAccumulator() {
      return new Journey();
    }

    @SuppressWarnings("unused") // Flink calls it
    public void accumulate(Journey journey, String name, Long timeMs) {
      journey.add(name, timeMs);
    }

    @SuppressWarnings("unused") // Flink's planner asks for it: a first row might be taken back
    public void retract(Journey journey, String name, Long timeMs) {
      journey.remove(name, timeMs);
    }

    @SuppressWarnings("unused") // Flink calls it
    public void merge(Journey journey, Iterable<Journey> others) {
      others.forEach(journey::add);
    }

    @Override
    public Row getValue(Journey journey) {
      return Row.of(journey.funnel(), journey.elapsedMs(), journey.started());
    }
  }
}
