package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The effect a unit and day by week of the calendar. */
final class CalendarSection {

  private CalendarSection() {}

  static Section of(ReportData data, Findings findings) {
    Map<List<String>, List<ImpactEstimate>> courses = new LinkedHashMap<>();
    for (ImpactEstimate row : data.impacts()) {
      if (row.aspect() == Aspect.CALENDAR) {
        courses
            .computeIfAbsent(List.of(row.metric(), row.stage()), key -> new ArrayList<>())
            .add(row);
      }
    }
    List<Chart> charts = new ArrayList<>();
    courses.forEach(
        (key, rows) ->
            findings
                .metric(key.get(0))
                .filter(metric -> isShown(data, key.get(1)))
                .ifPresent(metric -> charts.add(chart(data, metric, key.get(1), rows))));
    return new Section(
        "calendar",
        "Was it the same from week to week?",
        charts.isEmpty()
            ? DurabilitySection.missing(
                data, "The newest run of the impact job did not tell weeks apart.")
            : charts.get(0).summary(),
        charts,
        List.of(),
        charts.isEmpty() ? List.of() : NOTES,
        "");
  }

  private static final List<String> NOTES =
      List.of(
          "What all units that had entered by then did, a unit and day for which it was followed."
              + " A week in which few were followed has a wide range; the first one is mostly of"
              + " units' first days.",
          "Each range is of one week: of twenty weeks without any effect one is expected to leave"
              + " 0.");

  /** All stages together where units enter once, else each stage. */
  private static boolean isShown(ReportData data, String stage) {
    return stage.equals(ImpactEstimate.ALL_STAGES)
        || data.impacts().stream()
            .noneMatch(
                row ->
                    row.aspect() == Aspect.CALENDAR
                        && row.stage().equals(ImpactEstimate.ALL_STAGES));
  }

  private static Chart chart(
      ReportData data, Metric metric, String stage, List<ImpactEstimate> weeks) {
    List<String> variants = data.spec().flag().variants();
    List<String> treatments = variants.subList(1, variants.size());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (ImpactEstimate week : weeks) {
      if (week.effectSize() != null) {
        rows.add(
            Rows.of(
                "group", week.treatmentVariant(),
                "week", monday(week),
                "difference", week.effectSize(),
                "lower", week.effectSizeLower(),
                "upper", week.effectSizeUpper(),
                "text", Figures.difference(metric, week.effectSize()),
                "range", Figures.range(metric, week),
                "state", week.maturity().label()));
      }
      table.add(
          List.of(
              week.treatmentVariant(),
              monday(week),
              Figures.level(metric, week.control()),
              Figures.level(metric, week.treatment()),
              Figures.difference(metric, week.effectSize()),
              Figures.range(metric, week),
              Figures.count(week.unitsControl()),
              Figures.count(week.unitsTreatment()),
              week.maturity().label()));
    }
    String title = metric.name() + ", stage " + stage + ": difference from control by week";
    String summary = summary(metric, stage, treatments, weeks);
    return new Chart(
        "chart-calendar-" + Pages.slug(metric.name() + "-" + stage),
        title,
        summary,
        ChartSpec.load("weeks")
            .rows("rows", rows)
            .rows("zero", List.of(Rows.of("y", 0)))
            .set("unit", "difference a unit and day")
            .set("format", Figures.isShare(metric) ? ".1%" : "~g")
            .set("groups", treatments)
            .set("colors", Palette.treatments(treatments.size()))
            .legend(treatments.size() > 1)
            .describe(summary)
            .json(),
        false,
        new Table(title, columns(data), table));
  }

  private static List<Column> columns(ReportData data) {
    return List.of(
        Column.text("treatment"),
        Column.text("week from (" + data.resolved().seasonal().zone() + ")"),
        Column.number("control, a day"),
        Column.number("treatment, a day"),
        Column.number("difference"),
        Column.number("95 % range of this week"),
        Column.number("units in control"),
        Column.number("units in treatment"),
        Column.text("state"));
  }

  private static String monday(ImpactEstimate week) {
    return LocalDate.ofEpochDay(week.ageDays()).toString();
  }

  private static String summary(
      Metric metric, String stage, List<String> treatments, List<ImpactEstimate> weeks) {
    StringBuilder summary = new StringBuilder();
    for (String treatment : treatments) {
      List<ImpactEstimate> said =
          weeks.stream()
              .filter(w -> w.treatmentVariant().equals(treatment) && w.effectSizeLower() != null)
              .toList();
      if (!said.isEmpty()) {
        ImpactEstimate first = said.get(0);
        ImpactEstimate last = said.get(said.size() - 1);
        summary
            .append(summary.isEmpty() ? "" : " ")
            .append("The difference of ")
            .append(metric.name())
            .append(" a unit and day between ")
            .append(treatment)
            .append(" and control, stage ")
            .append(stage)
            .append(", was ")
            .append(Figures.difference(metric, first.effectSize()))
            .append(" in the week from ")
            .append(monday(first));
        if (said.size() > 1) {
          summary
              .append(" and ")
              .append(Figures.difference(metric, last.effectSize()))
              .append(" in that from ")
              .append(monday(last));
        }
        summary
            .append("; the range of the week leaves 0 upwards in ")
            .append(said.stream().filter(w -> below(w, 1)).count())
            .append(" of ")
            .append(said.size())
            .append(said.size() == 1 ? " week" : " weeks")
            .append(" and downwards in ")
            .append(said.stream().filter(w -> below(w, -1)).count())
            .append('.');
      }
    }
    return summary.isEmpty() ? "No week has a range yet." : summary.toString();
  }

  /** Whether 0 is below ({@code sign} 1) or above (−1) the whole range. */
  private static boolean below(ImpactEstimate week, int sign) {
    Double lower = week.effectSizeLower();
    Double upper = week.effectSizeUpper();
    return lower != null && upper != null && sign * (sign > 0 ? lower : upper) > 0;
  }
}
