package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Assignment;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the change cost is said with its time, its cap and the range to quote. */
class WorthTest {

  private static final ReportData ROLLED_BACK = SampleRollout.rolledBack();

  @Test
  void total_says_up_to_when_how_each_unit_counts_and_which_range_to_quote() {
    List<String> said = sentences(ROLLED_BACK);
    String end = Figures.time(SampleRollout.START + SampleRollout.HOURS * SampleRollout.HOUR);
    assertThat(said.get(0))
        .startsWith("Up to " + end + " the change cost about 8,711 EUR of revenue (")
        .contains("28,100 units, each counted with at most 500 EUR)", "range at one look");
    assertThat(said.get(1))
        .startsWith("Quote the 95 % range that holds at every look, [")
        .contains("EUR as of " + end);
  }

  @Test
  void before_impact_ran_the_only_range_is_that_of_every_look() {
    ReportData judged =
        SampleRollout.with(
            ROLLED_BACK, ROLLED_BACK.events(), ROLLED_BACK.signals(), ROLLED_BACK.estimates());
    assertThat(sentences(judged))
        .anyMatch(s -> s.contains("range at every look"))
        .noneMatch(s -> s.startsWith("Quote"));
  }

  @Test
  void segments_have_their_cost_in_all_and_when_it_was_told() {
    Table table = WorthBySegment.tables(ROLLED_BACK, new Findings(ROLLED_BACK)).get(0);
    assertThat(table.columns())
        .extracting(Page.Column::name)
        .containsExactly(
            "segment",
            "as of (UTC)",
            "units with the change",
            "difference a unit",
            "in all",
            "range in all");
    List<String> mobile = table.rows().get(0);
    assertThat(mobile.get(0)).isEqualTo("device=mobile");
    assertThat(mobile.get(2)).isEqualTo("9,003");
    assertThat(mobile.get(4)).isEqualTo("−5,582\u00a0EUR");
    assertThat(table.rows()).noneMatch(row -> row.get(0).equals("everyone"));
  }

  @Test
  void page_names_when_it_was_decided_ended_judged_and_followed() {
    String end = Figures.time(SampleRollout.START + SampleRollout.HOURS * SampleRollout.HOUR);
    assertThat(Pages.facts(ROLLED_BACK))
        .contains(
            new Page.Fact("Decided at", end + ", ROLLBACK"),
            new Page.Fact("Ended at", end),
            new Page.Fact("Judged with data until", end),
            new Page.Fact("Followed with data until", end));
    assertThat(Report.markdown(ROLLED_BACK))
        .contains("as decided at " + end + ": ")
        .contains("those of the stages before included");
  }

  @Test
  void a_rollback_that_was_taken_back_is_not_what_ended_it() {
    List<GateSignal> signals = new ArrayList<>(ROLLED_BACK.signals());
    assertThat(ROLLED_BACK.decisive()).isEqualTo(signals.get(signals.size() - 1));
    signals.add(signals.get(0));
    ReportData overridden =
        SampleRollout.with(ROLLED_BACK, ROLLED_BACK.events(), signals, ROLLED_BACK.estimates());
    assertThat(signals.get(0).verdict()).isNotEqualTo(Verdict.ROLLBACK);
    assertThat(overridden.decisive()).isNull();
  }

  /** Whoever is first seen in a stage for all is not among the units of the stages before. */
  @Test
  void a_stage_for_all_has_no_range_to_quote_and_no_segments() {
    ReportData launched = at("full");
    assertThat(sentences(launched).get(0)).contains("the change cost about 8,711 EUR of revenue");
    assertThat(sentences(launched)).noneMatch(s -> s.startsWith("Quote"));
    assertThat(WorthBySegment.tables(launched, new Findings(launched))).isEmpty();
    ReportData before = at("half");
    assertThat(sentences(before)).anyMatch(s -> s.startsWith("Quote"));
    assertThat(WorthBySegment.tables(before, new Findings(before))).isNotEmpty();
  }

  @Test
  void rows_of_all_stages_are_of_matched_units_before_a_stage_for_all() {
    Estimate row = ROLLED_BACK.estimates().get(0);
    Findings matched = new Findings(ROLLED_BACK);
    for (String stage : List.of("canary", "early", "half")) {
      assertThat(matched.isOfAllStages(SampleRollout.with(row, stage, "on"))).as(stage).isTrue();
    }
    assertThat(matched.isOfAllStages(SampleRollout.with(row, "full", "on"))).isFalse();
    RolloutSpec ramped = Rollouts.spec("m", Assignment.RAMPED);
    Findings byStage = new Findings(SampleRollout.with(ramped, List.of(), List.of()));
    for (Stage stage : ramped.stages()) {
      Estimate there = SampleRollout.with(row, stage.name(), "on");
      assertThat(byStage.isOfAllStages(there)).as(stage.name()).isFalse();
    }
  }

  /** {@link #ROLLED_BACK} with all of the gate's rows at one stage. */
  private static ReportData at(String stage) {
    return new ChangedReport(ROLLED_BACK)
        .estimates(
            ROLLED_BACK.estimates().stream()
                .map(e -> SampleRollout.with(e, stage, e.treatmentVariant()))
                .toList())
        .data();
  }

  private static List<String> sentences(ReportData data) {
    assertThat(data.spec().assignment()).isEqualTo(Assignment.MATCHED);
    return new Worth(data, new Findings(data))
        .sentences().stream().map(s -> s.replace('\u00a0', ' ')).toList();
  }
}
