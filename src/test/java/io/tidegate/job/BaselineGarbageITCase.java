package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The baseline over tables that no sound series is in: an answer or a clear error. */
class BaselineGarbageITCase {

  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  /** A Monday. */
  private static final long START_MS = 1_772_409_600_000L;

  private static final RolloutSpec SPEC =
      RolloutSpecs.parse(
          "garbage.yaml",
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
            - {name: everyone, role: guardrail, kind: count, outcome: steady, window: PT1H, better: up, margin: {relative: 0.10}}
            - {name: money, role: guardrail, kind: sum, outcome: refund, window: PT1H, better: up, margin: {relative: 0.20}}
            - {name: errors, role: guardrail, kind: ratio, numerator: {outcome: never}, denominator: {outcome: steady}, window: PT1H, better: down, margin: {relative: 0.30}}
            - {name: latency, role: guardrail, kind: quantile, outcome: steady, measure: ms, quantile: 0.95, window: PT1H, better: down, margin: {relative: 0.10}}
          """
              .getBytes(StandardCharsets.UTF_8),
          Duration.ofSeconds(10));

  @TempDir private Path folder;

  private static Outcome outcome(String id, long atMs, String unit, String name, long micros) {
    return new Outcome(id, atMs, unit, name, micros, micros != 0, Map.of("ms", "NaN"));
  }

  @Test
  void constants_zeros_negatives_a_single_point_copies_and_nan_are_answered() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      for (int hour = 0; hour < 15 * 24 + 1; hour++) {
        long atMs = START_MS + hour * HOUR_MS;
        for (int i = 0; i < 5; i++) {
          String unit = "u" + (hour % 97 + 97 * i);
          Outcome steady = outcome(hour + "/" + i, atMs + i, unit, "steady", 0);
          archive.add(steady);
          if (hour % 7 == 0) {
            archive.add(steady);
          }
          archive.add(outcome(hour + "-" + i, atMs + i, unit, "refund", -3_000_000));
        }
      }
      archive.add(outcome("lone", START_MS + 100 * HOUR_MS, "u1", "once", 0));
      archive.commit();
      Map<String, Object> nan = new HashMap<>();
      nan.put("event_id", "nan");
      nan.put("event_time", START_MS + 50 * HOUR_MS);
      nan.put("unit_id", "u2");
      nan.put("outcome_name", "refund");
      nan.put("outcome_value", Double.NaN);
      tables.append(Tables.OUTCOMES, List.of(nan));

      BaselineJob.run(config, List.of(SPEC), false);

      List<Record> rows = rows(config);
      assertThat(rows).isNotEmpty().allSatisfy(BaselineGarbageITCase::finite);
      Record steady = row(rows, "everyone", -1);
      assertThat((Double) steady.getField("unit_mean"))
          .as("copies count once")
          .isCloseTo(1, within(1e-9));
      assertThat((Double) steady.getField("unit_variance")).isZero();
      Record money = row(rows, "money", -1);
      assertThat((Double) money.getField("unit_mean")).isCloseTo(-3, within(0.1));
      assertThat(money.getField("expected")).as("no share of less than nothing").isNull();
      assertThat(row(rows, "errors", -1).getField("expected")).isNull();
      assertThat((Double) row(rows, "errors", -1).getField("unit_mean")).isZero();
      assertThat(rows)
          .as("of no value no quantile is said")
          .noneMatch(r -> r.getField("metric").equals("latency"));
      for (int hour = 0; hour < 168; hour++) {
        assertThat((Double) row(rows, "once", hour).getField("expected"))
            .as("hour %d", hour)
            .isLessThan(1.1 / 168);
        assertThat((Double) row(rows, "steady", hour).getField("expected")).isBetween(4.9, 10.1);
      }
    }
  }

  @Test
  void a_single_point_is_no_history() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      archive.add(outcome("lone", START_MS + 5, "u1", "steady", 0));
      archive.commit();
      assertThatThrownBy(() -> BaselineJob.run(config, List.of(SPEC), false))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("table outcomes")
          .hasMessageContaining("less than a whole hour")
          .hasMessageContaining("history to learn from");
    }
  }

  private static void finite(Record row) {
    row.struct()
        .fields()
        .forEach(
            field -> {
              if (row.getField(field.name()) instanceof Double number) {
                assertThat(number).as(field.name()).isFinite();
              }
            });
  }

  private static Record row(List<Record> rows, String metric, int hour) {
    List<Record> found =
        rows.stream()
            .filter(r -> r.getField("metric").equals(metric))
            .filter(r -> r.getField("dimension").equals("all"))
            .filter(r -> r.getField("hour_of_week").equals(hour))
            .toList();
    assertThat(found).as("%s, hour %d", metric, hour).hasSize(1);
    return found.get(0);
  }

  private static List<Record> rows(TidegateConfig config) {
    List<Record> all = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.BASELINES)).build()) {
      rows.forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
