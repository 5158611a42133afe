package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The effect on every metric at every look, with its confidence sequence. */
final class EffectSection {

  private static final int TABLE_ROWS = 24;

  /** Part of the axis that a stage's name takes. */
  private static final double LABEL_ROOM = 0.15;

  /** Why the same effect has two ranges in one report. */
  private static final String EVERY_LOOK =
      "Quote these ranges: they hold at every look together, and what is seen at a look decides when"
          + " a rollout ends. Ranges that are said to hold at one look were made once, after the"
          + " fact, are narrower for the same data, and go with the figures by age. Verdicts rest on"
          + " these alone.";

  private EffectSection() {}

  static Section of(ReportData data, Findings findings) {
    List<Chart> charts = new ArrayList<>();
    for (Metric metric : data.spec().metrics()) {
      Map<String, List<Estimate>> lines = findings.lines(metric);
      if (!lines.isEmpty()) {
        charts.add(chart(data, findings, metric, lines));
      }
    }
    return new Section(
        "effect",
        "What did the change do, and since when do we know?",
        charts.isEmpty()
            ? "No effect has been estimated yet."
            : "The line is the best guess, the band what is still plausible at that moment; both"
                + " count everything up to it. A dashed line is the loss that the stage"
                + " tolerates, a dotted one the harm beyond which the change is taken back where"
                + " that differs.",
        charts,
        List.of(),
        !charts.isEmpty() && followedUp(data) ? List.of(EVERY_LOOK) : List.of(),
        "");
  }

  /** Whether figures that were made after the fact stand beside these. */
  private static boolean followedUp(ReportData data) {
    return !data.impacts().isEmpty() || !data.retention().isEmpty() || !data.revenue().isEmpty();
  }

  private static Chart chart(
      ReportData data, Findings findings, Metric metric, Map<String, List<Estimate>> lines) {
    List<Estimate> all = lines.values().stream().flatMap(List::stream).toList();
    Scale scale = Scale.fit(metric, all, data);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    int most = Math.max(20, ChartSpec.MOST_POINTS / lines.size());
    lines.forEach(
        (line, estimates) -> {
          for (Estimate e : ChartSpec.thinned(estimates, most)) {
            rows.add(row(scale, line, e));
          }
        });
    String summary =
        "Effect on " + metric.name() + " over time: at the end " + atTheEnd(findings, metric) + ".";
    List<String> names = List.copyOf(lines.keySet());
    return new Chart(
        "chart-effect-" + Pages.slug(metric.name()),
        metric.name() + " (" + betterWhen(metric) + ")",
        summary,
        ChartSpec.load("effect")
            .rows("rows", rows)
            .rows("stages", stages(data, all))
            .rows("limits", limits(data, scale, all))
            .rows("rollback", rollback(data, scale))
            .rows("zero", List.of(Rows.of("y", 0)))
            .set("unit", scale.unit())
            .set("domain", scale.domain())
            .set("format", scale.format())
            .set("points", all.size() <= 12)
            .set("lines", names)
            .set("colors", Palette.treatments(names.size()))
            .legend(names.size() > 1)
            .describe(summary)
            .json(),
        false,
        table(metric, scale, lines));
  }

  private static String atTheEnd(Findings findings, Metric metric) {
    List<String> clauses =
        findings.treatments().stream()
            .flatMap(t -> findings.latest(metric, t).stream())
            .map(e -> findings.contrast(metric, e).clause())
            .toList();
    return clauses.isEmpty() ? "nothing is known" : String.join("; ", clauses);
  }

  private static String betterWhen(Metric metric) {
    return metric.role().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
        + ", better when "
        + (metric.better().sign() > 0 ? "higher" : "lower");
  }

  private static Map<String, @Nullable Object> row(Scale scale, String line, Estimate e) {
    Double effect = scale.effect(e);
    boolean said = effect != null;
    return Rows.of(
        "at",
        e.boundaryMs(),
        "line",
        line,
        "effect",
        effect,
        "lower",
        said ? scale.drawn(scale.lower(e), -1) : null,
        "upper",
        said ? scale.drawn(scale.upper(e), 1) : null,
        "when",
        Figures.time(e.boundaryMs()),
        "text",
        scale.text(effect),
        "range",
        scale.range(e));
  }

