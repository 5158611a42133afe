package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.cli.demo.Board;
import io.tidegate.cli.demo.DemoPlan;
import io.tidegate.cli.demo.DemoResult;
import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.FlinkSql;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import io.tidegate.operator.EventTally;
import io.tidegate.simulate.Truth;
import io.tidegate.spec.ResolvedJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a new user runs it, held against the truth of its simulation. */
class DemoITCase {

  private static final String ROLLOUT = "checkout-v2";

  /** Left behind: the notebooks read it. */
  private static final Path FOLDER = Path.of("target", "demo");

  private static DemoPlan plan;
  private static DemoResult result;
  private static String told;

  @BeforeAll
  static void run() throws Exception {
    if (EmbeddedPlatform.isUsed(FOLDER)) {
      EmbeddedPlatform.clear(FOLDER);
    }
    plan = DemoCommand.plan(FOLDER, 0, 0, 42, 0, false);
    StringWriter progress = new StringWriter();
    result = DemoCommand.run(plan, new Board(new PrintWriter(progress), false, () -> 0));
    told = progress.toString();
  }

  @Test
  void healthy_stages_advance_and_the_harmed_one_is_rolled_back() {
    assertThat(result.truth().stages().stream().map(Truth.Entry::name))
        .containsExactly("canary", "early", "half", "");
    assertThat(result.acts().stream().map(DemoITCase::act))
        .containsExactly(
            "DEFINED",
            "STAGE_ENTERED canary",
            "STAGE_ENTERED early",
            "STAGE_ENTERED half",
            "ROLLED_BACK");
    String harmed = result.truth().effects().get(0).fromStage();
    Map<String, Verdict> last = new TreeMap<>();
    for (GateSignal signal : result.signals()) {
      last.put(signal.stage(), signal.verdict());
      if (!signal.stage().equals(harmed)) {
        assertThat(signal.verdict()).as(signal.signalId()).isNotEqualTo(Verdict.ROLLBACK);
      }
    }
    assertThat(last)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("canary", Verdict.ADVANCE, "early", Verdict.ADVANCE, harmed, Verdict.ROLLBACK));
  }

  @Test
  void history_settles_what_each_stage_must_show() {
    Resolved resolved = ResolvedJson.read("DEFINED", result.acts().get(0).resolved());
    assertThat(resolved.baselinesSnapshotId()).isNotZero();
    assertThat(resolved.metrics().keySet())
        .containsExactlyInAnyOrder("conversion", "sessions", "revenue", "errors", "d1");
    assertThat(resolved.stages().get(0).margins().get("conversion").relative()).isBetween(0.4, 0.5);
    assertThat(resolved.stages().get(2).margins().get("conversion").relative()).isEqualTo(0.1);
  }

  @Test
  void every_step_of_the_tooling_followed_the_newest_verdict() {
    for (RolloutEvent act : result.acts()) {
      if (act.kind() == Kind.DEFINED || act.stage().equals("canary")) {
        continue;
      }
      GateSignal newest =
          result.signals().stream()
              .filter(s -> s.boundaryMs() < act.eventTimeMs())
              .reduce((a, b) -> b)
              .orElseThrow();
      assertThat(newest.verdict())
          .isEqualTo(act.kind() == Kind.ROLLED_BACK ? Verdict.ROLLBACK : Verdict.ADVANCE);
    }
  }

  @Test
  void a_template_with_other_definitions_is_told_what_history_lacks() {
    Cli dry =
        Cli.run(
            "rollout",
            "define",
            "jobs/templates/checkout-conversion.yaml",
            "--dry-run",
            "--config",
            plan.configFile().toString());
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.err())
        .contains("history does not know how many units enter")
        .contains("history holds no base rate of errors, conversion, revenue as defined here");
  }

  @Test
  void the_report_shows_who_was_hurt() throws Exception {
    assertThat(Files.readString(plan.reportFile()))
        .contains("Effect on conversion by segment", "Effect on revenue by segment")
        .contains("Clearly hit harder than everyone else: conversion for device=mobile got worse");
  }

  @Test
  void the_rollback_names_the_harmed_segment() {
    GateSignal first =
        result.signals().stream()
            .filter(s -> s.verdict() == Verdict.ROLLBACK)
            .findFirst()
            .orElseThrow();
    Map<String, String> harmed = result.truth().effects().get(0).where();
    String segment = harmed.keySet().iterator().next() + "=" + harmed.values().iterator().next();
    assertThat(first.reasons())
        .filteredOn(reason -> reason.code().equals("HARM_SHOWN"))
        .extracting(Reason::sentence)
        .anyMatch(sentence -> sentence.startsWith("conversion in " + segment));
    assertThat(first.restoreStage()).isEqualTo("early");
  }

  @Test
  void every_offset_is_in_a_table_or_among_the_dead_letters_once() {
    assertThat(result.audit()).hasSize(13).allMatch(OffsetAudit.Partition::sound);
    Truth.Counts sent = result.truth().counts();
    assertThat(events(OffsetAudit.Partition::rows))
        .isEqualTo(sent.exposures() + sent.outcomes() + sent.duplicates());
    assertThat(events(OffsetAudit.Partition::deadLetters)).isEqualTo(sent.broken());
  }

  private static long events(java.util.function.ToLongFunction<OffsetAudit.Partition> count) {
    return result.audit().stream()
        .filter(p -> p.topic().equals("exposures") || p.topic().equals("outcomes"))
        .mapToLong(count)
        .sum();
  }

  @Test
  void what_became_of_the_events_adds_up() {
    Map<String, Long> counts = result.counts();
    assertThat(counts.get(EventTally.IN)).isEqualTo(result.truth().counts().records());
    assertThat(counts.get(EventTally.DEAD)).isEqualTo(result.truth().counts().broken());
    assertThat(counts.get(EventTally.LATE)).isZero();
    assertThat(counts.get(EventTally.BEYOND_HORIZON)).isZero();
    assertThat(counts.get(EventTally.USED)).isPositive();
    assertThat(counts.get(EventTally.DUPLICATE)).isPositive();
    long parts = counts.values().stream().mapToLong(Long::longValue).sum();
    assertThat(parts - counts.get(EventTally.IN)).isEqualTo(counts.get(EventTally.IN));
  }

  @Test
  void the_last_estimates_count_the_units_that_truly_entered() throws Exception {
    Map<String, Long> truly = new TreeMap<>();
    for (Truth.Row row : result.truth().rows()) {
      if (row.metric().equals("conversion")) {
        truly.merge(
            row.dimension() + "=" + row.segment() + " " + row.variant(), row.units(), Long::sum);
      }
    }
    long endMs = result.acts().get(result.acts().size() - 1).eventTimeMs();
    int compared = 0;
    for (Record row : estimates(endMs)) {
      String segment = row.getField("dimension") + "=" + row.getField("segment");
      Long control = truly.get(segment + " off");
      if (control != null && row.getField("metric").equals("conversion")) {
        assertThat(row.getField("units_control")).as("%s", row).isEqualTo(control);
        assertThat(row.getField("units_treatment")).isEqualTo(truly.get(segment + " on"));
        compared += segment.equals("all=*") ? 100 : 1;
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  private static List<Record> estimates(long boundaryMs) throws Exception {
    TidegateConfig config = TidegateConfig.load(plan.configFile());
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.STAGE_ESTIMATES))
            .where(Expressions.equal("boundary", boundaryMs * 1000))
            .build()) {
      return com.google.common.collect.Lists.newArrayList(rows);
    }
  }

  @Test
  void a_replay_of_the_tables_gives_the_same() throws Exception {
    Cli replay =
        Cli.run("replay", ROLLOUT, "--config", plan.configFile().toString(), "--output", "json");
    JsonNode outcome = new ObjectMapper().readTree(replay.out()).get(0);
    assertThat(outcome.get("reproduces").booleanValue()).as(replay.out()).isTrue();
    assertThat(outcome.get("absent").intValue()).isZero();
    assertThat(outcome.get("identical").intValue())
        .isGreaterThanOrEqualTo(result.signals().size())
        .isEqualTo(outcome.get("boundaries").intValue());
    assertThat(replay.code()).isZero();
  }

  @Test
  void the_report_and_the_query_say_why() throws Exception {
    assertThat(Files.readString(plan.reportFile()))
        .containsPattern("<h1>.*rolled back.*conversion for device=mobile got worse");
    String query = new DemoText(plan, result).query();
    assertThat(query).startsWith("./tidegate sql ");
    List<String> arguments = Arrays.asList(query.split(" ", -1));
    Cli sql = Cli.run(arguments.subList(1, arguments.size()).toArray(String[]::new));
    assertThat(sql.code()).as(sql.err()).isZero();
    assertThat(sql.out()).contains("HARM_SHOWN").contains("device=mobile").contains("early");
  }

  @Test
  void spark_answers_every_question_as_flink_does(@TempDir Path scratch) throws Exception {
    CatalogConfig catalog = TidegateConfig.load(plan.configFile()).catalog();
    Map<String, SqlEngines.Answer> answers = SqlEngines.askSpark(catalog, scratch);
    assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(NamedQueries.ALL);
    FlinkSql flink = new FlinkSql(catalog);
    for (String name : NamedQueries.ALL) {
      SqlEngines.Answer expected =
          SqlEngines.Answer.of(flink.query(name, NamedQueries.text(name))).comparable();
      assertThat(answers.get(name).comparable()).as(name).isEqualTo(expected);
    }
  }

  @Test
  void progress_is_told_line_by_line() {
    assertThat(told)
        .contains("archive: ", "baseline: ", "define: ", "gate: ", "impact: ", "report: ")
        .containsPattern("(?m)canary .* ADVANCE")
        .containsPattern("(?m)half .* ROLLBACK")
        .doesNotContain("\u001b");
  }

  @Test
  void the_table_at_the_end_agrees_with_what_progress_told() {
    assertThat(Board.table(result.stages()))
        .filteredOn(row -> row.contains("ADVANCE") || row.contains("ROLLBACK"))
        .hasSize(3)
        .allSatisfy(row -> assertThat(told).contains(row));
  }

  @Test
  void the_text_at_the_end_counts_events_apart_and_says_when_it_was_decided_and_ended() {
    Truth.Counts sent = result.truth().counts();
    StringWriter text = new StringWriter();
    new DemoText(plan, result).print(new PrintWriter(text, true));
    assertThat(text.toString())
        .contains(
            "%,d records of events and "
                .formatted(sent.exposures() + sent.outcomes() + sent.duplicates()))
        .containsPattern("Decided at [-0-9T:Z]+ \\(event time\\), rolled back at [-0-9T:Z]+,");
  }

  @Test
  void a_folder_with_an_earlier_demo_is_left_alone() {
    Cli again = Cli.run("demo", "--dir", plan.folder().toString());
    assertThat(again.code()).isEqualTo(Tidegate.USAGE);
    assertThat(again.err())
        .isEqualTo(
            "--dir: found %s: expected a folder without an earlier demo: --replace deletes what that left, or name another%n"
                .formatted(plan.folder()));
    assertThat(plan.truthFile()).exists();
  }

  private static String act(RolloutEvent event) {
    return (event.kind() + " " + event.stage()).strip();
  }
}
