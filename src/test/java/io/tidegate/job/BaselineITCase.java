package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineConfig;
import io.tidegate.connector.BaselineHistory;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.History;
import io.tidegate.model.Outcome;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.simulate.Arrival;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.simulate.Simulator;
import io.tidegate.simulate.Truth;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight simulated weeks, archived from a broker and learned from; the ninth tells how well. */
class BaselineITCase {

  private static final long HOUR_MS = 3_600_000L;
  private static final long DAY_MS = 24 * HOUR_MS;
  private static final long WEEK_MS = 7 * DAY_MS;

  /** A Monday. */
  private static final long START_MS = 1_772_409_600_000L;

  private static final long END_MS = START_MS + 8 * WEEK_MS;
  private static final double UNITS_PER_DAY = 700;
  private static final LocalDate EVENT = LocalDate.of(2026, 3, 18);

  private static final RolloutSpec SPEC =
      RolloutSpecs.parse(
          "history.yaml",
          """
          apiVersion: tidegate.io/v1
          kind: Rollout
          id: checkout
          owner: team
          hypothesis: {statement: Nothing gets worse}
          flag: {key: checkout, control: "off", treatments: ["on"], not_enrolled: default}
          assignment: matched
          looks: {every: PT1H}
          stages:
            - {name: half, percent: 50, min_duration: P7D}
            - {name: full, percent: 100}
          segments: {device: [mobile, desktop], country: {top: 2}}
          metrics:
            - {name: conversion, role: guardrail, kind: proportion, outcome: {outcome: purchase, where: {type: [sale]}}, window: PT24H, better: up, margin: {relative: 0.10}}
            - {name: revenue, role: guardrail, kind: sum, outcome: purchase, window: PT24H, cap: 200, currency: EUR, better: up, margin: {relative: 0.20}}
            - {name: errors, role: guardrail, kind: ratio, numerator: {outcome: error}, denominator: {outcome: request}, window: PT24H, better: down, margin: {relative: 0.30}}
            - {name: latency, role: guardrail, kind: quantile, outcome: request, measure: latency_ms, quantile: 0.95, better: down, margin: {relative: 0.10}}
            - {name: d1, role: long_term, kind: retention, outcome: session_start, day: 1, better: up}
          """
              .getBytes(StandardCharsets.UTF_8),
          Duration.ofSeconds(10));

  @TempDir private Path folder;

