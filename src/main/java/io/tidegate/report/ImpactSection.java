package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rollout to date: every metric over all stages. */
final class ImpactSection {

  private ImpactSection() {}

  static Section of(ReportData data, Findings findings) {
    List<List<String>> rows = new ArrayList<>();
    for (ImpactEstimate i : data.impacts()) {
      Optional<Metric> metric = findings.metric(i.metric());
      if (i.epoch() == ImpactEstimate.TO_DATE_EPOCH
          && i.ageDays() == ImpactEstimate.TO_DATE_AGE
          && i.dimension().equals(SegmentDimension.ALL)
          && metric.isPresent()) {
        rows.add(row(metric.get(), i));
      }
    }
    return new Section(
        "impact",
        "What did it do in all?",
        rows.isEmpty()
            ? "The rollout to date has not been computed yet."
            : "All stages together, each compared with its own control; the range holds at one"
                + " look.",
        List.of(),
        rows.isEmpty()
            ? List.of()
            : List.of(
                new Table(
                    "Rollout to date",
                    List.of(
                        Column.text("metric"),
                        Column.text("role"),
                        Column.text("treatment"),
                        Column.number("control"),
                        Column.number("treatment"),
                        Column.number("difference"),
                        Column.number("relative"),
                        Column.number("range, relative"),
                        Column.number("p-value"),
                        Column.text("reading")),
                    rows)),
        List.of(),
        "");
  }

  private static List<String> row(Metric metric, ImpactEstimate i) {
    Contrast contrast = Contrast.of(metric, i);
    return List.of(
        metric.name(),
        i.role(),
        i.treatmentVariant(),
        Figures.level(metric, i.control()),
        Figures.level(metric, i.treatment()),
        Figures.difference(metric, i.effectSize()),
        Figures.signedShare(i.relEffectSize()),
        i.relEffectSize() == null
            ? i.reason()
            : Figures.interval(
                Figures.signedShare(i.relEffectSizeLower()),
                Figures.signedShare(i.relEffectSizeUpper())),
        Figures.pValue(i.pValue()),
        contrast.reading());
  }
}