  private static List<Map<String, @Nullable Object>> stages(ReportData data, List<Estimate> all) {
    List<Map<String, @Nullable Object>> stages = new ArrayList<>();
    long first = all.get(0).boundaryMs();
    long last = all.get(all.size() - 1).boundaryMs();
    for (RolloutEvent event : data.events()) {
      if (event.kind() == RolloutEvent.Kind.STAGE_ENTERED
          && event.eventTimeMs() <= last
          && event.eventTimeMs() >= first - (last - first)) {
        stages.add(Rows.of("at", event.eventTimeMs(), "stage", event.stage()));
      }
    }
    for (int i = 0; i + 1 < stages.size(); i++) {
      long room = (long) at(stages.get(i + 1)) - (long) at(stages.get(i));
      if (room < LABEL_ROOM * (last - first)) {
        stages.get(i).put("stage", "");
      }
    }
    return stages;
  }

  private static Object at(Map<String, @Nullable Object> row) {
    Object at = row.get("at");
    return at == null ? 0L : at;
  }

  /** A line for the margin of each stage, as long as the stage. */
  private static List<Map<String, @Nullable Object>> limits(
      ReportData data, Scale scale, List<Estimate> all) {
    List<Map<String, @Nullable Object>> limits = new ArrayList<>();
    for (TimelineSection.Span span : TimelineSection.spans(data)) {
      int stage = data.spec().stageIndex(span.stage());
      Double margin =
          stage < 0 ? null : Scale.margin(scale.metric(), data, stage, scale.relative());
      if (margin != null && !all.isEmpty()) {
        limits.add(level(span, margin, "tolerated in " + span.stage() + ": " + scale.text(margin)));
      }
    }
    return limits;
  }

  /** The harm beyond which it is taken back, in stages where that is not the margin. */
  private static List<Map<String, @Nullable Object>> rollback(ReportData data, Scale scale) {
    Margin own = scale.metric().rollbackMargin();
    Double part = own == null ? null : scale.relative() ? own.relative() : own.absolute();
    if (part == null) {
      return List.of();
    }
    Double y = -scale.metric().better().sign() * part;
    List<Map<String, @Nullable Object>> lines = new ArrayList<>();
    for (TimelineSection.Span span : TimelineSection.spans(data)) {
      int stage = data.spec().stageIndex(span.stage());
      if (stage >= 0 && !y.equals(Scale.margin(scale.metric(), data, stage, scale.relative()))) {
        lines.add(level(span, y, "taken back beyond " + scale.text(y)));
      }
    }
    return lines;
  }

  /** A line at a height, as long as a stage. */
  private static Map<String, @Nullable Object> level(
      TimelineSection.Span span, Double y, String text) {
    return Rows.of("from", span.fromMs(), "to", span.toMs(), "y", y, "text", text);
  }

  private static Table table(Metric metric, Scale scale, Map<String, List<Estimate>> lines) {
    List<List<String>> rows = new ArrayList<>();
    int most = Math.max(4, TABLE_ROWS / lines.size());
    lines.forEach(
        (line, estimates) -> {
          for (Estimate e : ChartSpec.thinned(estimates, most)) {
            rows.add(
                List.of(
                    Figures.tableTime(e.boundaryMs()),
                    line,
                    Figures.level(metric, e.control()),
                    Figures.level(metric, e.treatment()),
                    scale.text(scale.effect(e)),
                    e.effectSize() == null ? e.reason() : scale.range(e),
                    Figures.count(e.unitsControl()),
                    Figures.count(e.unitsTreatment())));
          }
        });
    return new Table(
        "Effect on " + metric.name(),
        List.of(
            Column.text("at (UTC)"),
            Column.text("treatment"),
            Column.number("control"),
            Column.number("treatment"),
            Column.number("effect"),
            Column.number("range"),
            Column.number("units in control"),
            Column.number("units in treatment")),
        rows);
  }
}
