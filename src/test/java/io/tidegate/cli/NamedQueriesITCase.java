package io.tidegate.cli;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.codec.Tables;
import io.tidegate.connector.FlinkSql;
import io.tidegate.connector.results.SampleTables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Estimate;
import io.tidegate.model.ReportData;
import io.tidegate.model.UserError;
import io.tidegate.report.HoldoutSample;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers of the named queries over real tables, not just that they run. */
class NamedQueriesITCase {

  @TempDir static Path folder;
  private static TableFixture tables;
  private static FlinkSql sql;

  @BeforeAll
  static void write() {
    tables = TableFixture.create(folder);
    SampleTables.write(tables, SampleRollout.rolledBack());
    sql = new FlinkSql(tables.config());
  }

  @AfterAll
  static void close() throws IOException {
    tables.close();
  }

  @Test
  void isTheSplitFair_comparesSharesWithTheSpec() {
    List<Map<String, Object>> rows = ask("is_the_split_fair");
    assertThat(rows).extracting(r -> r.get("stage")).containsExactly("canary", "early", "half");
    Map<String, Object> canary = rows.get(0);
    assertThat(canary)
        .containsEntry("units_control", 480L)
        .containsEntry("units_treatment", 483L)
        .containsEntry("declared_share", 0.5)
        .containsEntry("mixed_units", 12L);
    assertThat((Double) canary.get("z_score"))
        .isCloseTo((483 / 963.0 - 0.5) / Math.sqrt(0.25 / 963), within(1e-12));
  }

