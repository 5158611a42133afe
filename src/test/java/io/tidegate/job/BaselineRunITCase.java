package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.BaselineProgress;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run sets out to read, from real tables; nothing is run. */
class BaselineRunITCase {

  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  /** A Monday. */
  private static final long START_MS = 1_772_409_600_000L;

  private static final int DAYS = 20;
  private static final RolloutSpec SPEC = spec("checkout", "checkout");
  private static final String KEY = RolloutSpecs.definitionHash(SPEC, SPEC.metric("conversion"));

  @TempDir private Path folder;

  private static RolloutSpec spec(String id, String flag) {
    String yaml =
        """
        apiVersion: tidegate.io/v1
        kind: Rollout
        id: %1$s
        owner: team
        hypothesis: {statement: Nothing gets worse}
        flag: {key: "%2$s", control: "off", treatments: ["on"], not_enrolled: default}
        assignment: matched
        trigger: {outcome: purchase}
        looks: {every: PT1H}
        stages:
          - {name: half, percent: 50, min_duration: P7D}
          - {name: full, percent: 100}
        metrics:
          - {name: conversion, role: guardrail, kind: proportion, outcome: purchase, window: PT24H, better: up, margin: {relative: 0.10}}
        """
            .formatted(id, flag);
    return RolloutSpecs.parse(
        "one.yaml", yaml.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
  }

  /** An outcome every hour. */
  private static ArchivedEvents archive(TableFixture tables, String outcome) {
    ArchivedEvents archive = new ArchivedEvents(tables);
    for (int hour = 0; hour <= DAYS * 24; hour++) {
      long timeMs = START_MS + hour * 3_600_000L;
      archive.add(new Outcome("o" + hour, timeMs, "u" + hour % 7, outcome, 0, false, Map.of()));
    }
    return archive;
  }

  /** A row of days as a run would keep it. */
  private static Map<String, Object> day(String key, BaselineProgress run) {
    return Map.ofEntries(
        Map.entry("metric_key", key),
        Map.entry("day_start", START_MS + DAY_MS),
        Map.entry("revision", run.revision()),
        Map.entry("folded_to", run.foldedToMs()),
        Map.entry("known_from", run.knownFromMs()),
        Map.entry("recipe", run.recipe()),
        Map.entry("treatments", run.treatments()),
        Map.entry("exposures_snapshot_id", run.exposuresSnapshot()),
        Map.entry("outcomes_snapshot_id", run.outcomesSnapshot()),
        Map.entry("hourly_snapshot_id", run.hourlySnapshot()),
        Map.entry("sums", ByteBuffer.allocate(0)));
  }

  private static BaselineProgress progress(BaselineRun run) {
    return run.progress().of(run.recipes().getOrDefault(KEY, ""));
  }

  @Test
  void a_treatment_that_is_gone_takes_nothing_with_it_if_nobody_was_served_it() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = archive(tables, "purchase");
      archive.add(
          new Exposure("e", START_MS + 5 * DAY_MS, "u1", "served", "on", "", "split", Map.of()));
      archive.commit();
      RolloutSpec unserved = spec("unserved", "nobody\\n has it");
      RolloutSpec served = spec("served", "served");
      BaselineRun run = BaselineRun.plan(config, List.of(SPEC, unserved), false);
      tables.append(Tables.BASELINE_DAYS, List.of(day(KEY, progress(run))));
      long keptToMs = run.request().endMs() - DAY_MS;
      assertThat(
              BaselineRun.plan(config, List.of(SPEC, unserved), false).request().kept().untilMs())
          .containsEntry(KEY, keptToMs);
      assertThat(BaselineRun.plan(config, List.of(SPEC), false).request().kept().untilMs())
          .containsEntry(KEY, keptToMs);

      BaselineRun both = BaselineRun.plan(config, List.of(SPEC, served), false);
      assertThat(both.request().kept().untilMs()).as("another served").isEmpty();
      tables.append(Tables.BASELINE_DAYS, List.of(day(KEY, progress(both))));
      assertThat(BaselineRun.plan(config, List.of(SPEC, served), false).request().kept().untilMs())
          .containsEntry(KEY, keptToMs);
      assertThat(BaselineRun.plan(config, List.of(SPEC), false).request().kept().untilMs())
          .as("one served that is gone")
          .isEmpty();
    }
  }

  @Test
  void a_series_that_nobody_wants_any_more_is_neither_read_nor_asked() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      archive(tables, "purchase").commit();
      BaselineProgress run = progress(BaselineRun.plan(config, List.of(SPEC), false));
      BaselineProgress before =
          new BaselineProgress(
              run.revision(),
              run.foldedToMs(),
              START_MS - 100 * DAY_MS,
              run.recipe(),
              run.treatments(),
              run.exposuresSnapshot(),
              run.outcomesSnapshot(),
              run.hourlySnapshot());
      BaselineProgress now =
          new BaselineProgress(
              run.revision() + 1,
              run.foldedToMs(),
              run.knownFromMs(),
              run.recipe(),
              run.treatments(),
              run.exposuresSnapshot(),
              run.outcomesSnapshot(),
              run.hourlySnapshot());
      tables.append(
          Tables.BASELINE_DAYS,
          List.of(day("no longer wanted", before), day(KEY, run), day("outcome:purchase", now)));

      BaselineRun next = BaselineRun.plan(config, List.of(SPEC), false);
      assertThat(next.request().kept().knownFromMs())
          .as("start of the archive, as the newest run found it")
          .isEqualTo(START_MS);
      assertThat(next.request().kept().untilMs()).as("not named by that run").containsKey(KEY);
      List<String> read = new ArrayList<>();
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(IcebergTables.load(config, Tables.BASELINE_DAYS))
              .where(BaselineJob.Wanted.of(next).days())
              .build()) {
        rows.forEach(row -> read.add((String) row.getField("metric_key")));
      }
      assertThat(read).containsExactlyInAnyOrder(KEY, "outcome:purchase");
    }
  }

  @Test
  void numbers_of_a_window_without_any_event_are_not_waited_for() throws Exception {
    assertThat(covariates("before", START_MS - DAY_MS, "purchase")).isFalse();
    assertThat(covariates("within", START_MS + DAY_MS, "purchase")).isTrue();
    assertThat(covariates("others", START_MS + DAY_MS, "session_start"))
        .as("events, but none that the metric reads")
        .isFalse();
  }

  /** Whether covariates are wanted of a rollout that began then. */
  private boolean covariates(String name, long beganMs, String outcome) throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    try (TableFixture tables = TableFixture.create(own)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = archive(tables, outcome);
      archive.add(new Outcome("p", START_MS + 5 * DAY_MS, "u1", "purchase", 0, false, Map.of()));
      archive.rollout(
          RolloutEvent.defined(
              "d", beganMs - DAY_MS, SPEC.id(), "ci", RolloutSpecs.toJson(SPEC), ""),
          RolloutEvent.bare("s", beganMs, SPEC.id(), RolloutEvent.Kind.STAGE_ENTERED, "half"));
      archive.commit();
      BaselineRun run = BaselineRun.plan(config, List.of(), false);
      HistoryPlan plan = HistoryPlan.of(run.request(), BaselineRun.PARSER, Map.of());
      boolean reads = plan.readFromMs() <= beganMs - HistoryPlan.COVARIATE_DAYS * DAY_MS;
      assertThat(reads).isEqualTo(run.covariates());
      return run.covariates();
    }
  }
}
