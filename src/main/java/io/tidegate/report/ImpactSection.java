package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RunStamp;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rollout to date: every metric over all stages. */
final class ImpactSection {

  /** The same effect has a wider range at the gate. */
  private static final String WHICH_RANGE =
      "To say whether and how much it changed, quote the range of “What did the change do”, which"
          + " holds at every look: what is seen decides when a rollout ends. This one is for a look"
          + " whose time was fixed before, and to go with the figures by age.";

  private ImpactSection() {}

  static Section of(ReportData data, Findings findings) {
    List<List<String>> rows = new ArrayList<>();
    List<List<String>> adjusted = new ArrayList<>();
    for (ImpactEstimate i : data.impacts()) {
      if (i.aspect() == ImpactEstimate.Aspect.ADJUSTED
          && i.epoch() == ImpactEstimate.TO_DATE_EPOCH) {
        findings.metric(i.metric()).ifPresent(m -> adjusted.add(adjusted(m, i, data)));
      }
      Optional<Metric> metric = findings.metric(i.metric());
      if (i.epoch() == ImpactEstimate.TO_DATE_EPOCH
          && i.isToDate()
          && i.dimension().equals(SegmentDimension.ALL)
          && metric.isPresent()) {
        rows.add(row(metric.get(), findings.named(i.treatmentVariant()), i));
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
        tables(rows, adjusted),
        rows.isEmpty() ? List.of() : notes(data),
        "");
  }

  private static List<String> notes(ReportData data) {
    List<String> notes = new ArrayList<>();
    RunStamp stamp = data.runStamp();
    if (stamp != null) {
      notes.add(
          "As of "
              + Figures.time(stamp.dataEndMs())
              + ", of units followed until their control was given the change or it was taken back.");
    }
    notes.add(WHICH_RANGE);
    notes.addAll(CurveSections.caps(data));
    return notes;
  }

  private static List<Table> tables(List<List<String>> rows, List<List<String>> adjusted) {
    List<Table> tables = new ArrayList<>();
    if (!rows.isEmpty()) {
      tables.add(
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
              rows));
    }
    if (!adjusted.isEmpty()) {
      tables.add(
          new Table(
              "The same, less what units did before (CUPED)",
              List.of(
                  Column.text("metric"),
                  Column.text("treatment"),
                  Column.number("difference"),
                  Column.number("95 % range"),
                  Column.number("variance saved")),
              adjusted));
    }
    return tables;
  }

  /** The variance saved is that of the difference, against the row without the adjustment. */
  private static List<String> adjusted(Metric metric, ImpactEstimate row, ReportData data) {
    Double saved =
        data.impacts().stream()
            .filter(i -> i.isToDate() && i.epoch() == row.epoch())
            .filter(i -> i.metric().equals(row.metric()))
            .filter(i -> i.treatmentVariant().equals(row.treatmentVariant()))
            .filter(i -> i.dimension().equals(row.dimension()))
            .findFirst()
            .map(plain -> 1 - Math.pow(width(row) / width(plain), 2))
            .filter(Double::isFinite)
            .orElse(null);
    return List.of(
        metric.name(),
        row.treatmentVariant(),
        Figures.difference(metric, row.effectSize()),
        Figures.range(metric, row),
        Figures.share(saved));
  }

  private static double width(ImpactEstimate row) {
    return row.effectSizeLower() == null || row.effectSizeUpper() == null
        ? Double.NaN
        : row.effectSizeUpper() - row.effectSizeLower();
  }

  private static List<String> row(Metric metric, String treatment, ImpactEstimate i) {
    Contrast contrast = Contrast.of(metric, treatment, i);
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
