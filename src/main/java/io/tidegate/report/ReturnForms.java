package io.tidegate.report;

import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The forms of retention beside the drawn ones, at a few ages. */
final class ReturnForms {

  /** Shown ages; a curve that ends earlier has its last age too. */
  private static final Map<String, Set<Integer>> AGES =
      Map.of(
          RetentionPoint.DAY, Set.of(1, 7, 14, 28, 60, 90),
          RetentionPoint.WEEK, Set.of(1, 4, 8, 12, 26, 52));

  static final List<String> NOTES =
      List.of(
          "Absent: nothing in "
              + RetentionPoint.ABSENT_DAYS
              + " days in a row, or by weeks in "
              + RetentionPoint.ABSENT_WEEKS
              + " weeks, the first day or week after exposure not counted. “Not gone away yet” is the"
              + " share of units in which no such stretch has begun. It and “came back at least once”"
              + " are Kaplan–Meier curves with Greenwood's ranges: units that have not been followed"
              + " for so long count as far as they have.",
          "Coming back after absence is not compared between variants: who was absent depends on"
              + " the change.");

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("units"),
          Column.text("what"),
          Column.text("variant"),
          Column.text("by"),
          Column.number("age"),
          Column.number("share"),
          Column.number("95 % range"),
          Column.number("difference"),
          Column.number("its range"),
          Column.number("of units"),
          Column.text("state"));

  private ReturnForms() {}

  /** What a definition says, in words. */
  static String name(String definition, String period) {
    String stretch =
        period.equals(RetentionPoint.DAY)
            ? RetentionPoint.ABSENT_DAYS + " days"
            : RetentionPoint.ABSENT_WEEKS + " weeks";
    return switch (definition) {
      case RetentionPoint.BOUNDED -> "came back by then";
      case RetentionPoint.UNBOUNDED -> "came back then or later";
      case RetentionPoint.ROLLING -> "came back in the last " + stretch;
      case RetentionPoint.RETURNING -> "came back after " + stretch + " of absence";
      case RetentionPoint.FIRST_RETURN -> "came back at least once";
      case RetentionPoint.NOT_LAPSED -> "not gone away yet";
      default -> "came back";
    };
  }

  /** One table a metric and stage. */
  static List<Table> tables(ReportData data) {
    Map<List<String>, List<RetentionPoint>> curves = new LinkedHashMap<>();
    for (RetentionPoint p : data.retention()) {
      boolean drawn =
          p.cohort().equals(RetentionPoint.EVERYONE) && p.definition().equals(RetentionPoint.EXACT);
      if (p.dimension().equals(SegmentDimension.ALL) && !drawn && p.eligible() > 0) {
        curves
            .computeIfAbsent(
                List.of(p.metric(), p.stage(), p.cohort(), p.definition(), p.variant(), p.period()),
                k -> new ArrayList<>())
            .add(p);
      }
    }
    Map<List<String>, List<List<String>>> tables = new LinkedHashMap<>();
    curves.forEach(
        (key, points) -> {
          List<List<String>> rows =
              tables.computeIfAbsent(key.subList(0, 2), k -> new ArrayList<>());
          Set<Integer> ages = AGES.getOrDefault(key.get(5), Set.of());
          for (int i = 0; i < points.size(); i++) {
            if (ages.contains(points.get(i).age()) || i == points.size() - 1) {
              rows.add(row(points.get(i)));
            }
          }
        });
    List<Table> shown = new ArrayList<>();
    tables.forEach(
        (key, rows) ->
            shown.add(
                new Table(
                    "Other ways to count who came back: %s, stage %s"
                        .formatted(key.get(0), key.get(1)),
                    COLUMNS,
                    rows)));
    return shown;
  }

  private static List<String> row(RetentionPoint p) {
    return List.of(
        p.cohort().equals(RetentionPoint.UPGRADED) ? "upgraded" : "all",
        name(p.definition(), p.period()),
        p.variant(),
        p.period(),
        Integer.toString(p.age()),
        Figures.share(p.rate()),
        p.rate() == null
            ? p.reason()
            : Figures.interval(Figures.share(p.rateLower()), Figures.share(p.rateUpper())),
        Figures.points(p.effectSize()),
        p.effectSizeLower() == null
            ? Figures.NONE
            : Figures.interval(
                Figures.points(p.effectSizeLower()), Figures.points(p.effectSizeUpper())),
        Figures.count(p.eligible()),
        p.maturity().label());
  }
}
