package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Metric;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.simulate.Arrival;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.simulate.Simulator;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of the baseline takes over from the runs before it, on real tables. */
class BaselineKeptITCase {

  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  /** A Monday. */
  private static final long START_MS = 1_772_409_600_000L;

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
            - {name: conversion, role: guardrail, kind: proportion, outcome: purchase, window: PT24H, better: up, margin: {relative: 0.10}}
            - {name: revenue, role: guardrail, kind: sum, outcome: purchase, cap: 200, currency: EUR, better: up, margin: {relative: 0.20}}
            - {name: errors, role: guardrail, kind: ratio, numerator: {outcome: error}, denominator: {outcome: request}, window: PT24H, better: down, margin: {relative: 0.30}}
            - {name: latency, role: guardrail, kind: quantile, outcome: request, measure: latency_ms, quantile: 0.95, window: PT24H, better: down, margin: {relative: 0.10}}
            - {name: d1, role: long_term, kind: retention, outcome: session_start, day: 1, better: up}
          """
              .getBytes(StandardCharsets.UTF_8),
          Duration.ofSeconds(10));

  @TempDir private Path folder;

  private static String key(String metric) {
    Metric found = SPEC.metric(metric);
    return RolloutSpecs.definitionHash(SPEC, found);
  }

  @Test
  void a_run_that_goes_on_says_what_one_over_all_history_says() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      Simulator world = new Simulator(SimulationConfig.plain(SPEC, 5, START_MS, 150));
      ArchivedEvents archive = new ArchivedEvents(tables);
      List<Arrival> late = new ArrayList<>();
      for (int day = 1; day <= 17; day++) {
        if (day == 13) {
          world.enterStage("half", START_MS + 12 * DAY_MS);
        }
        boolean first = day <= 15;
        world.advanceTo(
            START_MS + day * DAY_MS,
            arrival -> {
              if (first && late(arrival)) {
                late.add(arrival);
              } else {
                archive.add(arrival);
              }
            });
        if (day == 12) {
          archive.rollout(
              RolloutEvent.defined(
                  "d", START_MS + 11 * DAY_MS, SPEC.id(), "ci", RolloutSpecs.toJson(SPEC), ""),
              RolloutEvent.bare(
                  "s", START_MS + 12 * DAY_MS, SPEC.id(), RolloutEvent.Kind.STAGE_ENTERED, "half"));
        }
        archive.commit();
        if (day == 15) {
          BaselineJob.run(config, List.of(), false);
        }
      }
      assertThat(late).hasSizeGreaterThan(10);
      late.forEach(archive::add);
      archive.commit();

      BaselineRun next = BaselineRun.plan(config, List.of(), false);
      assertThat(next.request().startMs()).isEqualTo(START_MS + 3_600_000L);
      String exposed = RolloutSpecs.baselineKey(SPEC, SPEC.metric("conversion"), true);
      assertThat(next.request().foldFromMs(exposed))
          .as("two days before the earliest late event of day 11: its day, a window earlier")
          .isEqualTo(START_MS + 9 * DAY_MS);
      assertThat(next.request().foldFromMs("outcome:purchase")).isEqualTo(START_MS + 10 * DAY_MS);
      String goesOn = BaselineJob.run(config, List.of(), false);
      assertThat(goesOn).isEqualTo(next.runId());
      Map<String, String> kept = days(config);

      int rows = rows(config, Tables.BASELINES).size();
      int days = rows(config, Tables.BASELINE_DAYS).size();
      assertThat(BaselineJob.run(config, List.of(), false)).isEqualTo(goesOn);
      assertThat(rows(config, Tables.BASELINES)).as("history is kept").hasSize(rows);
      assertThat(rows(config, Tables.BASELINE_DAYS)).hasSize(days);

      String anew = BaselineJob.run(config, List.of(), true);
      assertThat(anew).isNotEqualTo(goesOn);
      assertThat(said(config, anew)).hasSizeGreaterThan(1000);
      assertThat(different(said(config, goesOn), said(config, anew))).isEmpty();
      assertThat(different(kept, days(config))).isEmpty();
      assertThat(rows(config, Tables.BASELINES))
          .allMatch(r -> (Long) r.getField("outcomes_snapshot_id") != 0)
          .allMatch(r -> (Long) r.getField("history_snapshot_id") != 0);
    }
  }

  /** One event in fifty of the eleventh and of the fourteenth day. */
  private static boolean late(Arrival arrival) {
    long timeMs =
        arrival instanceof Arrival.Exposed exposed
            ? exposed.event().eventTimeMs()
            : arrival instanceof Arrival.Happened happened ? happened.event().eventTimeMs() : 0;
    long day = Math.floorDiv(timeMs - START_MS, DAY_MS);
    return (day == 10 || day == 13) && timeMs % 50 == 7;
  }

  @Test
  void a_night_reads_no_more_the_older_the_archive_is() throws Exception {
    List<Long> young = read(66, folder.resolve("young"));
    List<Long> old = read(120, folder.resolve("old"));
    assertThat(old).isEqualTo(young);
    assertThat(young.get(0)).as("rows of raw events, at 60 a day").isBetween(600L, 900L);
    assertThat(young.get(1)).as("hours of two outcomes, two days").isLessThanOrEqualTo(96);
    assertThat(young.get(2))
        .as("days folded: the new one, the one before and its window")
        .isEqualTo(3);
  }

  /** What a run a day after another reads: raw rows, rows of hours; and the days that it folds. */
  private static List<Long> read(int age, Path folder) throws Exception {
    Files.createDirectories(folder);
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      for (int day = 0; day <= age; day++) {
        long startMs = START_MS + (day - age) * DAY_MS;
        for (int i = 0; i < 60; i++) {
          String unit = "u" + i % 20;
          String name = i % 3 == 0 ? "purchase" : "session_start";
          archive.add(
              new Outcome(
                  day + "/" + i, startMs + i * DAY_MS / 60, unit, name, 1_000_000, true, Map.of()));
        }
        archive.commit();
        if (day == age - 1) {
          BaselineJob.run(config, List.of(ofConversion()), false);
        }
      }
      BaselineRun run = BaselineRun.plan(config, List.of(ofConversion()), false);
      BaselineJob.Wanted wanted = BaselineJob.Wanted.of(run);
      long folded =
          (run.request().endMs() - run.request().foldFromMs(key("conversion")) + DAY_MS - 1)
              / DAY_MS;
      return List.of(
          planned(config, Tables.OUTCOMES, run.pinned().outcomes(), wanted.outcomes()),
          planned(config, Tables.METRIC_HOURLY, run.pinned().hourly(), wanted.hours()),
          folded,
          planned(config, Tables.BASELINE_DAYS, run.pinned().days(), wanted.days()));
    }
  }

  private static final String CONVERSION =
      """
          - {name: conversion, role: guardrail, kind: proportion, outcome: purchase, window: PT24H, better: up, margin: {relative: 0.10}}
      """;

  private static final String REVENUE =
      """
          - {name: revenue, role: guardrail, kind: sum, outcome: purchase, window: PT24H, currency: EUR, better: up, margin: {relative: 0.20}}
      """;

  private static final String VISITS =
      """
          - {name: visits, role: guardrail, kind: count, outcome: session_start, window: PT24H, better: up, margin: {relative: 0.20}}
      """;

  /** Each run goes on from the one before; the last is held against one over all history. */
  @Test
  void while_the_start_slides_a_metric_that_comes_or_goes_is_said_as_over_all_history()
      throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      RolloutSpec both = of(CONVERSION + REVENUE);
      RolloutSpec other = of(CONVERSION + VISITS);
      RolloutSpec all = of(CONVERSION + REVENUE + VISITS);
      String conversion = key("conversion");
      String revenue = RolloutSpecs.definitionHash(both, both.metric("revenue"));
      String visits = RolloutSpecs.definitionHash(other, other.metric("visits"));

      archiveDays(archive, 0, 58);
      BaselineRun first = BaselineRun.plan(config, List.of(both), false);
      assertThat(first.request().startMs()).as("older days are left out").isEqualTo(day(2));
      BaselineJob.run(config, List.of(both), false);

      archiveDays(archive, 58, 61);
      BaselineRun second = BaselineRun.plan(config, List.of(other), false);
      assertThat(second.request().startMs()).as("the start slides").isEqualTo(day(5));
      assertThat(second.request().foldFromMs(conversion)).isEqualTo(day(56));
      assertThat(second.request().foldFromMs(visits)).as("a metric added").isEqualTo(day(5));
      Map<String, String> said = said(config, BaselineJob.run(config, List.of(other), false));
      assertThat(said.keySet())
          .as("a metric dropped")
          .noneMatch(row -> row.startsWith(revenue))
          .anyMatch(row -> row.startsWith(visits));

      archiveDays(archive, 61, 66);
      BaselineRun third = BaselineRun.plan(config, List.of(all), false);
      assertThat(third.request().startMs()).isEqualTo(day(10));
      assertThat(third.request().foldFromMs(conversion)).isEqualTo(day(59));
      assertThat(third.request().foldFromMs(revenue)).as("back after a run").isEqualTo(day(56));
      String goesOn = BaselineJob.run(config, List.of(all), false);
      Map<String, String> kept = days(config);
      String anew = BaselineJob.run(config, List.of(all), true);
      assertThat(said(config, goesOn)).hasSizeGreaterThan(500);
      assertThat(different(said(config, goesOn), said(config, anew))).isEmpty();
      assertThat(different(kept, days(config))).isEmpty();
    }
  }

  private static long day(int day) {
    return START_MS + day * DAY_MS;
  }

  /** Sixty outcomes a day of twenty units; what they buy varies. */
  private static void archiveDays(ArchivedEvents archive, int from, int to) {
    Random random = new Random(from);
    for (int day = from; day < to; day++) {
      for (int i = 0; i < 60; i++) {
        long timeMs = day(day) + i * DAY_MS / 60;
        String name = random.nextInt(3) == 0 ? "purchase" : "session_start";
        long value = (1 + random.nextInt(40)) * 1_000_000L;
        String unit = "u" + random.nextInt(20);
        archive.add(new Outcome(day + "/" + i, timeMs, unit, name, value, true, Map.of()));
      }
    }
    archive.commit();
  }

  private static RolloutSpec ofConversion() {
    return of(CONVERSION);
  }

  /** The spec with other metrics. */
  private static RolloutSpec of(String metrics) {
    String yaml =
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
        metrics:
        """
            + metrics;
    return RolloutSpecs.parse(
        "one.yaml", yaml.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
  }

