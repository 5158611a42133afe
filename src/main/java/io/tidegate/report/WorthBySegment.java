package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the change cost or brought in each segment that may be shown, in money. */
final class WorthBySegment {

  static final String NOTE =
      "Quote a segment's cost with the range beside it: it holds at every look, and has its share of"
          + " the rollback's budget for false alarms, so that it may be picked from many. Segments"
          + " whose times differ do not add up; query revenue_loss_by_segment has each at the newest"
          + " look.";

  private WorthBySegment() {}

  /** One a metric in money, the largest loss first; none where no segment is known. */
  static List<Table> tables(ReportData data, Findings findings) {
    List<Table> tables = new ArrayList<>();
    for (Metric metric : findings.moneyMetrics()) {
      List<List<String>> rows =
          findings.segments(metric).stream()
              .filter(e -> !e.dimension().equals(SegmentDimension.ALL) && e.effectSize() != null)
              .filter(findings::isOfAllStages)
              .sorted(Comparator.comparingDouble(e -> total(e, e.effectSize())))
              .map(e -> row(findings, metric, e))
              .toList();
      if (!rows.isEmpty()) {
        tables.add(
            new Table(
                metric.name() + " lost (−) or brought (+) by segment",
                List.of(
                    Column.text("segment"),
                    Column.text("as of (UTC)"),
                    Column.number("units with the change"),
                    Column.number("difference a unit"),
                    Column.number("in all"),
                    Column.number("range in all")),
                rows));
      }
    }
    return tables;
  }

  private static double total(Estimate e, @Nullable Double each) {
    return each == null ? 0 : each * e.unitsTreatment();
  }

  private static List<String> row(Findings findings, Metric metric, Estimate e) {
    return List.of(
        SegmentSection.label(findings, e),
        Figures.tableTime(e.boundaryMs()),
        Figures.count(e.unitsTreatment()),
        Figures.difference(metric, e.effectSize()),
        Figures.difference(metric, total(e, e.effectSize())),
        Figures.interval(
            bound(metric, e, e.effectSizeLower()), bound(metric, e, e.effectSizeUpper())));
  }

  private static @Nullable String bound(Metric metric, Estimate e, @Nullable Double each) {
    return each == null ? null : Figures.difference(metric, total(e, each));
  }
}
