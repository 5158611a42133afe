package io.tidegate.cli.bench;

import io.tidegate.connector.StartOffsets;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.KafkaInputs;
import io.tidegate.model.Exposure;
import io.tidegate.model.OutRecord;
import io.tidegate.model.Outcome;
import java.net.URI;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/**
 * Flink SQL: the same join and the same sums over four kinds of metric, without segments, other
 * kinds, statistics or deduplication of events. Tuned: mini-batches, aggregation in two phases, the
 * first exposure kept by processing time (a unit's records come in order), so that nothing before
 * the last aggregation is ever taken back. It reads through the product's decoder, which is faster
 * than Flink's JSON format.
 */
final class SqlLightRival extends FlinkRival {

  private static final int KEY_COLUMNS = 2;
  private static final String NAME = "flink_sql_light";

  SqlLightRival(URI cluster) {
    super(cluster);
  }

  @Override
  public String name() {
    return NAME;
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
    tables.createTemporaryView(
        "exposures",
        exposures(env, config),
        Schema.newBuilder()
            .column("flag_key", DataTypes.STRING())
            .column("unit_id", DataTypes.STRING())
            .column("variant_id", DataTypes.STRING())
            .column("time_ms", DataTypes.BIGINT())
            .columnByExpression("seen", "PROCTIME()")
            .build());
    tables.createTemporaryView(
        "outcomes",
        outcomes(env, config),
        Schema.newBuilder()
            .column("unit_id", DataTypes.STRING())
            .column("name", DataTypes.STRING())
            .column("time_ms", DataTypes.BIGINT())
            .column("micros", DataTypes.BIGINT())
            .build());
    return SqlChanges.messages(
        tables.toChangelogStream(tables.sqlQuery(Resources.text("rival-light.sql"))),
        KEY_COLUMNS,
        topic);
  }

  private static DataStream<Row> exposures(StreamExecutionEnvironment env, TidegateConfig config) {
    return KafkaInputs.exposures(env, config, NAME, StartOffsets.of(Map.of()))
        .flatMap(
            (in, out) -> {
              Exposure e = in.exposure();
              if (e != null) {
                out.collect(Row.of(e.flagKey(), e.unitId(), e.variant(), e.eventTimeMs()));
              }
            },
            Types.ROW_NAMED(
                new String[] {"flag_key", "unit_id", "variant_id", "time_ms"},
                Types.STRING,
                Types.STRING,
                Types.STRING,
                Types.LONG));
  }

  private static DataStream<Row> outcomes(StreamExecutionEnvironment env, TidegateConfig config) {
    return KafkaInputs.outcomes(env, config, NAME, StartOffsets.of(Map.of()))
        .flatMap(
            (in, out) -> {
              Outcome o = in.outcome();
              if (o != null) {
                out.collect(Row.of(o.unitId(), o.name(), o.eventTimeMs(), o.valueMicros()));
              }
            },
            Types.ROW_NAMED(
                new String[] {"unit_id", "name", "time_ms", "micros"},
                Types.STRING,
                Types.STRING,
                Types.LONG,
                Types.LONG));
  }
}
