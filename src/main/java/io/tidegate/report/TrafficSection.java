package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal.Arrivals;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much arrives, how late, and how many units that makes. */
final class TrafficSection {

  private static final int TABLE_ROWS = 24;
  private static final double HOUR_MS = 3_600_000;

  private TrafficSection() {}

  static Section of(ReportData data, SortedMap<Long, Arrivals> arrivals) {
    List<Point> events = new ArrayList<>();
    List<Point> late = new ArrayList<>();
    flows(arrivals, events, late);
    List<Point> units = units(data);
    List<Chart> charts = new ArrayList<>();
    if (any(events)) {
      charts.add(
          chart("traffic", "Events used by the gate", "events per hour", ",~s", events, false));
    }
    if (any(late)) {
      charts.add(chart("lateness", "Events that came late", "share of events", "~%", late, true));
    }
    if (!units.isEmpty()) {
      charts.add(
          chart("units", "Units of the stage in force", "units so far", ",~s", units, false));
    }
    return new Section(
        "traffic",
        "How much arrives, and how late?",
        charts.isEmpty()
            ? "Nothing has arrived yet."
            : "Each step is the stretch up to that moment: what the gate could use of it, and what"
                + " came after its look.",
        charts,
        List.of(),
        !any(events) || any(late) ? List.of() : List.of("No event came late."),
        "");
  }

  private static boolean any(List<Point> points) {
    return points.stream().anyMatch(point -> point.level() > 0);
  }

  /** A value of a line. */
  private record Point(long atMs, String line, double level) {}

  /** Totals become rates: a step from one look to the next. */
  private static void flows(
      SortedMap<Long, Arrivals> arrivals, List<Point> events, List<Point> late) {
    long beforeMs = 0;
    Arrivals before = null;
    for (Map.Entry<Long, Arrivals> look : arrivals.entrySet()) {
      Arrivals now = look.getValue();
      if (before != null && now.used() >= before.used()) {
        double used = now.used() - before.used();
        double hours = (look.getKey() - beforeMs) / HOUR_MS;
        events.add(new Point(look.getKey(), "events", used / hours));
        double lateNow = Math.max(0, now.late() - before.late());
        late.add(new Point(look.getKey(), "late", used == 0 ? 0 : Math.min(1, lateNow / used)));
      }
      before = now;
      beforeMs = look.getKey();
    }
  }

  /** The most units that any metric counts at a boundary, by variant. */
  private static List<Point> units(ReportData data) {
    Map<Long, Map<String, Long>> byBoundary = new TreeMap<>();
    for (Estimate e : data.estimates()) {
      if (e.dimension().equals(SegmentDimension.ALL) && e.basis().equals(Estimate.CONCURRENT)) {
        Map<String, Long> variants =
            byBoundary.computeIfAbsent(e.boundaryMs(), k -> new LinkedHashMap<>());
        variants.merge(e.controlVariant() + " (control)", e.unitsControl(), Math::max);
        variants.merge(e.treatmentVariant(), e.unitsTreatment(), Math::max);
      }
    }
    List<Point> points = new ArrayList<>();
    byBoundary.forEach(
        (atMs, variants) ->
            variants.forEach((variant, n) -> points.add(new Point(atMs, variant, n))));
    return points;
  }

  private static Chart chart(
      String id, String title, String unit, String format, List<Point> points, boolean share) {
    List<String> lines = points.stream().map(Point::line).distinct().toList();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Point p : points) {
      rows.add(
          Rows.of(
              "at", p.atMs(),
              "line", p.line(),
              "level", p.level(),
              "when", Figures.time(p.atMs()),
              "text", text(p, share)));
    }
    List<List<String>> table = new ArrayList<>();
    for (Point p : ChartSpec.thinned(points, TABLE_ROWS)) {
      table.add(List.of(Figures.tableTime(p.atMs()), p.line(), text(p, share)));
    }
    Point last = points.get(points.size() - 1);
    String summary = title + " over time, " + unit + ": at the end " + text(last, share) + ".";
    return new Chart(
        "chart-" + id,
        title,
        summary,
        ChartSpec.load("series")
            .rows("rows", rows)
            .set("unit", unit)
            .set("format", format)
            .set("lines", lines)
            .set(
                "colors", lines.size() > 1 ? Palette.variants(lines.size()) : Palette.treatments(1))
            .set("dashes", dashes(lines.size()))
            .legend(lines.size() > 1)
            .describe(summary)
            .json(),
        false,
        new Table(
            title,
            List.of(Column.text("up to (UTC)"), Column.text("what"), Column.number(unit)),
            table));
  }

  private static String text(Point p, boolean share) {
    return share ? Figures.share(p.level()) : Figures.number(p.level());
  }

  /** The first of several lines, control, is dashed. */
  private static List<List<Integer>> dashes(int lines) {
    List<List<Integer>> dashes = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      dashes.add(lines > 1 && i == 0 ? List.of(5, 3) : List.of(1, 0));
    }
    return dashes;
  }
}
