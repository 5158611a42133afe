package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
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
import org.jspecify.annotations.Nullable;

/** Retention and value per unit by age, one chart a stage cohort. */
final class CurveSections {

  private static final int MOST_AGES_IN_TABLE = 31;

  private static final String TOGETHER =
      "Where a difference is drawn, the darker band is the 95 % range of each age alone, the lighter"
          + " one holds for all ages together: go by the lighter one when looking for an age at"
          + " which the variants part.";

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
      @Nullable Double togetherLower,
      @Nullable Double togetherUpper,
      String reason) {}

  /** How the figures of a curve are written. */
  private record Style(
      String kind, String unit, String age, Format level, Format difference, String axis) {}

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
                    p.effectSizeLowerTogether(),
                    p.effectSizeUpperTogether(),
                    p.reason()));
      }
    }
    List<Chart> charts = new ArrayList<>();
    curves.forEach(
        (key, points) ->
            charts.addAll(
                charts(
                    data,
                    key,
                    points,
                    new Style(
                        "retention",
                        key.get(2).equals(RetentionPoint.EXACT)
                            ? "share that came back"
                            : "share that has not gone away",
                        key.get(3) + "s since first exposure",
                        x -> Figures.share(x),
                        x -> Figures.points(x),
                        ".0%"))));
    return new Section(
        "retention",
        "Did people come back?",
        charts.isEmpty()
            ? "No retention has been computed yet."
            : "Each stage's units are followed by age until their control gets the change too; the"
                + " band is the 95 % interval at one look.",
        charts,
        ReturnForms.tables(data),
        charts.isEmpty() ? List.of() : notes(ReturnForms.NOTES),
        "");
  }

  private static List<String> notes(List<String> others) {
    List<String> notes = new ArrayList<>();
    notes.add(TOGETHER);
    notes.addAll(others);
    return notes;
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
                    p.effectSizeLowerTogether(),
                    p.effectSizeUpperTogether(),
                    p.reason()));
      }
    }
    List<Chart> charts = new ArrayList<>();
    curves.forEach(
        (key, points) ->
            charts.addAll(
                charts(
                    data,
                    key,
                    points,
                    new Style(
                        "revenue",
                        "total per unit" + (key.get(2).isEmpty() ? "" : " (" + key.get(2) + ")"),
                        "days since first exposure",
                        x -> x == null ? Figures.NONE : Figures.money(x, key.get(2)),
                        x ->
                            x == null
                                ? Figures.NONE
                                : Figures.signed(x)
                                    + (key.get(2).isEmpty() ? "" : "\u00a0" + key.get(2)),
                        "~g"))));
    List<Table> bySegment = WorthBySegment.tables(data, findings);
    List<String> notes = new ArrayList<>();
    if (!charts.isEmpty()) {
      notes.add(TOGETHER);
      notes.addAll(caps(data));
    }
    if (!bySegment.isEmpty()) {
      notes.add(WorthBySegment.NOTE);
    }
    return new Section(
        "revenue",
        "What did people spend?",
        charts.isEmpty()
            ? "No revenue has been computed yet."
            : String.join(" ", new Worth(data, findings).sentences()),
        charts,
        bySegment,
        notes,
        "");
  }

  /** With how much a unit counts at most, in metrics where there is such a limit. */
  static List<String> caps(ReportData data) {
    return data.spec().metrics().stream()
        .filter(metric -> !Figures.capped(metric).isEmpty())
        .map(m -> "In " + m.name() + " a unit counts with at most " + Figures.capped(m) + ".")
        .toList();
  }

  private interface Format {
    String of(@Nullable Double x);
  }

  /** The curves of all variants, and their differences from control where any is known. */
  private static List<Chart> charts(
      ReportData data, List<String> key, List<Point> points, Style style) {
    List<Chart> charts = new ArrayList<>();
    charts.add(levels(data, key, points, style));
    List<Point> compared = points.stream().filter(p -> p.effect != null).toList();
    if (!compared.isEmpty()) {
      charts.add(differences(data, key, compared, style));
    }
    return charts;
  }

  private static Chart levels(ReportData data, List<String> key, List<Point> points, Style style) {
    List<String> variants = data.spec().flag().variants();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Point p : ChartSpec.drawn(points, Point::variant)) {
      if (p.level != null) {
        rows.add(
            Rows.of(
                "group", p.variant,
                "age", p.age,
                "level", p.level,
                "lower", p.lower,
                "upper", p.upper,
                "text", style.level.of(p.level),
                "range", range(style.level, p.lower, p.upper),
                "units", Figures.count(p.units),
                "maturity", p.maturity));
      }
    }
    List<List<String>> table = new ArrayList<>();
    for (Point p : ChartSpec.thinned(points, MOST_AGES_IN_TABLE * variants.size())) {
      table.add(
          List.of(
              p.variant,
              Integer.toString(p.age),
              style.level.of(p.level),
              p.level == null ? p.reason : range(style.level, p.lower, p.upper),
              Figures.count(p.units),
              p.maturity));
    }
    String title = key.get(0) + ", stage " + key.get(1) + how(style.kind, key);
    String summary = summary(key, rows, variants);
    return new Chart(
        id(style.kind, key),
        title,
        summary,
        ChartSpec.load("curve")
            .rows("rows", rows)
            .set("unit", style.unit)
            .set("age", style.age)
            .set("format", style.axis)
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

  private static Chart differences(
      ReportData data, List<String> key, List<Point> compared, Style style) {
    List<String> treatments =
        data.spec().flag().variants().subList(1, data.spec().flag().variants().size());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Point p : ChartSpec.drawn(compared, Point::variant)) {
      rows.add(
          Rows.of(
              "group", p.variant,
              "age", p.age,
              "difference", p.effect,
              "lower", p.effectLower,
              "upper", p.effectUpper,
              "allLower", p.togetherLower,
              "allUpper", p.togetherUpper,
              "text", style.difference.of(p.effect),
              "range", range(style.difference, p.effectLower, p.effectUpper),
              "together", range(style.difference, p.togetherLower, p.togetherUpper)));
    }
    List<List<String>> table = new ArrayList<>();
    for (Point p : ChartSpec.thinned(compared, MOST_AGES_IN_TABLE * treatments.size())) {
      table.add(
          List.of(
              p.variant,
              Integer.toString(p.age),
              style.difference.of(p.effect),
              range(style.difference, p.effectLower, p.effectUpper),
              range(style.difference, p.togetherLower, p.togetherUpper),
              Figures.count(p.units)));
    }
    String title =
        key.get(0) + ", stage " + key.get(1) + how(style.kind, key) + ": difference from control";
    String summary = parting(key, compared, treatments, style);
    return new Chart(
        id(style.kind + "-difference", key),
        title,
        summary,
        ChartSpec.load("difference")
            .rows("rows", rows)
            .rows("zero", List.of(Rows.of("y", 0)))
            .set("unit", "difference, " + style.unit)
            .set("age", style.age)
            .set("format", style.axis)
            .set("groups", treatments)
            .set("colors", Palette.treatments(treatments.size()))
            .legend(treatments.size() > 1)
            .describe(summary)
            .json(),
        false,
        new Table(
            title,
            List.of(
                Column.text("treatment"),
                Column.number("age"),
                Column.number("difference"),
                Column.number("95 % range of this age"),
                Column.number("95 % range of all ages together"),
                Column.number("units old enough")),
            table));
  }

  private static String id(String kind, List<String> key) {
    return "chart-" + kind + "-" + Pages.slug(String.join("-", key));
  }

  private static String range(Format format, @Nullable Double lower, @Nullable Double upper) {
    return lower == null ? Figures.NONE : Figures.interval(format.of(lower), format.of(upper));
  }

  /** The ages at which the range of all ages together lies on one side of 0. */
  private static String parting(
      List<String> key, List<Point> compared, List<String> treatments, Style style) {
    StringBuilder summary =
        new StringBuilder("Difference of ")
            .append(key.get(0))
            .append(" from control by age in stage ")
            .append(key.get(1))
            .append('.');
    for (String treatment : treatments) {
      List<Point> own = compared.stream().filter(p -> p.variant.equals(treatment)).toList();
      if (!own.isEmpty()) {
        Point last = own.get(own.size() - 1);
        String apart = own.stream().anyMatch(p -> p.togetherLower != null) ? apart(own) : "";
        summary
            .append(' ')
            .append(treatment)
            .append(" ends at ")
            .append(style.difference.of(last.effect))
            .append(" at age ")
            .append(last.age)
            .append(apart)
            .append('.');
      }
    }
    return summary.toString();
  }

  private static String apart(List<Point> points) {
    return points.stream()
        .filter(CurveSections::isApart)
        .findFirst()
        .map(p -> "; the range of all ages together first leaves 0 at age " + p.age)
        .orElse("; the range of all ages together holds 0 at every age");
  }

  private static boolean isApart(Point p) {
    return p.togetherLower != null
        && p.togetherUpper != null
        && (p.togetherLower > 0 || p.togetherUpper < 0);
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
