package io.tidegate.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.ReportData;
import io.tidegate.report.Learning.Ending;
import io.tidegate.report.Learning.Outcome;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Fact;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What is learnt across rollouts: how good hypotheses were, how often people reversed a verdict,
 * what was stopped before everyone had it, how long stages take. Small segments are withheld.
 * Mutable.
 */
public final class Learnings {

  /** The section that can be searched. */
  static final String INDEX = "index";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final List<Learning> all = new ArrayList<>();

  /** Takes a rollout's newest attempt; its rows are not kept. */
  public void add(ReportData data) {
    all.add(Learning.of(PublishedRows.of(data).data()));
  }

  /** Rollouts taken. */
  public int size() {
    return all.size();
  }

  /**
   * One HTML file that needs no network.
   *
   * @param linked whether the report of a rollout lies beside it, as {@link #fileName}
   */
  public String html(boolean linked) {
    return Html.render("report.jte", page(linked));
  }

  /** The same in Markdown. */
  public String markdown() {
    return new Markdown().write(page(false));
  }

  /** The same as JSON: headline, facts, sections with their tables. */
  public String json() {
    try {
      return JSON.writeValueAsString(Report.PageJson.of(page(false))) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Name of the file with a rollout's report, beside the index and never its own. */
  public static String fileName(String rolloutId) {
    return "rollout-" + rolloutId + ".html";
  }

  private Page page(boolean linked) {
    List<String> uncertain =
        List.of(
            "Effects are those of the gate's last look; a rollout that was taken back early shows a"
                + " wide range, and effects that were stopped for look larger than they are.");
    Headline headline =
        new Headline("none", "Learnings", sentence(), "", worth(), uncertain, next());
    return new Page(
        "Learnings",
        "All rollouts",
        headline.sentence(),
        headline,
        List.of(new Fact("Rollouts", Figures.count(all.size()))),
        List.of(index(linked), hypotheses(), reversals(), prevented(), stages()));
  }

  private String sentence() {
    if (all.isEmpty()) {
      return "No rollout was defined yet.";
    }
    return Figures.count(all.size())
        + (all.size() == 1 ? " rollout: " : " rollouts: ")
        + count(Ending.COMPLETED)
        + " completed, "
        + count(Ending.ROLLED_BACK)
        + " rolled back, "
        + count(Ending.OPEN)
        + " not ended; "
        + count(Outcome.CAME_TRUE)
        + " of "
        + judged()
        + " hypotheses that can be judged came true.";
  }

  private long count(Ending ending) {
    return all.stream().filter(each -> each.ending() == ending).count();
  }

  private long count(Outcome outcome) {
    return all.stream().filter(each -> each.outcome() == outcome).count();
  }

  /** Hypotheses of which the data say something. */
  private long judged() {
    return all.stream().filter(each -> each.outcome().judged()).count();
  }

  private List<String> worth() {
    List<Learning.Harm> stopped = all.stream().flatMap(each -> each.stopped().stream()).toList();
    if (stopped.isEmpty()) {
      return List.of("No harm had to be stopped.");
    }
    double reached = stopped.stream().mapToDouble(Learning.Harm::percent).average().orElse(0);
    return List.of(
        Figures.count(stopped.size())
            + (stopped.size() == 1 ? " harm was" : " harms were")
            + " stopped before everyone had the change, on average at "
            + Headlines.percent(reached)
            + " of traffic.");
  }

  private List<String> next() {
    long items = all.stream().mapToLong(each -> each.actionItems().size()).sum();
    return List.of(
        items == 0
            ? "No action item is on record."
            : Figures.count(items) + " action items are on record: see the index.");
  }

  private Section index(boolean linked) {
    List<List<String>> rows = new ArrayList<>();
    for (Learning each : all) {
      rows.add(
          List.of(
              each.rollout(),
              each.owner(),
              each.hypothesis(),
              each.expected(),
              each.found(),
              each.outcome().words(),
              each.ended(),
              String.join("; ", each.decisions()),
              String.join("; ", each.learnt())));
    }
    Column rollout = linked ? Column.link("rollout") : Column.text("rollout");
    return section(
        INDEX,
        "What was tried, decided and learnt?",
        "One row a rollout, its newest attempt. The field above the table searches all of it.",
        new Table(
            "Rollouts",
            List.of(
                rollout,
                Column.text("owner"),
                Column.text("hypothesis"),
                Column.text("expected"),
                Column.text("found"),
                Column.text("hypothesis came out"),
                Column.text("ended"),
                Column.text("people decided"),
                Column.text("notes and action items")),
            rows));
  }

  private Section hypotheses() {
    List<List<String>> rows = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      long n = count(outcome);
      rows.add(
          List.of(
              outcome.words(),
              Figures.count(n),
              all.isEmpty() ? Figures.NONE : Figures.share(n / (double) all.size())));
    }
    return section(
        "hypotheses",
        "How good were the hypotheses?",
        "A hypothesis came true where its metric is shown to have moved the hoped-for way and the"
            + " expected size is still plausible.",
        new Table(
            "Hypotheses by what became of them",
            List.of(
                Column.text("hypothesis came out"),
                Column.number("rollouts"),
                Column.number("share")),
            rows));
  }

  private Section reversals() {
    List<List<String>> rows = new ArrayList<>();
    for (Learning each : all) {
      each.reversals().forEach(r -> rows.add(r.cells(each.rollout())));
    }
    long touched = all.stream().filter(each -> !each.reversals().isEmpty()).count();
    return section(
        "reversals",
        "How often was a verdict reversed?",
        rows.isEmpty()
            ? "Nobody reversed a verdict."
            : Figures.count(rows.size())
                + " overrides in "
                + Figures.count(touched)
                + " of "
                + Figures.count(all.size())
                + " rollouts.",
        new Table(
            "Verdicts that a person reversed",
            List.of(
                Column.text("rollout"),
                Column.text("at (UTC)"),
                Column.text("stage"),
                Column.text("verdict before"),
                Column.text("set to"),
                Column.text("by"),
                Column.text("why")),
            rows));
  }

  private Section prevented() {
    List<List<String>> rows = new ArrayList<>();
    for (Learning each : all) {
      each.stopped().ifPresent(harm -> rows.add(harm.cells(each.rollout())));
    }
    return section(
        "prevented",
        "What was stopped before everyone had it?",
        rows.isEmpty()
            ? "No rollout was taken back on a verdict of harm."
            : "Rollouts that Tidegate asked to take back and that were.",
        new Table(
            "Harm that was stopped",
            List.of(
                Column.text("rollout"),
                Column.text("stage"),
                Column.number("traffic reached"),
                Column.number("traffic spared"),
                Column.text("harm")),
            rows));
  }

  private Section stages() {
    Map<String, List<Double>> hours = new TreeMap<>();
    List<List<String>> rows = new ArrayList<>();
    for (Learning each : all) {
      for (Learning.StageTime time : each.stages()) {
        hours.computeIfAbsent(time.stage(), k -> new ArrayList<>()).add(time.hours());
        rows.add(time.cells(each.rollout()));
      }
    }
    List<String> medians = new ArrayList<>();
    hours.forEach((stage, all) -> medians.add(stage + " " + Figures.number(median(all)) + " h"));
    return section(
        "stages",
        "How long do stages take?",
        medians.isEmpty()
            ? "No stage was judged yet."
            : "At the median: " + String.join(", ", medians) + ".",
        new Table(
            "Time in each stage",
            List.of(
                Column.text("rollout"),
                Column.text("stage"),
                Column.number("hours judged"),
                Column.number("shortest planned, hours"),
                Column.text("last verdict")),
            rows));
  }

  private static double median(List<Double> values) {
    return new Median().evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Section section(String id, String title, String lead, Table table) {
    List<Table> tables = table.rows().isEmpty() ? List.of() : List.of(table);
    return new Section(id, title, lead, List.of(), tables, List.of(), "");
  }
}
