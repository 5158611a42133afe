package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.ArchiveJob;
import io.tidegate.job.GateJob;
import io.tidegate.job.ImpactJob;
import io.tidegate.model.Purpose;
import io.tidegate.operator.EventTally;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Published data through Kafka and the jobs, as jobs/examples/README.md says: the published answers
 * come out of the tables.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealInputITCase {

  private static final long CDNOW_ROWS = 69_659;
  private static final long CDNOW_UNITS = 23_570;

  private EmbeddedPlatform platform;
  private TidegateConfig config;
  private List<Record> estimates;

  @BeforeAll
  void importAndJudge(@TempDir Path folder) throws Exception {
    Path cdnow = RealData.file("cdnow/CDNOW_master.txt.gz");
    Path cookieCats = RealData.file("cookie_cats/cookie_cats.csv.gz");
    Path hillstrom = RealData.file("hillstrom/hillstrom.csv.gz");
    platform = EmbeddedPlatform.start(folder);
    config = platform.config().withBounded(true);
    assertThat(imported("cdnow", cdnow, "--tick", "P1D"))
        .startsWith("69659,23570,69659,0,1997-01-01T00:00:00Z,1998-06-30T00:00:00Z");
    assertThat(imported("cookie_cats", cookieCats, "--watch", "P2D")).startsWith("90189,90189,");
    assertThat(imported("hillstrom", hillstrom, "--watch", "P14D")).startsWith("64000,64000,");
    countsAddUp(GateJob.environment(config).execute("gate"));
    ArchiveJob.environment(config).execute("archive");
    estimates = rows(Tables.STAGE_ESTIMATES, Expressions.alwaysTrue());
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private String imported(String example, Path file, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "import",
                file.toString(),
                "--mapping",
                "jobs/examples/" + example + "/mapping.yaml",
                "--rollout",
                "jobs/examples/" + example + "/rollout.yaml",
                "--to",
                "kafka",
                "--output",
                "csv",
                "--config",
                platform.configFile().toString()));
    command.addAll(List.of(more));
    Cli run = Cli.run(command.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run.out().lines().skip(1).findFirst().orElseThrow();
  }

  private static void countsAddUp(JobExecutionResult result) {
    long in = result.<Long>getAccumulatorResult(EventTally.IN);
    assertThat(in).isGreaterThan(CDNOW_UNITS + CDNOW_ROWS + 90_189 + 64_000);
    assertThat(result.<Long>getAccumulatorResult(EventTally.USED)).isEqualTo(in);
  }

  @Test
  void every_record_of_the_files_is_in_the_tables_once() {
    assertThat(OffsetAudit.run(config)).isNotEmpty().allMatch(OffsetAudit.Partition::sound);
  }

  @Test
  void cookie_cats_has_the_published_units_and_retention() {
    Map<String, Record> d7 = whole("cookie-cats", "d7");
    Record harm = d7.get("gate_40");
    assertThat(harm.getField("units_control")).isEqualTo(44_700L);
    assertThat(harm.getField("units_treatment")).isEqualTo(45_489L);
    assertThat(rounded(harm, "control")).isEqualTo("0.190201");
    assertThat(rounded(harm, "treatment")).isEqualTo("0.182000");
    assertThat(rounded(harm, "effect_size")).isEqualTo("-0.008201");
    Record d1 = whole("cookie-cats", "d1").get("gate_40");
    assertThat(rounded(d1, "control")).isEqualTo("0.448188");
    assertThat(rounded(d1, "treatment")).isEqualTo("0.442283");
    assertThat(verdicts("cookie-cats")).doesNotContain("ROLLBACK");
  }

  @Test
  void hillstrom_has_the_published_effects_of_both_mails() {
    assertThat(effects(whole("hillstrom", "spend")))
        .isEqualTo(Map.of("mens", "0.769827", "womens", "0.424412"));
    assertThat(effects(whole("hillstrom", "conversion")))
        .isEqualTo(Map.of("mens", "0.006805", "womens", "0.003111"));
    assertThat(effects(whole("hillstrom", "visit")))
        .isEqualTo(Map.of("mens", "0.076590", "womens", "0.045233"));
    Record spend = whole("hillstrom", "spend").get("mens");
    assertThat(spend.getField("units_control")).isEqualTo(21_306L);
    assertThat(spend.getField("units_treatment")).isEqualTo(21_307L);
  }

  @Test
  void hillstrom_has_the_published_effects_by_segment() {
    Map<String, String> effects = new HashMap<>();
    for (Record row : newest("hillstrom", "spend")) {
      boolean said = row.getField("effect_size") != null;
      if (said && row.getField("treatment_variant_id").equals("mens")) {
        effects.put(row.getField("segment").toString(), rounded(row, "effect_size"));
      }
    }
    assertThat(effects)
        .containsEntry("Web", "0.850449")
        .containsEntry("Phone", "0.564074")
        .containsEntry("Multichannel", "1.209129")
        .containsEntry("0", "0.577967")
        .containsEntry("1", "0.960020")
        .containsEntry("7) $1,000 +", "1.322067");
  }

  @Test
  void cdnow_has_the_published_purchases_and_its_random_halves_are_never_rolled_back() {
    Expression cdnow = Expressions.lessThan("event_time", micros("2000-01-01T00:00:00Z"));
    List<Record> outcomes = rows(Tables.OUTCOMES, cdnow);
    assertThat(outcomes).hasSize((int) CDNOW_ROWS);
    long sum = outcomes.stream().mapToLong(r -> (long) r.getField("outcome_value_micros")).sum();
    assertThat(BigDecimal.valueOf(sum, 6)).isEqualByComparingTo("2500315.63");
    Set<Object> units = new HashSet<>();
    rows(Tables.EXPOSURES, cdnow).forEach(r -> units.add(r.getField("unit_id")));
    assertThat(units).hasSize((int) CDNOW_UNITS);
    Record revenue = whole("cdnow", "revenue").get("b");
    assertThat(
            (long) revenue.getField("units_control") + (long) revenue.getField("units_treatment"))
        .isEqualTo(CDNOW_UNITS);
    assertThat(verdicts("cdnow")).isNotEmpty().doesNotContain("ROLLBACK");
  }

  @Test
  void cdnow_has_the_published_weekly_retention_and_late_cohorts_are_censored() throws Exception {
    ImpactJob.run(config, Set.of("cdnow"));
    Map<Integer, Long> returned = new HashMap<>();
    Map<Integer, Long> eligible = new HashMap<>();
    for (Record row : weeks("(all)")) {
      int age = (int) row.getField("age");
      returned.merge(age, (long) row.getField("retained"), Long::sum);
      eligible.merge(age, (long) row.getField("eligible"), Long::sum);
    }
    assertThat(returned)
        .containsAllEntriesOf(Map.of(1, 1265L, 4, 1049L, 12, 620L, 26, 527L, 52, 495L));
    assertThat(eligible).containsEntry(52, CDNOW_UNITS);
    assertThat(weeks("1997-03"))
        .filteredOn(row -> row.getField("age").equals(75))
        .isNotEmpty()
        .allMatch(row -> row.getField("maturity").equals("censored"))
        .allMatch(row -> row.getField("rate") == null);
  }

  @Test
  void cookie_cats_report_shows_the_published_figures_and_says_that_day_7_got_worse()
      throws Exception {
    JsonNode report = report("cookie-cats");
    assertThat(report.at("/headline/sentence").asText())
        .endsWith("; d7 got worse: about 4.3 % lower (plausibly between 1.7 % and 6.9 % lower).");
    assertThat(report.at("/headline/certainty").asText())
        .isEqualTo("The range holds with 95 % confidence, at one look.");
    assertThat(report.at("/headline/tone").asText()).isEqualTo("bad");
    List<List<String>> all = rows(report, "impact", "Rollout to date");
    assertThat(cells(all, List.of("d7")))
        .contains("19.02 %", "18.2 %", "−0.82 pp", "0.0016", "worse");
    assertThat(cells(all, List.of("d1")))
        .contains("44.82 %", "44.23 %", "−0.59 pp", "0.0744", "no clear difference");
    List<List<String>> days = rows(report, "retention", "d7, stage test, by day");
    assertThat(cells(days, List.of("gate_40", "7"))).contains("18.2 %", "45,489");
    List<List<String>> apart =
        rows(report, "retention", "d7, stage test, by day: difference from control");
    assertThat(cells(apart, List.of("gate_40", "7"))).contains("−0.82 pp", "[−1.33 pp, −0.31 pp]");
  }

  @Test
  void hillstrom_report_shows_the_published_figures_and_names_both_mails() throws Exception {
    JsonNode report = report("hillstrom");
    assertThat(report.at("/headline/sentence").asText())
        .endsWith(
            "; visit with mens got better: about 72 % higher (plausibly between 64 % and 81 %"
                + " higher); visit with womens got better: about 43 % higher (plausibly between"
                + " 36 % and 50 % higher).");
    assertThat(report.at("/headline/certainty").asText())
        .isEqualTo("The range holds with 95 % confidence, at one look.");
    assertThat(report.at("/headline/worth").toString())
        .contains(" the change with mens brought about 16,403 USD of spend")
        .contains(" the change with womens brought about 9,077 USD of spend");
    List<List<String>> all = rows(report, "impact", "Rollout to date");
    assertThat(cells(all, List.of("visit", "success", "mens"))).contains("+7.66 pp", "better");
    assertThat(cells(all, List.of("visit", "success", "womens"))).contains("+4.52 pp", "better");
    assertThat(cells(all, List.of("conversion", "success", "mens"))).contains("+0.68 pp");
    assertThat(cells(all, List.of("conversion", "success", "womens"))).contains("+0.31 pp");
    assertThat(cells(all, List.of("spend", "guardrail", "mens"))).contains("+0.77 USD");
    assertThat(cells(all, List.of("spend", "guardrail", "womens"))).contains("+0.424 USD");
    List<List<String>> spend =
        rows(report, "revenue", "spend, stage test: difference from control");
    assertThat(cells(spend, List.of("mens", "14"))).contains("[+0.485 USD, +1.05 USD]");
    assertThat(cells(spend, List.of("womens", "14"))).contains("[+0.169 USD, +0.68 USD]");
    List<List<String>> segments = rows(report, "segments", "Effect on spend by segment");
    assertThat(cells(segments, List.of("channel=Web · mens"))).contains("+0.85 USD");
    assertThat(cells(segments, List.of("channel=Phone · mens"))).contains("+0.564 USD");
    assertThat(cells(segments, List.of("channel=Multichannel · mens"))).contains("+1.21 USD");
    assertThat(cells(segments, List.of("newbie=0 · mens"))).contains("+0.578 USD");
    assertThat(cells(segments, List.of("newbie=1 · mens"))).contains("+0.96 USD");
    assertThat(cells(segments, List.of("history_segment=7) $1,000 + · mens")))
        .contains("+1.32 USD", "cannot be said");
  }

  @Test
  void cdnow_report_says_that_random_halves_do_not_differ() throws Exception {
    JsonNode report = report("cdnow");
    assertThat(report.at("/headline/sentence").asText())
        .endsWith(
            "; no clear difference in revenue: anything from 8.2 % lower to 3.1 % higher is still"
                + " plausible.");
    assertThat(cells(rows(report, "impact", "Rollout to date"), List.of("revenue")))
        .contains("107.6 USD", "104.6 USD", "−2.93 USD", "no clear difference");
    List<List<String>> others =
        rows(report, "retention", "Other ways to count who came back: w1, stage (all)");
    assertThat(cells(others, List.of("all", "came back at least once", "a", "week", "52")))
        .contains("mature");
    assertThat(cells(others, List.of("all", "not gone away yet", "b", "day", "28")))
        .contains("mature");
  }

  /** The report as JSON, made of tables that {@code impact} has filled. */
  private JsonNode report(String rollout) throws Exception {
    ImpactJob.run(config, Set.of(rollout));
    String file = platform.configFile().toString();
    Cli run = Cli.run("report", rollout, "--format", "json", "-c", file);
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out().replace('\u00a0', ' '));
  }

  private static List<List<String>> rows(JsonNode report, String section, String caption) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode each : report.get("sections")) {
      for (JsonNode table : each.get("tables")) {
        if (each.get("id").asText().equals(section)
            && table.get("caption").asText().equals(caption)) {
          for (JsonNode row : table.get("rows")) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(cell.asText()));
            rows.add(cells);
          }
        }
      }
    }
    return rows;
  }

  /** The one row that begins with these cells. */
  private static List<String> cells(List<List<String>> rows, List<String> begin) {
    List<List<String>> found =
        rows.stream().filter(row -> row.subList(0, begin.size()).equals(begin)).toList();
    assertThat(found).as("%s", begin).hasSize(1);
    return found.get(0);
  }

  private List<Record> weeks(String stage) {
    return rows(
        Tables.RETENTION_CURVES,
        Expressions.and(
            Expressions.equal("stage", stage),
            Expressions.equal("period_unit", "week"),
            Expressions.equal("definition", "exact"),
            Expressions.equal("dimension", "all")));
  }

  /** Rows over all units by treatment, at the last boundary. */
  private Map<String, Record> whole(String rollout, String metric) {
    return newest(rollout, metric).stream()
        .filter(row -> row.getField("dimension").equals("all"))
        .collect(
            Collectors.toMap(
                row -> row.getField("treatment_variant_id").toString(), Function.identity()));
  }

  /** A metric's rows at the last boundary, for the first purpose that was judged. */
  private List<Record> newest(String rollout, String metric) {
    List<Record> all =
        estimates.stream()
            .filter(r -> r.getField("rollout_id").equals(rollout))
            .filter(r -> r.getField("metric").equals(metric))
            .toList();
    Comparator<Record> byTime =
        Comparator.comparing(row -> (OffsetDateTime) row.getField("boundary"));
    Record last = all.stream().max(byTime).orElseThrow();
    Set<Object> purposes = new HashSet<>();
    List<Record> rows =
        all.stream().filter(r -> r.getField("boundary").equals(last.getField("boundary"))).toList();
    rows.forEach(r -> purposes.add(r.getField("purpose")));
    String purpose =
        List.of(Purpose.HARM, Purpose.DETERIORATION, Purpose.SUCCESS).stream()
            .map(p -> p.name().toLowerCase(Locale.ROOT))
            .filter(purposes::contains)
            .findFirst()
            .orElseThrow();
    return rows.stream().filter(r -> r.getField("purpose").equals(purpose)).toList();
  }

  private Set<String> verdicts(String rollout) {
    return rows(Tables.GATE_SIGNALS, Expressions.equal("rollout_id", rollout)).stream()
        .map(row -> row.getField("verdict").toString())
        .collect(Collectors.toSet());
  }

  private static Map<String, String> effects(Map<String, Record> rows) {
    Map<String, String> effects = new HashMap<>();
    rows.forEach((treatment, row) -> effects.put(treatment, rounded(row, "effect_size")));
    return effects;
  }

  private static String rounded(Record row, String column) {
    return BigDecimal.valueOf((double) row.getField(column))
        .setScale(6, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  private static long micros(String time) {
    return OffsetDateTime.parse(time).toInstant().toEpochMilli() * 1000;
  }

  private List<Record> rows(String table, Expression wanted) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, table)).where(wanted).build()) {
      return StreamSupport.stream(rows.spliterator(), false).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
