package io.tidegate.report;

import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.StageComparison;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How metrics moved from the first stage on, as they stand and with season and mix taken out. */
final class StageSection {

  private static final String AS_IT_STANDS = "as it stands";
  private static final String SEASON = "season taken out";
  private static final String SEASON_AND_MIX = "season and mix taken out";
  static final int ROW_HEIGHT = 26;

  private StageSection() {}

  static Section of(ReportData data) {
    List<Chart> charts = new ArrayList<>();
    for (Metric metric : data.spec().metrics()) {
      List<StageComparison> rows =
          data.comparisons().stream()
              .filter(
                  c ->
                      c.metric().equals(metric.name())
                          && c.segment().equals(SegmentDimension.EVERY_UNIT)
                          && c.basis().equals(StageComparison.FIRST_STAGE)
                          && !c.normalisation().equals(StageComparison.MIX))
              .toList();
      if (rows.stream().anyMatch(c -> c.relEffectSize() != null)) {
        charts.add(chart(metric, rows));
      }
    }
    return new Section(
        "stages",
        "Do the stages compare?",
        charts.isEmpty()
            ? "Nothing can be compared between stages yet: it takes units of two stages that were"
                + " followed for the metric's whole window."
            : "What a metric did from the first stage to a later one, in one variant. The calendar"
                + " and who comes move both variants alike: with what history expects of the hours"
                + " taken out, and everyone weighted by one mix, what is left is the change's or a"
                + " coincidence. Only the comparison with control is an experiment.",
        charts,
        List.of(),
        reversals(data),
        "");
  }

  /** Simpson's paradoxes, in words. */
  private static List<String> reversals(ReportData data) {
    Set<String> notes = new LinkedHashSet<>();
    for (StageComparison c : data.comparisons()) {
      if (c.reversal()) {
        boolean control = c.basis().equals(StageComparison.CONTROL);
        boolean season = c.normalisation().equals(StageComparison.SEASON_MIX);
        notes.add(
            "Simpson's paradox: "
                + c.metric()
                + " of "
                + c.variant()
                + " in "
                + c.stage()
                + " against "
                + (control ? "control" : c.basisStage())
                + " is "
                + Figures.signedShare(crude(c))
                + (season ? " in all with the season taken out, yet " : " in all, yet ")
                + Figures.signedShare(c.relEffectSize())
                + " at one mix of "
                + c.dimension()
                + ": the mix turned the sign.");
      }
    }
    return List.copyOf(notes);
  }

  private static @Nullable Double crude(StageComparison c) {
    return c.relEffectSize() == null || c.mixPart() == null
        ? null
        : Double.valueOf((1 + c.relEffectSize()) * (1 + c.mixPart()) - 1);
  }

  private static String kind(StageComparison c) {
    return switch (c.normalisation()) {
      case StageComparison.RAW -> AS_IT_STANDS;
      case StageComparison.SEASON -> SEASON;
      default -> SEASON_AND_MIX;
    };
  }

  private static Chart chart(Metric metric, List<StageComparison> comparisons) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    Set<String> labels = new LinkedHashSet<>();
    for (StageComparison c : comparisons) {
      String kind = kind(c);
      String normalised =
          kind.equals(SEASON_AND_MIX) ? "also at one mix of " + c.dimension() : kind;
      String against = c.stage() + " vs. " + c.basisStage() + ", " + c.variant();
      String text = Figures.signedShare(c.relEffectSize());
      String range =
          c.relEffectSize() == null
              ? c.reason()
              : Figures.interval(
                  Figures.signedShare(c.relEffectSizeLower()),
                  Figures.signedShare(c.relEffectSizeUpper()));
      if (c.relEffectSize() != null) {
        String label = against + ": " + normalised;
        labels.add(label);
        rows.add(
            Rows.of(
                "label", label,
                "kind", kind,
                "change", c.relEffectSize(),
                "lower", c.relEffectSizeLower(),
                "upper", c.relEffectSizeUpper(),
                "text", text,
                "range", range));
      }
      table.add(
          List.of(
              against,
              normalised,
              Figures.level(metric, c.control()),
              Figures.level(metric, c.treatment()),
              text,
              range,
              Figures.signedShare(c.mixPart()),
              Figures.count(c.unitsControl()),
              Figures.count(c.unitsTreatment())));
    }
    String summary =
        metric.name() + " from the first stage on, as it stands and with season and mix taken out.";
    return new Chart(
        "chart-stages-" + Pages.slug(metric.name()),
        metric.name() + " from stage to stage",
        summary,
        ChartSpec.load("stages")
            .rows("rows", rows)
            .rows("zero", List.of(Rows.of("x", 0)))
            .set("unit", "change since the first stage")
            .set("labels", List.copyOf(labels))
            .set("kinds", List.of(AS_IT_STANDS, SEASON, SEASON_AND_MIX))
            .set("height", ROW_HEIGHT * labels.size())
            .set("what", "stage")
            .set("when", "normalised")
            .describe(summary)
            .json(),
        true,
        new Table(
            summary,
            List.of(
                Column.text("compared"),
                Column.text("normalised"),
                Column.number("first stage"),
                Column.number("stage"),
                Column.number("change"),
                Column.number("95 % range"),
                Column.number("made by the mix"),
                Column.number("units first"),
                Column.number("units")),
            table));
  }
}
