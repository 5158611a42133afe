package io.tidegate.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the report says, for a page that shows a rollout while it moves: the same sentences and the
 * same charts, as JSON. Every string is final and not escaped.
 */
public final class LiveReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What ids of a past attempt begin with, apart from those of the page they are put into. */
  private static final String PAST = "past-";

  /** Tells its headings apart from theirs. */
  private static final String FROM_TABLES = " (from the tables)";

  private LiveReport() {}

  /** The first screen: {@code tone, label, sentence, certainty, worth[], uncertain[], next[]}. */
  public static ObjectNode headline(PublishedRows rows) {
    return JSON.valueToTree(new Headlines(rows.data()).write(rows.hidden()));
  }

  /** The same where no verdict counts now: why, in place of what was last said. */
  public static ObjectNode unjudged(PublishedRows rows, String why) {
    return JSON.valueToTree(new Headlines(rows.data()).unjudged(rows.hidden(), why));
  }

  /**
   * A rollout's page: {@code checks[]} on the data, {@code sections[]} with charts (Vega-Lite as
   * text), tables and notes. Signals need only hold changes.
   */
  public static ObjectNode page(PublishedRows rows, LiveFacts facts) {
    ReportData data = rows.data();
    Findings findings = new Findings(data);
    List<Section> sections = new ArrayList<>();
    sections.add(restore(data));
    sections.add(TimelineSection.ofChanges(data));
    sections.add(SegmentSection.of(data, findings, rows.hidden()));
    sections.add(EffectSection.of(data, findings));
    sections.add(IncidentSection.of(facts.incidents()));
    sections.add(TrafficSection.of(data, facts.arrivals()));
    sections.add(HealthSection.of(data, findings));
    sections.add(DecisionSection.of(data));
    ObjectNode page = JSON.createObjectNode();
    page.set("checks", JSON.valueToTree(HealthChecks.of(data, findings)));
    page.set("sections", JSON.valueToTree(sections));
    return page;
  }

  /**
   * A stretch of an attempt as the tables have it: {@code sections[]}; ids begin with {@code
   * past-}.
   *
   * @param data what may be published
   */
  public static ObjectNode past(ReportData data) {
    ObjectNode page = JSON.createObjectNode();
    page.set(
        "sections",
        JSON.valueToTree(
            Stream.of(
                    BaselineSection.of(data),
                    EffectSection.of(data, new Findings(data)),
                    TimelineSection.of(data),
                    DecisionSection.of(data))
                .map(LiveReport::past)
                .toList()));
    return page;
  }

  private static Section past(Section section) {
    return new Section(
        PAST + section.id(),
        section.title() + FROM_TABLES,
        section.lead(),
        section.charts().stream().map(LiveReport::past).toList(),
        section.tables().stream().map(LiveReport::past).toList(),
        section.notes(),
        section.text());
  }

  private static Chart past(Chart c) {
    return new Chart(PAST + c.id(), c.title(), c.summary(), c.spec(), c.wide(), past(c.table()));
  }

  private static Table past(Table table) {
    return new Table(table.caption() + FROM_TABLES, table.columns(), table.rows());
  }

  /** What was deployed at the last good stage. */
  private static Section restore(ReportData data) {
    GateSignal last = data.lastSignal();
    RolloutEvent.Environment good = last == null ? null : last.restore();
    String stage = last == null ? "" : last.restoreStage();
    List<List<String>> rows = new ArrayList<>();
    if (good != null) {
      rows.add(List.of("deployment", good.deploymentVersion()));
      add(rows, "flag ", good.flags());
      add(rows, "routing ", good.routing());
    }
    String lead =
        stage.isEmpty()
            ? "No stage was passed yet: a rollback takes the change away from everyone."
            : "A rollback goes back to stage "
                + stage
                + (good == null ? "; what was deployed then was not recorded." : ":");
    return new Section(
        "restore",
        data.ending() == null ? "What is to be restored if it is taken back?" : "What to restore?",
        lead,
        List.of(),
        rows.isEmpty()
            ? List.of()
            : List.of(
                new Table(
                    "Environment of stage " + stage,
                    List.of(Column.text("what"), Column.text("as it was")),
                    rows)),
        List.of(),
        "");
  }

  private static void add(List<List<String>> rows, String what, Map<String, String> values) {
    new TreeMap<>(values).forEach((name, value) -> rows.add(List.of(what + name, value)));
  }
}