  @Test
  void history_foretells_the_week_after_it_and_a_second_run_changes_nothing() throws Exception {
    Simulator world = new Simulator(SimulationConfig.plain(SPEC, 11, START_MS, UNITS_PER_DAY));
    List<Double> latencies = new ArrayList<>();
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = platform.config().withBounded(true);
      produce(config, world, latencies);
      ArchiveJob.environment(config).execute("archive");

      graphIsTheGoldenOne(config);
      String runId = BaselineJob.run(config, List.of(SPEC), false);
      List<Record> rows = rows(config, Tables.BASELINES);
      int covariates = rows(config, Tables.UNIT_COVARIATES).size();
      assertThat(covariates).isGreaterThan(SPEC.metrics().size() * (int) UNITS_PER_DAY);
      assertThat(BaselineJob.run(config, List.of(SPEC), false)).isEqualTo(runId);
      assertThat(rows(config, Tables.BASELINES)).hasSameSizeAs(rows);
      assertThat(rows(config, Tables.UNIT_COVARIATES)).hasSize(covariates);

      BaselineRun german =
          BaselineRun.plan(
              config.withBaseline(new BaselineConfig("Europe/Berlin", "de", Set.of(EVENT))),
              List.of(SPEC),
              false);
      assertThat(german.baselines()).as("another clock is another baseline").isTrue();
      assertThat(german.request().calendar().zone()).isEqualTo("Europe/Berlin");
      assertThat(german.request().calendar().holidays())
          .contains(
              LocalDate.of(2026, 4, 6).toEpochDay(),
              LocalDate.of(2027, 10, 3).toEpochDay(),
              EVENT.toEpochDay());
      double[] sessions = new double[168];
      Truth truth = nextWeek(world, sessions);
      volumesForetold(rows, sessions);
      metricsForetold(rows, truth);
      resolves(config, truth, latencies);
    }
  }

  private static void graphIsTheGoldenOne(TidegateConfig config) throws IOException {
    StreamExecutionEnvironment env =
        BaselineJob.environment(config, BaselineRun.plan(config, List.of(SPEC), false), Map.of());
    for (Transformation<?> step : env.getTransformations()) {
      TypeInformation<?> type = step.getOutputType();
      assertThat(type).as(step.getName()).isNotInstanceOf(GenericTypeInfo.class);
      type.createSerializer(env.getConfig().getSerializerConfig());
    }
    List<String> uids =
        env.getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(uid -> uid != null)
            .sorted()
            .toList();
    Path golden = Path.of("src/test/resources/uids/baseline.txt");
    if (Boolean.getBoolean("tidegate.update")) {
      Files.write(golden, uids);
    }
    assertThat(uids).doesNotHaveDuplicates().isEqualTo(Files.readAllLines(golden));
  }

  private static void produce(TidegateConfig config, Simulator world, List<Double> latencies) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      world.advanceTo(
          END_MS,
          arrival -> {
            if (arrival instanceof Arrival.Exposed exposed) {
              producer.exposure(exposed.event());
            } else if (arrival instanceof Arrival.Happened happened) {
              Outcome event = happened.event();
              producer.outcome(event);
              if (event.name().equals("request")) {
                latencies.add(Double.parseDouble(event.attributes().get("latency_ms")));
              }
            }
          });
      producer.rollout(
          RolloutEvent.defined(
              "defined", END_MS - HOUR_MS, SPEC.id(), "ci", RolloutSpecs.toJson(SPEC), ""));
      producer.rollout(
          RolloutEvent.bare("entered", END_MS, SPEC.id(), RolloutEvent.Kind.STAGE_ENTERED, "half"));
      // The last hour with an event is a partial one.
      producer.outcome(
          new Outcome("end", END_MS + 1, "nobody", "end_of_history", 0, false, Map.of()));
    }
  }

  /** A rollout without effect begins; what really happens. */
  private static Truth nextWeek(Simulator world, double[] sessions) {
    world.enterStage("half", END_MS);
    world.advanceTo(
        END_MS + 8 * DAY_MS,
        arrival -> {
          if (arrival instanceof Arrival.Happened happened
              && happened.event().name().equals("session_start")
              && happened.event().eventTimeMs() >= END_MS
              && happened.event().eventTimeMs() < END_MS + WEEK_MS) {
            sessions[(int) ((happened.event().eventTimeMs() - END_MS) / HOUR_MS)]++;
          }
        });
    return world.truth(END_MS + WEEK_MS);
  }

  /**
   * Sessions: the hours' errors add up to 15 % of the traffic; 95 % intervals hold 85 % or more.
   */
  private static void volumesForetold(List<Record> rows, double[] sessions) {
    double error = 0;
    double all = 0;
    int inside = 0;
    for (int hour = 0; hour < 168; hour++) {
      Record row = row(rows, "session_start", "all", "*", hour);
      double expected = (Double) row.getField("expected");
      error += Math.abs(sessions[hour] - expected);
      all += sessions[hour];
      boolean within =
          sessions[hour] >= (Double) row.getField("expected_lower")
              && sessions[hour] <= (Double) row.getField("expected_upper");
      inside += within ? 1 : 0;
      assertThat(row.getField("provisional")).isEqualTo(false);
    }
    System.out.printf(
        "%.0f sessions an hour, error %.1f %%, %d of 168 hours inside%n",
        all / 168, 100 * error / all, inside);
    assertThat(error / all).isLessThan(0.15);
    assertThat(inside).isBetween(143, 168);
  }

  /** The values of everyone who entered in the week, both variants. */
  private static void metricsForetold(List<Record> rows, Truth truth) {
    for (String metric : List.of("conversion", "revenue", "errors")) {
      for (String segment : List.of("*", "mobile", "desktop")) {
        String dimension = segment.equals("*") ? "all" : "device";
        double value = value(truth, metric, dimension, segment);
        Record week = row(rows, metric, dimension, segment, -1);
        double mean = (Double) week.getField("unit_mean");
        double expected = (Double) week.getField("expected");
        double units = (Double) week.getField("units_per_hour") * 168;
        System.out.printf(
            "%s %s: %.4f, foretold %.4f; units %d, foretold %.0f%n",
            metric, segment, value, expected, units(truth, metric, dimension, segment), units);
        assertThat(mean / value).as(metric + " " + segment).isCloseTo(1, within(0.2));
        assertThat(expected / mean).as(metric + " " + segment).isCloseTo(1, within(0.1));
        assertThat(units / units(truth, metric, dimension, segment)).isCloseTo(1, within(0.1));
      }
    }
  }

  private static void resolves(TidegateConfig config, Truth truth, List<Double> latencies) {
    History history = BaselineHistory.read(config.catalog());
    Resolved resolved = Resolver.resolve(SPEC, history);
    assertThat(resolved.metrics())
        .containsOnlyKeys("conversion", "revenue", "errors", "latency", "d1");
    double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double threshold = sorted[(int) (0.95 * sorted.length)];
    Resolved.MetricBase latency = resolved.metrics().get("latency");
    assertThat(latency.thresholds().get("all=*") / threshold).isCloseTo(1, within(0.04));
    assertThat(latency.thresholds()).containsKeys("device=mobile", "device=desktop");
    assertThat(latency.mean()).isCloseTo(0.05, within(0.01));
    Resolved.MetricBase conversion = resolved.metrics().get("conversion");
    assertThat(conversion.variance())
        .isCloseTo(conversion.mean() * (1 - conversion.mean()), within(1e-3));
    assertThat(resolved.segmentValues().get("country")).hasSize(2);
    Seasonal seasonal = resolved.seasonal();
    assertThat(seasonal.metrics())
        .containsOnlyKeys(resolved.metrics().keySet().toArray(new String[0]));
    assertThat(seasonal.unitsPerHour()).hasSize(168);
    assertThat(seasonal.profile("conversion").level() / conversion.mean())
        .isCloseTo(1, within(0.1));
    assertThat(seasonal.profile("conversion").segments())
        .containsOnlyKeys(
            "device=mobile",
            "device=desktop",
            "country=" + resolved.segmentValues().get("country").get(0),
            "country=" + resolved.segmentValues().get("country").get(1));
    assertThat(seasonal.mix().get("device").values().stream().mapToDouble(d -> d).sum())
        .isCloseTo(1, within(1e-4));
    assertThat(seasonal.volumes()).containsOnlyKeys(SPEC.outcomeNames());
    Resolved.StagePlan half = resolved.stages().get(0);
    long entered = units(truth, "conversion", "all", "*");
    assertThat(2 * half.unitsPerVariant() / entered).isCloseTo(1, within(0.1));
  }

  private static double value(Truth truth, String metric, String dimension, String segment) {
    long y = 0;
    long d = 0;
    for (Truth.Row row : truth.rows()) {
      if (is(row, metric, dimension, segment)) {
        y += row.numeratorMicros();
        d += row.denominatorMicros();
      }
    }
    return (double) y / d;
  }

  private static long units(Truth truth, String metric, String dimension, String segment) {
    return truth.rows().stream()
        .filter(row -> is(row, metric, dimension, segment))
        .mapToLong(Truth.Row::units)
        .sum();
  }

  private static boolean is(Truth.Row row, String metric, String dimension, String segment) {
    return row.metric().equals(metric)
        && row.dimension().equals(dimension)
        && row.segment().equals(segment);
  }

  private static Record row(
      List<Record> rows, String metric, String dimension, String segment, int hour) {
    List<Record> found =
        rows.stream()
            .filter(
                r ->
                    r.getField("metric").equals(metric)
                        && r.getField("dimension").equals(dimension)
                        && r.getField("segment").equals(segment)
                        && r.getField("hour_of_week").equals(hour))
            .toList();
    assertThat(found).as("%s %s=%s hour %d", metric, dimension, segment, hour).hasSize(1);
    return found.get(0);
  }

  private static List<Record> rows(TidegateConfig config, String table) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, table)).build()) {
      return StreamSupport.stream(rows.spliterator(), false).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
