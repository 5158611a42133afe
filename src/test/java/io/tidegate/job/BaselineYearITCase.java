package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time of the year in the baseline, from tables that hold two years and more. */
class BaselineYearITCase {

  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final int YEAR = 364;

  /** The day that is to come: of each year the first with twice as many. A Monday. */
  private static final long END_MS = 1_772_409_600_000L;

  private static final RolloutSpec SPEC =
      RolloutSpecs.parse(
          "year.yaml",
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
            - {name: everyone, role: guardrail, kind: count, outcome: visit, window: PT1H, better: up, margin: {relative: 0.10}}
          """
              .getBytes(StandardCharsets.UTF_8),
          Duration.ofSeconds(10));

  @TempDir private Path folder;

  private static void day(ArchivedEvents archive, int day, int perHour) {
    for (int i = 0; i < 24 * perHour; i++) {
      long atMs = END_MS + day * DAY_MS + i * HOUR_MS / perHour;
      String device = i % 2 == 0 ? "mobile" : "desktop";
      archive.add(
          new Outcome(day + "/" + i, atMs, "u" + i, "visit", 0, false, Map.of("device", device)));
    }
  }

  @Test
  void what_two_years_did_at_this_time_is_expected_going_on_and_anew() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config = TidegateConfig.load(tables.configFile(), Map.of());
      ArchivedEvents archive = new ArchivedEvents(tables);
      for (int year = 2; year >= 1; year--) {
        for (int day = -64; day < 14; day++) {
          day(archive, day - year * YEAR, day < 0 ? 4 : 8);
        }
        archive.commit();
      }
      for (int day = -60; day < 0; day++) {
        day(archive, day, 4);
        if (day == -2) {
          archive.commit();
          BaselineJob.run(config, List.of(SPEC), false);
        }
      }
      // Tells where the history ends.
      archive.add(new Outcome("end", END_MS, "u0", "visit", 0, false, Map.of()));
      archive.commit();

      BaselineRun next = BaselineRun.plan(config, List.of(SPEC), false);
      assertThat(next.request().endMs()).isEqualTo(END_MS);
      assertThat(next.request().foldFromMs("outcome:visit")).isEqualTo(END_MS - 2 * DAY_MS);
      String goesOn = BaselineJob.run(config, List.of(SPEC), false);
      Map<String, Record> said = said(config, goesOn);
      for (String segment : List.of("all=*", "device=mobile", "device=desktop")) {
        double usual = segment.equals("all=*") ? 4 : 2;
        for (int hour = -1; hour < 168; hour++) {
          Record row = said.get("outcome:visit/" + segment + "@" + hour);
          assertThat((Double) row.getField("expected"))
              .as("%s, hour %d", segment, hour)
              .isCloseTo(2 * usual, within(0.05));
        }
        assertThat(said.get("outcome:visit/" + segment + "@-1").getField("details").toString())
            .containsPattern("\"yearly\": (1\\.9999|2\\.0)");
      }
      assertThat(said.values())
          .filteredOn(row -> row.getField("metric").equals("everyone"))
          .isNotEmpty()
          .noneMatch(row -> row.getField("details").toString().contains("yearly"));

      int rows = read(config, Expressions.alwaysTrue()).size();
      assertThat(BaselineJob.run(config, List.of(SPEC), false)).isEqualTo(goesOn);
      assertThat(read(config, Expressions.alwaysTrue())).hasSize(rows);

      String anew = BaselineJob.run(config, List.of(SPEC), true);
      assertThat(anew).isNotEqualTo(goesOn);
      assertThat(figures(said(config, anew))).isEqualTo(figures(said));
    }
  }

  private static Map<String, String> figures(Map<String, Record> rows) {
    Map<String, String> figures = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          StringBuilder text = new StringBuilder();
          row.struct().fields().stream()
              .filter(f -> !f.name().equals("run_id") && !f.name().equals("revision"))
              .forEach(f -> text.append(f.name()).append('=').append(row.getField(f.name())));
          figures.put(key, text.toString());
        });
    return figures;
  }

  private static Map<String, Record> said(TidegateConfig config, String runId) {
    Map<String, Record> said = new TreeMap<>();
    for (Record row : read(config, Expressions.equal("run_id", runId))) {
      said.put(
          "%s/%s=%s@%s"
              .formatted(
                  row.getField("metric").equals("visit") ? "outcome:visit" : "everyone",
                  row.getField("dimension"),
                  row.getField("segment"),
                  row.getField("hour_of_week")),
          row);
    }
    return said;
  }

  private static List<Record> read(TidegateConfig config, Expression wanted) {
    List<Record> all = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.BASELINES)).where(wanted).build()) {
      rows.forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
