package io.tidegate.cli.bench;

import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.KafkaSinks;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Exposure;
import io.tidegate.model.OutRecord;
import io.tidegate.model.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
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
final class SqlRival implements Engine {

  private final URI cluster;

  SqlRival(URI cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return "flink_sql";
  }

  @Override
  public Run run(World.Written world) throws Exception {
    TidegateConfig config = Rivals.config(world.config());
    Map<String, Totals> found = new TreeMap<>();
    FlinkRun.Done done =
        new FlinkRun(cluster, config.kafka(), Rivals.results(config))
            .execute(
                environment(config),
                name(),
                record -> found.put(Rivals.key(record), Rivals.totals(record)));
    return new Run(done.lap(), found, done.stateBytes());
  }

  private static StreamExecutionEnvironment environment(TidegateConfig config) {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
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
    String topic = Rivals.results(config);
    DataStream<OutRecord> results =
        tables
            .toChangelogStream(tables.sqlQuery(query()))
            .flatMap(
                (Row row, Collector<OutRecord> out) -> {
                  if (row.getKind() != RowKind.UPDATE_BEFORE && row.getKind() != RowKind.DELETE) {
                    out.collect(Rivals.result(topic, key(row), totals(row)));
                  }
                },
                TypeInformation.of(OutRecord.class));
    KafkaSinks.write(results, config, "bench-sql", "bench-sql/kafka");
    return env;
  }

  private static void tune(TableConfig config) {
    config.set("table.exec.mini-batch.enabled", "true");
    config.set("table.exec.mini-batch.allow-latency", "1 s");
    config.set("table.exec.mini-batch.size", "20000");
    config.set("table.optimizer.agg-phase-strategy", "TWO_PHASE");
  }

  private static DataStream<Row> exposures(StreamExecutionEnvironment env, TidegateConfig config) {
    return Rivals.exposures(env, config)
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
    return Rivals.outcomes(env, config)
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
    return new Totals(
        number(row, 2), number(row, 3), number(row, 4), number(row, 5), number(row, 6));
  }

  private static long number(Row row, int column) {
    return row.getField(column) instanceof Number number ? number.longValue() : 0;
  }

  private static String query() {
    try (InputStream in = SqlRival.class.getResourceAsStream("rival.sql")) {
      if (in == null) {
        throw new IllegalStateException("the jar carries no rival.sql of the bench");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
