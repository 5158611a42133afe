package io.tidegate.cli.bench;

import io.tidegate.cli.bench.BenchResult.Figure;
import io.tidegate.report.BenchReport;
import io.tidegate.report.BenchReport.Bar;
import io.tidegate.report.BenchReport.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result as a page. */
public final class BenchChart {

  private static final double P99_AIM_S = 2;

  private BenchChart() {}

  /** One HTML file that needs no network. */
  public static String html(BenchResult result) {
    Map<String, Figure> figures = result.figures();
    BenchReport report =
        new BenchReport(
            String.format(
                Locale.ENGLISH,
                "The gate takes %,.0f events a second, %.2f of what decoding alone takes",
                median(figures, BenchResult.rateOf("gate")),
                median(figures, "gate_over_decode")),
            "Medians of runs in turn over the same records, every result checked; the thin lines go"
                + " from the least to the most.");
    result.setup().forEach((name, value) -> report.fact(name.replace('_', ' '), value));
    section(report, result, "rates", "Speed", "More is better.", BenchResult.RATE);
    section(
        report,
        result,
        "cpu",
        "Cost of an event",
        "Of the whole process, the broker included. Less is better.",
        BenchResult.CPU);
    section(
        report,
        result,
        "ratios",
        "Ratios of speed",
        "Each of two runs of one round. The table has what each should be at least.",
        BenchResult.RATIO);
    report.lines(
        "refreshes",
        "Cost of one more answer",
        "The gate adds what came since the last look, and that includes reading it; a warehouse"
            + " scans its history.",
        "events of history",
        BenchResult.REFRESH,
        points(result.refreshes()));
    section(
        report,
        result,
        "latency",
        "From boundary to signal",
        "From what moves the watermark past a boundary to a reader of committed signals, at half"
            + " the gate's speed. The table has the most that a p99 should be.",
        BenchResult.SECONDS);
    section(
        report,
        result,
        "state",
        "State of a unit",
        "Bytes in the last checkpoint; 8 of them are for each event id within the horizon.",
        BenchResult.STATE);
    section(report, result, "ids", "Event ids of a unit", "Within the horizon.", BenchResult.IDS);
    return report.html();
  }

  private static double median(Map<String, Figure> figures, String name) {
    Figure figure = figures.get(name);
    return figure == null ? Double.NaN : figure.median();
  }

  private static void section(
      BenchReport report, BenchResult result, String id, String title, String lead, String unit) {
    List<Bar> bars = new ArrayList<>();
    Map<String, @Nullable Double> aims = aims(result.setup());
    result
        .figures()
        .forEach(
            (name, figure) -> {
              if (figure.unit().equals(unit)) {
                bars.add(
                    new Bar(
                        name.replaceFirst("_(rate|cpu|state|ids)$", "").replace('_', ' '),
                        figure.median(),
                        figure.min(),
                        figure.max(),
                        aims.get(name)));
              }
            });
    if (!bars.isEmpty()) {
      report.bars(id, title, lead, unit, bars);
    }
  }

  private static Map<String, @Nullable Double> aims(Map<String, Long> setup) {
    Map<String, @Nullable Double> aims = new HashMap<>();
    BenchResult.everyRatio(false)
        .filter(ratio -> ratio.aim() > 0)
        .forEach(ratio -> aims.put(ratio.name(), ratio.aim()));
    aims.put("latency_at_least_once_p99", P99_AIM_S);
    aims.put(
        "latency_exactly_once_p99",
        setup.getOrDefault("checkpoint_interval_ms", 0L) / 1e3 + P99_AIM_S);
    return aims;
  }

  private static List<Point> points(List<BenchResult.Refresh> refreshes) {
    List<Point> points = new ArrayList<>();
    for (BenchResult.Refresh refresh : refreshes) {
      points.add(point("the gate", refresh.history(), refresh.gate()));
      points.add(point("a warehouse", refresh.history(), refresh.warehouse()));
    }
    return points;
  }

  private static Point point(String line, long history, Figure figure) {
    return new Point(line, history, figure.median(), figure.min(), figure.max());
  }
}
