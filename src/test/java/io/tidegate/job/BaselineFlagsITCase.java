package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineHistory;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Exposure;
import io.tidegate.model.History;
import io.tidegate.model.Outcome;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

/** Rollouts with the same metrics over flags that different units are asked for. */
class BaselineFlagsITCase {

  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  /** A Monday. */
  private static final long START_MS = 1_772_409_600_000L;

  /** Every unit of the one buys, one in four of the other's; the third is new. */
  private static final RolloutSpec SEARCH = spec("search", "");

  private static final RolloutSpec CART = spec("cart", "");
  private static final RolloutSpec NEW = spec("brand-new", "");
  private static final RolloutSpec CART_AGAIN = spec("cart-again", "cart", "");

  /** Its units enter at a purchase, whatever they are asked for. */
  private static final RolloutSpec TRIGGERED = spec("triggered", "trigger: purchase");

  private static final int DAYS = 22;
  private static final int UNITS = 40;

  @TempDir private Path folder;

  private static RolloutSpec spec(String flag, String trigger) {
    return spec(flag, flag, trigger);
  }

  private static RolloutSpec spec(String id, String flag, String trigger) {
    String yaml =
        """
        apiVersion: tidegate.io/v1
        kind: Rollout
        id: %1$s
        owner: team
        hypothesis: {statement: Nothing gets worse}
        flag: {key: %2$s, control: "off", treatments: ["on"], not_enrolled: default}
        assignment: matched
        looks: {every: PT1H}
        %3$s
        stages:
          - {name: half, percent: 50, min_duration: P7D}
          - {name: full, percent: 100}
        metrics:
          - {name: conversion, role: guardrail, kind: proportion, outcome: purchase, window: PT24H, better: up, margin: {relative: 0.10}}
          - {name: latency, role: guardrail, kind: quantile, outcome: request, measure: latency_ms, quantile: 0.9, window: PT24H, better: down, margin: {relative: 0.10}}
        """
            .formatted(id, flag, trigger);
    return RolloutSpecs.parse(
        "one.yaml", yaml.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
  }

  /** A unit a flag, every 36 minutes; those of the cart's flag wait ten times as long. */
  private static void archive(ArchivedEvents archive, int from, int to) {
    for (int day = from; day < to; day++) {
      for (int i = 0; i < UNITS; i++) {
        long timeMs = START_MS + day * DAY_MS + i * DAY_MS / UNITS;
        ask(archive, "search", timeMs, day, i, true, 10);
        ask(archive, "cart", timeMs + 60_000, day, i, i % 4 == 0, 100);
        if (day == DAYS - 1) {
          exposed(archive, "brand-new", timeMs + 120_000, "cart" + i % UNITS);
        }
      }
    }
    archive.commit();
  }

  private static void ask(
      ArchivedEvents archive, String flag, long timeMs, int day, int i, boolean buys, int ms) {
    String unit = flag + i;
    exposed(archive, flag, timeMs, unit);
    String latency = String.valueOf(ms + (day + i) % 10);
    archive.add(
        new Outcome(
            flag + "r" + timeMs,
            timeMs + 1_000,
            unit,
            "request",
            0,
            false,
            Map.of("latency_ms", latency)));
    if (buys) {
      archive.add(
          new Outcome(flag + "p" + timeMs, timeMs + 2_000, unit, "purchase", 0, false, Map.of()));
    }
  }

  private static void exposed(ArchivedEvents archive, String flag, long timeMs, String unit) {
    archive.add(
        new Exposure(flag + "e" + timeMs, timeMs, unit, flag, "off", "", "split", Map.of()));
  }

  @Test
  void each_flag_has_a_baseline_of_its_own() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      List<RolloutSpec> specs = List.of(SEARCH, CART, NEW, CART_AGAIN, TRIGGERED);
      long secondMs = START_MS + (DAYS - 1) * DAY_MS;
      for (RolloutSpec spec : specs) {
        archive.rollout(
            RolloutEvent.defined(
                "d" + spec.id(), secondMs - 2, spec.id(), "ci", RolloutSpecs.toJson(spec), ""),
            RolloutEvent.bare(
                "s" + spec.id(), secondMs, spec.id(), RolloutEvent.Kind.STAGE_ENTERED, "half"));
      }
      archive(archive, 0, DAYS - 1);
      BaselineJob.run(config, List.of(), false);
      archive(archive, DAYS - 1, DAYS);
      String runId = BaselineJob.run(config, List.of(), false);

      History history = BaselineHistory.read(config.catalog());
      judged(history, SEARCH, 1, 10);
      judged(history, CART, 0.25, 100);
      assertThat(history.seasonal(CART_AGAIN, Map.of()))
          .as("one baseline a flag, whichever rollout")
          .isEqualTo(history.seasonal(CART, Map.of()));
      assertThat(history.unitsPerDay(SEARCH)).isCloseTo(UNITS / 7.0, within(1.0));
      assertThat(history.unitsPerDay(NEW)).isCloseTo(2 * UNITS / 7.0, within(2.0));
      Seasonal everyone = Resolver.resolve(NEW, history).seasonal();
      assertThat(everyone.unlike(NEW, "conversion")).contains("any outcome");
      assertThat(everyone.profile("conversion").level()).isCloseTo(0.625, within(0.05));
      assertThat(Resolver.resolve(TRIGGERED, history).seasonal().unlike(TRIGGERED, "conversion"))
          .isEmpty();

      List<Record> rows = rows(config, Tables.BASELINES);
      assertThat(rows)
          .filteredOn(
              row ->
                  row.getField("run_id").equals(runId)
                      && row.getField("hour_of_week").equals(-1)
                      && row.getField("dimension").equals("all"))
          .extracting(row -> (String) row.getField("metric"))
          .as("search, cart, any outcome and the trigger; an outcome's volume once")
          .containsExactlyInAnyOrder(
              "conversion",
              "conversion",
              "conversion",
              "conversion",
              "latency",
              "latency",
              "latency",
              "latency",
              "purchase",
              "request");
      goesOn(config);
    }
  }

  /** The baseline that a rollout is defined with is one of its own units. */
  private static void judged(History history, RolloutSpec spec, double share, double fastestMs) {
    Resolved resolved = Resolver.resolve(spec, history);
    Seasonal seasonal = resolved.seasonal();
    for (String metric : List.of("conversion", "latency")) {
      assertThat(seasonal.unlike(spec, metric)).as(spec.id()).isEmpty();
    }
    assertThat(seasonal.weeks()).isGreaterThanOrEqualTo(2);
    assertThat(seasonal.profile("conversion").level()).isCloseTo(share, within(0.05));
    assertThat(resolved.base("conversion").mean()).as(spec.id()).isCloseTo(share, within(0.05));
    assertThat(resolved.base("latency").thresholds().get("all=*"))
        .as(spec.id())
        .isBetween(fastestMs + 7, fastestMs + 11);
  }

  /** A run that goes on says what one over all history says, of each flag. */
  private void goesOn(TidegateConfig config) throws Exception {
    BaselineRun next = BaselineRun.plan(config, List.of(), false);
    for (RolloutSpec spec : List.of(SEARCH, CART)) {
      String key = RolloutSpecs.baselineKey(spec, spec.metric("conversion"), true);
      assertThat(next.request().foldFromMs(key)).isGreaterThan(next.request().startMs());
    }
    History before = BaselineHistory.read(config.catalog());
    BaselineJob.run(config, List.of(), true);
    History anew = BaselineHistory.read(config.catalog());
    assertThat(anew.snapshotId()).isNotEqualTo(before.snapshotId());
    for (RolloutSpec spec : List.of(SEARCH, CART, NEW, TRIGGERED)) {
      assertThat(anew.seasonal(spec, Map.of())).isEqualTo(before.seasonal(spec, Map.of()));
    }
  }

  private static List<Record> rows(TidegateConfig config, String table) {
    List<Record> all = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, table)).build()) {
      rows.forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
