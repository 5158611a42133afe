package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest effect in every segment that may be shown. */
final class SegmentSection {

  private static final int SEGMENT_PIXELS = 22;

  private SegmentSection() {}

  static Section of(ReportData data, Findings findings, Map<String, Set<String>> hidden) {
    List<Chart> charts = new ArrayList<>();
    List<String> disagreeing = new ArrayList<>();
    for (Metric metric : data.spec().metrics()) {
      List<Estimate> rows = findings.segments(metric);
      if (rows.stream().anyMatch(e -> !e.dimension().equals(SegmentDimension.ALL))) {
        charts.add(chart(data, findings, metric, rows));
        rows.stream()
            .filter(e -> !e.dimension().equals(SegmentDimension.ALL))
            .map(e -> findings.contrast(metric, e))
            .filter(c -> c.direction() == Contrast.Direction.WORSE)
            .forEach(c -> disagreeing.add(c.clause()));
      }
    }
    List<String> notes = new ArrayList<>();
    Map<String, Integer> notShown = findings.notShown(hidden);
    if (!notShown.isEmpty()) {
      notes.add(
          "Not shown, because fewer than "
              + Figures.count(data.spec().minSegmentUnits())
              + " units in a variant or needed to hide such a segment: "
              + notShown.entrySet().stream()
                  .map(e -> e.getValue() + " of " + e.getKey())
                  .collect(Collectors.joining(", "))
              + ".");
    }
    if (!charts.isEmpty()) {
      notes.add(
          "“Partly pooled” is the effect drawn towards the other segments of its dimension, the more"
              + " the less is known of it (DerSimonian and Laird 1986): compare segments by it, for"
              + " the largest and the smallest raw effects are mostly chance. No verdict uses it.");
      notes.add(
          "Many segments are looked at: some differ by chance. Ranges are not adjusted for how many"
              + " are shown; the rollback decision is.");
    }
    return new Section(
        "segments",
        "Who is affected differently?",
        charts.isEmpty()
            ? "No segment can be shown."
            : disagreeing.isEmpty()
                ? "No shown segment is clearly worse off."
                : "Clearly worse off: " + String.join("; ", disagreeing) + ".",
        charts,
        List.of(),
        notes,
        "");
  }

  private static Chart chart(
      ReportData data, Findings findings, Metric metric, List<Estimate> estimates) {
    Scale scale = Scale.fit(metric, estimates, data);
    PartlyPooled pooled = PartlyPooled.of(estimates, scale);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (Estimate e : estimates) {
      String label =
          label(e)
              + (findings.named(e.treatmentVariant()).isEmpty()
                  ? ""
                  : " · " + e.treatmentVariant());
      Contrast contrast = findings.contrast(metric, e);
      labels.add(label);
      String units =
          Figures.count(e.unitsControl()) + " in control, " + Figures.count(e.unitsTreatment());
      if (e.effectSize() != null) {
        rows.add(
            Rows.of(
                "label", label,
                "effect", scale.effect(e),
                "lower", scale.drawn(scale.lower(e), -1),
                "upper", scale.drawn(scale.upper(e), 1),
                "says", contrast.reading(),
                "text", scale.text(scale.effect(e)),
                "range", scale.range(e),
                "pooled", pooled.effect(e),
                "pooled_text", scale.text(pooled.effect(e)),
                "units", units));
      }
      table.add(
          List.of(
              label,
              Figures.level(metric, e.control()),
              Figures.level(metric, e.treatment()),
              scale.text(scale.effect(e)),
              e.effectSize() == null ? e.reason() : scale.range(e),
              scale.text(pooled.effect(e)),
              contrast.reading(),
              Figures.count(e.unitsControl()),
              Figures.count(e.unitsTreatment())));
    }
    Double margin =
        Scale.margin(metric, data, Math.max(0, estimates.get(0).epoch()), scale.relative());
    String summary = "Effect on " + metric.name() + " in " + rows.size() + " segments.";
    return new Chart(
        "chart-segments-" + Pages.slug(metric.name()),
        metric.name(),
        summary,
        ChartSpec.load("forest")
            .rows("rows", rows)
            .rows(
                "limits",
                margin == null
                    ? List.of()
                    : List.of(Rows.of("x", margin, "text", "tolerated: " + scale.text(margin))))
            .rows("zero", List.of(Rows.of("x", 0)))
            .set("labels", labels)
            .set("height", SEGMENT_PIXELS * labels.size())
            .set("unit", scale.unit())
            .set("domain", scale.domain())
            .set("format", scale.format())
            .describe(summary)
            .json(),
        false,
        new Table(
            "Effect on " + metric.name() + " by segment",
            List.of(
                Column.text("segment"),
                Column.number("control"),
                Column.number("treatment"),
                Column.number("effect"),
                Column.number("range"),
                Column.number("partly pooled"),
                Column.text("reading"),
                Column.number("units in control"),
                Column.number("units in treatment")),
            table));
  }

  private static String label(Estimate e) {
    return e.dimension().equals(SegmentDimension.ALL)
        ? "everyone"
        : e.dimension() + "=" + e.segment();
  }
}
