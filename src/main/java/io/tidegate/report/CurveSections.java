package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Retention and value per unit by age, one chart a stage cohort. */
final class CurveSections {

  private static final int MOST_AGES_IN_TABLE = 31;

  private CurveSections() {}

  /** A point of either curve. */
  private record Point(
      String variant,
      int age,
      String maturity,
      long units,
      @Nullable Double level,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double effect,
      @Nullable Double effectLower,
      @Nullable Double effectUpper,
      String reason) {}

  static Section retention(ReportData data) {
    Map<List<String>, List<Point>> curves = new LinkedHashMap<>();
    boolean together =
        data.retention().stream().anyMatch(p -> p.stage().equals(ImpactEstimate.ALL_STAGES));
    for (RetentionPoint p : data.retention()) {
      if (p.dimension().equals(SegmentDimension.ALL)
          && p.cohort().equals(RetentionPoint.EVERYONE)
          && isDrawn(p, together)) {
        curves
            .computeIfAbsent(
                List.of(p.metric(), p.stage(), p.definition(), p.period()), k -> new ArrayList<>())
            .add(
                new Point(
                    p.variant(),
                    p.age(),
                    p.maturity().label(),
                    p.eligible(),
                    p.rate(),
                    p.rateLower(),
                    p.rateUpper(),
                    p.effectSize(),
                    p.effectSizeLower(),
                    p.effectSizeUpper(),
                    p.reason()));
      }
    }
    List<Chart> charts = new ArrayList<>();
    curves.forEach(
        (key, points) ->
            charts.add(
                chart(
                    data,
                    "retention",
                    key,
                    points,
                    key.get(2).equals(RetentionPoint.EXACT)
                        ? "share that came back"
                        : "share that has not gone away",
                    key.get(3) + "s since first exposure",
                    x -> Figures.share(x),
                    x -> Figures.points(x),
                    ".0%")));
    return new Section(
        "retention",
        "Did people come back?",
        charts.isEmpty()
            ? "No retention has been computed yet."
            : "Each stage's units are followed by age until their control gets the change too; the"
                + " band is the 95 % interval at one look.",
        charts,
        ReturnForms.tables(data),
        charts.isEmpty() ? List.of() : ReturnForms.NOTES,
        "");
  }

  /** Coming back in each period, and once what is left; the other forms are in tables. */
  private static boolean isDrawn(RetentionPoint p, boolean together) {
    return p.definition().equals(RetentionPoint.EXACT)
        || (p.definition().equals(RetentionPoint.NOT_LAPSED)
            && p.period().equals(RetentionPoint.DAY)
            && p.stage().equals(ImpactEstimate.ALL_STAGES) == together);
  }

  static Section revenue(ReportData data, Findings findings) {
    Map<List<String>, List<Point>> curves = new LinkedHashMap<>();
    for (RevenuePoint p : data.revenue()) {
      if (p.dimension().equals(SegmentDimension.ALL)) {
        curves
            .computeIfAbsent(
                List.of(p.metric(), p.stage(), p.currency(), "day"), k -> new ArrayList<>())
            .add(
                new Point(
                    p.variant(),
                    p.ageDays(),
                    p.maturity().label(),
                    p.unitsMature(),
                    p.mean(),
                    p.meanLower(),
                    p.meanUpper(),
                    p.effectSize(),
                    p.effectSizeLower(),
                    p.effectSizeUpper(),
                    p.reason()));
      }
    }
    List<Chart> charts = new ArrayList<>();
    curves.forEach(
        (key, points) ->
            charts.add(
                chart(
                    data,
                    "revenue",
                    key,
                    points,
                    "total per unit" + (key.get(2).isEmpty() ? "" : " (" + key.get(2) + ")"),
                    "days since first exposure",
                    x -> x == null ? Figures.NONE : Figures.money(x, key.get(2)),
                    x ->
                        x == null
                            ? Figures.NONE
                            : Figures.signed(x)
                                + (key.get(2).isEmpty() ? "" : "\u00a0" + key.get(2)),
                    "~g")));
    String capped =
        data.spec().metrics().stream()
            .map(Metric::kind)
            .filter(io.tidegate.model.MetricKind.Sum.class::isInstance)
            .map(io.tidegate.model.MetricKind.Sum.class::cast)
            .map(io.tidegate.model.MetricKind.Sum::capMicros)
            .filter(Objects::nonNull)
            .findFirst()
            .map(cap -> "A unit counts with at most " + Figures.number(cap / 1e6) + ".")
            .orElse("");
    return new Section(
        "revenue",
        "What did people spend?",
        charts.isEmpty()
            ? "No revenue has been computed yet."
            : String.join(" ", new Worth(data, findings).sentences()),
        charts,
        List.of(),
        capped.isEmpty() || charts.isEmpty() ? List.of() : List.of(capped),
        "");
  }