  @Test
  void effectByStage_isTheLastBoundaryOfEach() {
    List<Map<String, Object>> rows = ask("effect_by_stage");
    assertThat(rows).hasSize(12);
    var last =
        SampleRollout.rolledBack().estimates().stream()
            .filter(e -> e.metric().equals("conversion") && e.dimension().equals("all"))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(rows)
        .filteredOn(r -> r.get("stage").equals("half") && r.get("metric").equals("conversion"))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.get("effect_size")).isEqualTo(last.effectSize());
              assertThat(r.get("units_treatment")).isEqualTo(last.unitsTreatment());
            });
  }

  @Test
  void doTheStagesCompare_showsTheChangeWithAndWithoutTheSeason() {
    List<Map<String, Object>> rows = ask("do_the_stages_compare");
    assertThat(rows).hasSize(2 * 2 * 3);
    assertThat(rows)
        .filteredOn(r -> r.get("stage").equals("half") && r.get("variant_id").equals("on"))
        .extracting(r -> r.get("normalisation"), r -> r.get("rel_effect_size"))
        .containsExactly(tuple("raw", -0.21), tuple("season", -0.09), tuple("season_mix", 0.01));
  }

  @Test
  void whichSegmentDisagrees_findsThePlantedOneAndNoSmallOne() {
    List<Map<String, Object>> rows = ask("which_segment_disagrees");
    assertThat(rows).noneMatch(r -> r.get("segment").equals("team"));
    Map<String, Object> mobile = rows.get(0);
    assertThat(mobile)
        .containsEntry("metric", "revenue")
        .containsEntry("segment", "mobile")
        .containsEntry("reading", "disagrees");
    // Half of the units lose 0.62 and all together 0.2, so that the others win.
    assertThat((Double) mobile.get("rel_effect_size")).isNegative();
    assertThat((Double) mobile.get("elsewhere")).isPositive();
  }

  @Test
  void revenueLossBySegment_multipliesByTheUnitsTreatedThere() {
    List<Map<String, Object>> rows = ask("revenue_loss_by_segment");
    assertThat(rows)
        .filteredOn(r -> r.get("segment").equals("mobile"))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r).containsEntry("metric", "revenue").containsEntry("dimension", "device");
              double units = ((Long) r.get("units_treatment")).doubleValue();
              assertThat(units).isGreaterThan(1_000);
              assertThat((Double) r.get("total_effect")).isCloseTo(-0.62 * units, within(1e-6));
              assertThat((Double) r.get("total_effect_lower"))
                  .isLessThan((Double) r.get("total_effect"));
            });
    assertThat(rows).hasSize(2);
  }

  @Test
  void revenueLossBySegment_hasOfEveryoneTheRangeThatTheReportQuotes() {
    ReportData data = SampleRollout.rolledBack();
    Estimate last =
        data.estimates().stream()
            .filter(e -> e.metric().equals("revenue") && e.dimension().equals("all"))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(ask("revenue_loss_by_segment"))
        .filteredOn(r -> r.get("dimension").equals("all"))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r)
                    .containsEntry("effect_size_lower", last.effectSizeLower())
                    .containsEntry("alpha", last.alpha()));
  }

  @Test
  void whyWasItRolledBack_tellsDecisiveReasonsFirstAndASegmentOnlyOfItsOwn() {
    List<Map<String, Object>> rows = ask("why_was_it_rolled_back");
    assertThat(rows)
        .extracting(r -> r.get("reason_code"), r -> r.get("decisive"), r -> r.get("segment"))
        .containsExactly(
            tuple("HARM_SHOWN", true, "mobile"),
            tuple("HARM_NOT_YET_SHOWN", false, null),
            tuple("MIN_DURATION", false, null));
    assertThat(rows.get(0))
        .containsEntry("metric", "revenue")
        .containsEntry("dimension", "device")
        .containsEntry("treatment_variant_id", "on")
        .containsEntry("restore_stage", "early");
    assertThat((Double) rows.get(0).get("rel_effect_size")).isCloseTo(-0.62 / 5.2, within(1e-12));
  }

  @Test
  void whyWasItRolledBack_hasTheFiguresOfTheTreatmentThatAReasonIsAbout(@TempDir Path other)
      throws IOException {
    try (TableFixture several = TableFixture.create(other)) {
      SampleTables.write(several, SampleRollout.harmedByTwo());
      assertThat(
              new FlinkSql(several.config())
                  .query("why", NamedQueries.text("why_was_it_rolled_back"))
                  .byName())
          .extracting(
              r -> r.get("reason_code"),
              r -> r.get("treatment_variant_id"),
              r -> r.get("rel_effect_size"),
              r -> r.get("e_value_log"))
          .containsExactly(
              tuple("HARM_SHOWN", "on", -0.62 / 5.2, 14.2),
              tuple("HARM_SHOWN", "on-b", -0.4 / 5.2, 9.123456),
              tuple("HARM_NOT_YET_SHOWN", null, null, null),
              tuple("MIN_DURATION", null, null, null));
    }
  }

  @Test
  void sql_asText_hasSixDigits_andAsCsvAll() {
    String config = tables.configFile().toString();
    String decisive = "--param=decisive=true";
    Cli text = Cli.run("sql", "why_was_it_rolled_back", decisive, "--config", config);
    Cli csv =
        Cli.run("sql", "why_was_it_rolled_back", decisive, "--config", config, "--output", "csv");
    assertThat(text.out()).contains(" -0.119231 ").doesNotContain("MIN_DURATION");
    assertThat(csv.out()).contains("," + -0.62 / 5.2 + ",");
  }

  @Test
  void decisionTimeline_isInOrder() {
    List<Map<String, Object>> rows = ask("decision_timeline");
    assertThat(rows.get(0)).containsEntry("what", "DEFINED");
    assertThat(rows.get(rows.size() - 1)).containsEntry("verdict", "ROLLBACK");
    assertThat(rows).extracting(r -> r.get("happened_at").toString()).isSorted();
  }

  @Test
  void timePerStage_countsLooksByVerdict() {
    List<Map<String, Object>> rows = ask("time_per_stage");
    assertThat(rows).hasSize(3);
    assertThat(rows.get(1))
        .containsEntry("stage", "early")
        .containsEntry("looks", 48L)
        .containsEntry("review_looks", 7)
        .containsEntry("last_verdict", "ADVANCE");
    assertThat(Double.parseDouble(rows.get(1).get("hours").toString())).isEqualTo(47.0);
  }

  @Test
  void retentionCurve_hasEveryAgeOfBothVariants() {
    List<Map<String, Object>> rows = ask("retention_curve_by_stage");
    assertThat(rows).hasSize(3 * 2 * 7);
    assertThat(rows)
        .filteredOn(
            r ->
                r.get("stage").equals("canary")
                    && r.get("age").equals(1)
                    && r.get("variant_id").equals("on"))
        .singleElement()
        .satisfies(r -> assertThat((Double) r.get("rate")).isCloseTo(0.348, within(1e-12)));
  }

  @Test
  void revenueToDate_multipliesByTheUnitsTreated() {
    assertThat(ask("revenue_to_date"))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r).containsEntry("metric", "revenue");
              assertThat((Double) r.get("total_effect")).isCloseTo(-0.31 * 28_100, within(1e-6));
            });
  }

  @Test
  void shippedAgainstHeldOut_standsBesideTheStageBefore(@TempDir Path other) throws IOException {
    assertThat(ask("shipped_against_held_out")).isEmpty();
    try (TableFixture launched = TableFixture.create(other)) {
      SampleTables.write(launched, HoldoutSample.launched());
      assertThat(
              new FlinkSql(launched.config())
                  .query("held out", NamedQueries.text("shipped_against_held_out"))
                  .byName())
          .singleElement()
          .satisfies(
              r -> {
                assertThat(r)
                    .containsEntry("metric", "revenue")
                    .containsEntry("days_since_launch", 40)
                    .containsEntry("state", "mature")
                    .containsEntry("units_held_out", 28_000L);
                assertThat((Double) r.get("rel_effect_size")).isCloseTo(0.08, within(1e-12));
                assertThat((Double) r.get("rel_effect_before")).isCloseTo(0.12, within(1e-12));
              });
    }
  }

  @Test
  void dataHealth_findsDuplicatesAndMissingOffsets() {
    List<Map<String, Object>> rows = ask("data_health");
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0))
        .containsEntry("topic", "exposures")
        .containsEntry("rows_in_table", 100L)
        .containsEntry("distinct_events", 50L)
        .containsEntry("in_no_table", 0L);
    assertThat(rows.get(2))
        .containsEntry("topic", "outcomes")
        .containsEntry("rows_in_table", 60L)
        .containsEntry("in_no_table", 3L)
        .containsEntry("duplicates", 0L);
  }

  @Test
  void howLate_classesTheLateness() {
    assertThat(ask("how_late_do_events_come"))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r)
                    .containsEntry("lateness", "1 h to 6 h")
                    .containsEntry("late_events", 7L));
  }

  @Test
  void whatWasFlagged_isTheNewestStateOfEach() {
    assertThat(ask("what_was_flagged"))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r)
                    .containsEntry("kind", "DIP")
                    .containsEntry("common_cause", "device=mobile")
                    .containsEntry("metrics", "purchase, session_start")
                    .containsEntry("sentence", "purchase of device=mobile is -20.0 % off after 9 h")
                    .containsEntry("owner", "team-shop"));
  }

  @Test
  void baselineProfile_isAWeek() {
    List<Map<String, Object>> rows = ask("baseline_profile");
    assertThat(rows).hasSize(168);
    assertThat(rows.get(25))
        .containsEntry("day_of_week", 2)
        .containsEntry("hour_of_day", 1)
        .containsEntry("expected", 20.0);
  }

  @Test
  void baselineProfile_hasAWeekOfEachFlag_andNoneOfBeforeTheKeysHeldFlags(@TempDir Path other)
      throws IOException {
    try (TableFixture flags = TableFixture.create(other)) {
      flags.append(
          Tables.BASELINES,
          Stream.of(
                  baseline("hash", 1, "an exposure of cart", 0.1),
                  baseline("hash of cart", 2, "an exposure of cart", 0.2),
                  baseline("hash of cart", 3, "an exposure of cart", 0.3),
                  baseline("hash of search", 3, "an exposure of search", 0.4),
                  baseline("outcome:purchase", 3, "", 50))
              .flatMap(List::stream)
              .toList());
      List<Map<String, Object>> rows =
          new FlinkSql(flags.config())
              .query("profile", NamedQueries.text("baseline_profile"))
              .byName();
      assertThat(rows)
          .extracting(r -> r.get("metric"), r -> r.get("entry"), r -> r.get("expected"))
          .containsExactly(
              tuple("conversion", "an exposure of cart", 0.3),
              tuple("conversion", "an exposure of search", 0.4),
              tuple("purchase", "", 50.0));
    }
  }

  @Test
  void baselineProfile_tellsDefinitionsOfOneMetricApart_andShowsTheAgeOfASeries(@TempDir Path other)
      throws IOException {
    try (TableFixture defined = TableFixture.create(other)) {
      defined.append(
          Tables.BASELINES,
          Stream.of(
                  baseline("hash of P7D", 1, "any outcome", 0.1),
                  baseline("hash of PT1H", 1, "any outcome", 0.2),
                  baseline("hash of cart", 1, "an exposure of cart", 0.3),
                  baseline("hash of P7D", 2, "any outcome", 0.4),
                  baseline("hash of PT24H", 2, "any outcome", 0.5),
                  baseline("hash of search", 2, "an exposure of search", 0.6))
              .flatMap(List::stream)
              .toList());
      assertThat(
              new FlinkSql(defined.config())
                  .query("profile", NamedQueries.text("baseline_profile"))
                  .byName())
          .extracting(
              r -> r.get("entry"),
              r -> r.get("metric_key"),
              r -> r.get("expected"),
              r -> ((Instant) r.get("valid_from")).toEpochMilli())
          .containsExactly(
              tuple("an exposure of cart", "hash of cart", 0.3, validFromMs(1)),
              tuple("an exposure of search", "hash of search", 0.6, validFromMs(2)),
              tuple("any outcome", "hash of P7D", 0.4, validFromMs(2)),
              tuple("any outcome", "hash of PT1H", 0.2, validFromMs(1)),
              tuple("any outcome", "hash of PT24H", 0.5, validFromMs(2)));
    }
  }

  private static long validFromMs(int revision) {
    return SampleRollout.START + revision * SampleRollout.HOUR;
  }

  /** An hour and the whole week of a run. */
  private static List<Map<String, Object>> baseline(
      String key, int revision, String entry, double expected) {
    String metric = key.startsWith("outcome:") ? "purchase" : "conversion";
    return Stream.of(-1, 7)
        .map(
            hour ->
                Map.<String, Object>ofEntries(
                    entry("run_id", "r" + revision),
                    entry("revision", revision),
                    entry("valid_from", validFromMs(revision)),
                    entry("metric_key", key),
                    entry("metric", metric),
                    entry("dimension", "all"),
                    entry("segment", "*"),
                    entry("hour_of_week", hour),
                    entry("expected", expected),
                    entry(
                        "details",
                        hour == -1 && !entry.isEmpty()
                            ? "{\"time_zone\": \"UTC\", \"entry\": \"" + entry + "\", \"units\": 7}"
                            : "{\"time_zone\": \"UTC\"}")))
        .toList();
  }

  @Test
  void usualOrUnusualHours_findsOnlyWhatIsOutside(@TempDir Path other) throws IOException {
    assertThat(ask("usual_or_unusual_hours")).isEmpty();
    try (TableFixture busy = TableFixture.create(other)) {
      SampleTables.writeHours(busy, SampleRollout.rolledBack(), "UTC", 0);
      busy.append(
          Tables.METRIC_HOURLY,
          List.of(
              Map.of(
                  "hour_start", SampleRollout.START + SampleRollout.HOUR,
                  "outcome_name", "purchase",
                  "dimension", "all",
                  "segment", "*",
                  "outcome_count", 5_000L)));
      assertThat(
              new FlinkSql(busy.config())
                  .query("hours", NamedQueries.text("usual_or_unusual_hours"))
                  .byName())
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("reading", "more"));
    }
  }

  @Test
  void usualOrUnusualHours_readsTheHoursOfTheBaselinesClock(@TempDir Path other)
      throws IOException {
    try (TableFixture kolkata = TableFixture.create(other)) {
      SampleTables.writeHours(kolkata, SampleRollout.rolledBack(), "Asia/Kolkata", 5);
      assertThat(
              new FlinkSql(kolkata.config())
                  .query("hours", NamedQueries.text("usual_or_unusual_hours"))
                  .byName())
          .isEmpty();
    }
  }

  @Test
  void howWellItForecasts_comparesWithWhatCameAndWithTheWeekBefore(@TempDir Path other)
      throws IOException {
    try (TableFixture hourOff = TableFixture.create(other)) {
      SampleTables.writeHours(hourOff, SampleRollout.rolledBack(), "UTC", 1);
      long extra = SampleRollout.START + SampleRollout.HOUR;
      hourOff.append(
          Tables.METRIC_HOURLY,
          List.of(
              Map.of(
                  "hour_start", extra,
                  "outcome_name", "purchase",
                  "dimension", "all",
                  "segment", "*",
                  "outcome_count", 15L)));
      List<Map<String, Object>> rows =
          new FlinkSql(hourOff.config())
              .query("forecasts", NamedQueries.text("how_well_it_forecasts"))
              .byName();
      assertThat(rows).hasSize(1);
      Map<String, Object> row = rows.get(0);
      long hours = (Long) row.get("hours");
      double inside = (double) row.get("coverage") * hours;
      double error = (double) row.get("mase") * 15;
      assertThat(hours).isGreaterThan(1);
      assertThat(inside).isCloseTo(hours - 1 - midnights(hours), within(1e-9));
      assertThat(error).isCloseTo(15 + 10 * hours + 220 * midnights(hours), within(1e-9));
      assertThat((double) row.get("wape")).isPositive().isLessThan(1);
    }
  }

  /** Hours of the day 0 in so many hours from 08:00 on; there the baseline is 230 off. */
  private static long midnights(long hours) {
    return (hours + 7) / 24;
  }

  @Test
  void query_thatFlinkRefuses_isAUserError() {
    assertThatThrownBy(() -> sql.query("mine.sql", "SELECT nothing FROM nowhere"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("mine.sql: expected a query that Flink accepts: ")
        .hasMessageContaining("nowhere");
  }

  private static List<Map<String, Object>> ask(String name) {
    return sql.query(name, NamedQueries.text(name)).byName();
  }
}