  /** Rows of the files that a scan opens. */
  private static long planned(
      TidegateConfig config, String name, @Nullable Long snapshot, Expression wanted)
      throws IOException {
    Table table = IcebergTables.load(config, name);
    long rows = 0;
    if (snapshot != null) {
      try (CloseableIterable<FileScanTask> files =
          table.newScan().useSnapshot(snapshot).filter(wanted).planFiles()) {
        for (FileScanTask file : files) {
          rows += file.file().recordCount();
        }
      }
    }
    return rows;
  }

  /** What one of two says otherwise than the other. */
  private static List<String> different(Map<String, String> some, Map<String, String> others) {
    Set<String> keys = new TreeSet<>(some.keySet());
    keys.addAll(others.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(some.get(key), others.get(key)))
        .map(key -> key + ": " + some.get(key) + " and " + others.get(key))
        .limit(5)
        .toList();
  }

  /** Every figure of a run's rows, by what they are of. */
  private static Map<String, String> said(TidegateConfig config, String runId) {
    Map<String, String> said = new TreeMap<>();
    for (Record row : read(config, Tables.BASELINES, Expressions.equal("run_id", runId))) {
      StringBuilder figures = new StringBuilder();
      row.struct().fields().stream()
          .filter(f -> !f.name().equals("run_id") && !f.name().equals("revision"))
          .forEach(f -> figures.append(f.name()).append('=').append(row.getField(f.name())));
      String key =
          row.getField("metric_key")
              + "/"
              + row.getField("dimension")
              + "="
              + row.getField("segment")
              + "@"
              + row.getField("hour_of_week");
      assertThat(said.put(key, figures.toString())).isNull();
    }
    return said;
  }

  /** The newest sums of each day. */
  private static Map<String, String> days(TidegateConfig config) {
    Map<String, Record> newest = new TreeMap<>();
    for (Record row : rows(config, Tables.BASELINE_DAYS)) {
      newest.merge(
          row.getField("metric_key") + "@" + row.getField("day_start"),
          row,
          (a, b) -> (Integer) a.getField("revision") > (Integer) b.getField("revision") ? a : b);
    }
    Map<String, String> days = new TreeMap<>();
    newest.forEach(
        (day, row) ->
            days.put(
                day,
                StandardCharsets.ISO_8859_1
                    .decode(((ByteBuffer) row.getField("sums")).duplicate())
                    .toString()));
    return days;
  }

  private static List<Record> rows(TidegateConfig config, String table) {
    return read(config, table, Expressions.alwaysTrue());
  }

  private static List<Record> read(TidegateConfig config, String table, Expression wanted) {
    List<Record> all = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, table)).where(wanted).build()) {
      rows.forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
