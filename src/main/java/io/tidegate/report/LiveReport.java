package io.tidegate.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the report says, for a page that shows a rollout while it moves: the same sentences and the
 * same charts, as JSON. Every string is final and not escaped.
 */
public final class LiveReport {

  private static final ObjectMapper JSON = new ObjectMapper();

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
   * A rollout's page: {@code sections[]} with charts (Vega-Lite as text), tables and notes. Signals
   * need only hold changes.
   */
  public static ObjectNode page(PublishedRows rows) {
    ReportData data = rows.data();
    Findings findings = new Findings(data);
    List<Section> sections = new ArrayList<>();
    sections.add(restore(data));
    sections.add(TimelineSection.ofChanges(data));
    sections.add(SegmentSection.of(data, findings, rows.hidden()));
    sections.add(EffectSection.of(data, findings));
    sections.add(HealthSection.of(data, findings));
    sections.add(DecisionSection.of(data));
    ObjectNode page = JSON.createObjectNode();
    page.set("sections", JSON.valueToTree(sections));
    return page;
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
        "What is to be restored if it is taken back?",
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
