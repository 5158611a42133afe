package io.tidegate.cli.bench;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.KafkaInputs;
import io.tidegate.model.Exposure;
import io.tidegate.model.OutRecord;
import io.tidegate.model.Outcome;
import java.net.URI;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * Flink SQL: the same join and the same sums over four kinds of metric, without segments, other
 * kinds, statistics or deduplication of events. Tuned: mini-batches, aggregation in two phases, the
 * first exposure kept by processing time (a unit's records come in order), so that nothing before
 * the last aggregation is ever taken back. It reads through the product's decoder, which is faster
 * than Flink's JSON format.
 */
final class SqlLightRival extends FlinkRival {

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
    tune(tables.getConfig());
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
    return tables
        .toChangelogStream(tables.sqlQuery(Resources.text("rival-light.sql")))
        .flatMap(
            (Row row, Collector<OutRecord> out) -> {
              if (row.getKind() != RowKind.UPDATE_BEFORE && row.getKind() != RowKind.DELETE) {
                out.collect(message(topic, key(row), totals(row)));
              }
            },
            TypeInformation.of(OutRecord.class));
  }

  private static void tune(TableConfig config) {
    config.set("table.exec.mini-batch.enabled", "true");
    config.set("table.exec.mini-batch.allow-latency", "1 s");
    config.set("table.exec.mini-batch.size", "20000");
    config.set("table.optimizer.agg-phase-strategy", "TWO_PHASE");
  }

  private static DataStream<Row> exposures(StreamExecutionEnvironment env, TidegateConfig config) {
    return KafkaInputs.exposures(env, config, NAME, Map.of())
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
    return KafkaInputs.outcomes(env, config, NAME, Map.of())
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

  private static String key(Row row) {
    return Totals.key(String.valueOf(row.getField(0)), String.valueOf(row.getField(1)));
  }

  private static Totals totals(Row row) {
    return Totals.of(
        number(row, 2), number(row, 3), number(row, 4), number(row, 5), number(row, 6));
  }

  private static long number(Row row, int column) {
    return row.getField(column) instanceof Number number ? number.longValue() : 0;
  }
}