  private interface Format {
    String of(@Nullable Double x);
  }

  private static Chart chart(
      ReportData data,
      String kind,
      List<String> key,
      List<Point> points,
      String unit,
      String age,
      Format level,
      Format difference,
      String axis) {
    List<String> variants = data.spec().flag().variants();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (Point p : points) {
      if (p.level != null) {
        rows.add(
            Rows.of(
                "group", p.variant,
                "age", p.age,
                "level", p.level,
                "lower", p.lower,
                "upper", p.upper,
                "text", level.of(p.level),
                "range", Figures.interval(level.of(p.lower), level.of(p.upper)),
                "units", Figures.count(p.units),
                "maturity", p.maturity));
      }
    }
    for (Point p : ChartSpec.thinned(points, MOST_AGES_IN_TABLE * variants.size())) {
      table.add(
          List.of(
              p.variant,
              Integer.toString(p.age),
              level.of(p.level),
              p.level == null ? p.reason : Figures.interval(level.of(p.lower), level.of(p.upper)),
              difference.of(p.effect),
              p.effect == null
                  ? Figures.NONE
                  : Figures.interval(difference.of(p.effectLower), difference.of(p.effectUpper)),
              Figures.count(p.units),
              p.maturity));
    }
    String title = key.get(0) + ", stage " + key.get(1) + how(kind, key);
    String summary = summary(key, rows, variants);
    return new Chart(
        "chart-" + kind + "-" + Pages.slug(String.join("-", key)),
        title,
        summary,
        ChartSpec.load("curve")
            .rows("rows", rows)
            .set("unit", unit)
            .set("age", age)
            .set("format", axis)
            .set("groups", variants)
            .set("colors", Palette.variants(variants.size()))
            .set("shapes", Palette.shapes(variants.size()))
            .describe(summary)
            .json(),
        false,
        new Table(
            title,
            List.of(
                Column.text("variant"),
                Column.number("age"),
                Column.number("value"),
                Column.number("95 % range"),
                Column.number("difference"),
                Column.number("its range"),
                Column.number("units old enough"),
                Column.text("state")),
            table));
  }

  private static String how(String kind, List<String> key) {
    if (!kind.equals("retention")) {
      return "";
    }
    return key.get(2).equals(RetentionPoint.EXACT)
        ? ", by " + key.get(3)
        : ", " + ReturnForms.name(key.get(2), key.get(3));
  }

  private static String summary(
      List<String> key, List<Map<String, @Nullable Object>> rows, List<String> variants) {
    StringBuilder summary =
        new StringBuilder(key.get(0)).append(" by age in stage ").append(key.get(1)).append('.');
    for (String variant : variants) {
      rows.stream()
          .filter(r -> variant.equals(r.get("group")))
          .reduce((a, b) -> b)
          .ifPresent(
              r ->
                  summary
                      .append(' ')
                      .append(variant)
                      .append(" ends at ")
                      .append(r.get("text"))
                      .append(" at age ")
                      .append(r.get("age"))
                      .append('.'));
    }
    return summary.toString();
  }
}
