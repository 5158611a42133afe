package io.tidegate.report;

import io.tidegate.model.ReportData;
import io.tidegate.model.ReportData.BaselineHour;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each hour brought against what history expects of such an hour. */
final class BaselineSection {

  private static final int TABLE_ROWS = 24;

  private BaselineSection() {}

  static Section of(ReportData data) {
    Map<String, List<BaselineHour>> outcomes = new LinkedHashMap<>();
    for (BaselineHour hour : data.baseline()) {
      outcomes.computeIfAbsent(hour.outcome(), k -> new ArrayList<>()).add(hour);
    }
    List<Chart> charts = new ArrayList<>();
    outcomes.forEach((outcome, hours) -> charts.add(chart(outcome, hours)));
    long outside =
        data.baseline().stream()
            .filter(h -> h.observed() < h.lower() || h.observed() > h.upper())
            .count();
    return new Section(
        "baseline",
        "Was the time itself unusual?",
        charts.isEmpty()
            ? "No baseline was given."
            : Figures.count(outside)
                + " of "
                + Figures.count(data.baseline().size())
                + " hours were outside what history expects of such an hour (band). What moves both"
                + " variants together is not the change's doing.",
        charts,
        List.of(),
        List.of(),
        "");
  }

  private static Chart chart(String outcome, List<BaselineHour> hours) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (BaselineHour h : ChartSpec.thinned(hours, 2 * ChartSpec.MOST_POINTS)) {
      rows.add(
          Rows.of(
              "at", h.hourMs(),
              "when", Figures.time(h.hourMs()),
              "observed", h.observed(),
              "expected", h.expected(),
              "lower", h.lower(),
              "upper", h.upper()));
    }
    List<List<String>> table = new ArrayList<>();
    for (BaselineHour h : ChartSpec.thinned(hours, TABLE_ROWS)) {
      table.add(
          List.of(
              Figures.tableTime(h.hourMs()),
              Figures.number(h.observed()),
              Figures.number(h.expected()),
              Figures.interval(Figures.number(h.lower()), Figures.number(h.upper()))));
    }
    String summary = "Hourly " + outcome + " against its usual range.";
    return new Chart(
        "chart-baseline-" + Pages.slug(outcome),
        outcome + " per hour",
        summary,
        ChartSpec.load("baseline")
            .rows("rows", rows)
            .set("unit", outcome + " per hour")
            .describe(summary)
            .json(),
        false,
        new Table(
            summary,
            List.of(
                Column.text("hour (UTC)"),
                Column.number("observed"),
                Column.number("expected"),
                Column.number("usual range")),
            table));
  }
}
