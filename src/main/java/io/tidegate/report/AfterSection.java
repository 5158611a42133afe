package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is left of the effect once the rollout has ended. */
final class AfterSection {

  private static final String DURING = "last third of the days while it ran";
  private static final String AFTER = "after it ended";

  private AfterSection() {}

  /** Empty where the impact job has written nothing of the time after an end. */
  static Optional<Section> of(ReportData data, Findings findings) {
    List<ImpactEstimate> after = rows(data);
    if (after.isEmpty()) {
      return Optional.empty();
    }
    List<String> sentences = new ArrayList<>();
    for (ImpactEstimate row : after) {
      findings
          .metric(row.metric())
          .ifPresent(m -> sentences.add(sentence(m, row, during(data, row))));
    }
    boolean compared = after.stream().anyMatch(row -> row.effectSize() != null);
    return Optional.of(
        new Section(
            "after",
            "What is left of it after the end?",
            compared ? String.join(" ", sentences) : "Cannot say: " + after.get(0).reason() + ".",
            compared ? List.of(chart(data, findings, after)) : List.of(),
            List.of(),
            compared
                ? List.of(
                    "Units that had been given the change against those that had not, a unit and"
                        + " day, from the rollback on, when nobody has it; the ranges are 95 %"
                        + " ranges at one look. That no effect is seen does not prove that none"
                        + " is left.")
                : List.of(),
            ""));
  }

  /** All stages together, or each where there are no such rows. */
  private static List<ImpactEstimate> rows(ReportData data) {
    List<ImpactEstimate> all =
        data.impacts().stream().filter(row -> row.aspect() == Aspect.AFTER).toList();
    List<ImpactEstimate> together =
        all.stream().filter(row -> row.epoch() == ImpactEstimate.TO_DATE_EPOCH).toList();
    return together.isEmpty() ? all : together;
  }

  private static @Nullable ImpactEstimate during(ReportData data, ImpactEstimate after) {
    return data.impacts().stream()
        .filter(row -> row.aspect() == Aspect.LATE)
        .filter(row -> row.metric().equals(after.metric()) && row.epoch() == after.epoch())
        .filter(row -> row.treatmentVariant().equals(after.treatmentVariant()))
        .findFirst()
        .orElse(null);
  }

  private static String sentence(
      Metric metric, ImpactEstimate after, @Nullable ImpactEstimate during) {
    if (after.effectSizeLower() == null) {
      return metric.name() + ": cannot say, " + after.reason() + ".";
    }
    boolean seen = isSeen(after);
    String reading;
    if (during == null || !isSeen(during)) {
      reading = seen ? "a difference is seen" : "no difference is seen";
    } else if (!seen) {
      reading = "the difference is no longer seen";
    } else {
      reading = isSameWay(during, after) ? "the difference persists" : "the difference has turned";
    }
    return "In the "
        + after.ageDays()
        + (after.ageDays() == 1 ? " day" : " days")
        + " after the end "
        + reading
        + " in "
        + metric.name()
        + " of "
        + after.treatmentVariant()
        + ": "
        + Figures.difference(metric, after.effectSize())
        + " a unit and day, "
        + Figures.range(metric, after)
        + ".";
  }

  private static boolean isSeen(ImpactEstimate row) {
    Double lower = row.effectSizeLower();
    Double upper = row.effectSizeUpper();
    return lower != null && upper != null && (lower > 0 || upper < 0);
  }

  private static boolean isSameWay(ImpactEstimate one, ImpactEstimate other) {
    Double first = one.effectSize();
    Double second = other.effectSize();
    return first != null && second != null && first > 0 == second > 0;
  }

  private static Chart chart(ReportData data, Findings findings, List<ImpactEstimate> after) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    Set<String> labels = new LinkedHashSet<>();
    for (ImpactEstimate row : after) {
      findings
          .metric(row.metric())
          .ifPresent(
              metric -> {
                ImpactEstimate during = during(data, row);
                if (during != null) {
                  add(rows, table, labels, metric, during, DURING);
                }
                add(rows, table, labels, metric, row, AFTER);
              });
    }
    String title = "Relative effect a unit and day, while it ran and after it ended";
    return new Chart(
        "chart-after",
        title,
        title + ".",
        ChartSpec.load("stages")
            .rows("rows", rows)
            .rows("zero", List.of(Rows.of("x", 0)))
            .set("unit", "relative effect a unit and day")
            .set("labels", List.copyOf(labels))
            .set("kinds", List.of(DURING, AFTER))
            .set("height", StageSection.ROW_HEIGHT * labels.size())
            .set("what", "metric")
            .set("when", "time")
            .describe(title)
            .json(),
        true,
        new Table(
            title,
            List.of(
                Column.text("metric, stage, treatment"),
                Column.text("time"),
                Column.number("days"),
                Column.number("control, a day"),
                Column.number("treatment, a day"),
                Column.number("difference"),
                Column.number("95 % range"),
                Column.number("relative"),
                Column.number("units in control"),
                Column.number("units in treatment")),
            table));
  }

  private static void add(
      List<Map<String, @Nullable Object>> rows,
      List<List<String>> table,
      Set<String> labels,
      Metric metric,
      ImpactEstimate row,
      String when) {
    String what = metric.name() + ", " + row.stage() + ", " + row.treatmentVariant();
    String relative = Figures.signedShare(row.relEffectSize());
    if (row.relEffectSizeLower() != null) {
      String label = what + ": " + when;
      labels.add(label);
      rows.add(
          Rows.of(
              "label", label,
              "kind", when,
              "change", row.relEffectSize(),
              "lower", row.relEffectSizeLower(),
              "upper", row.relEffectSizeUpper(),
              "text", relative,
              "range",
                  Figures.interval(
                      Figures.signedShare(row.relEffectSizeLower()),
                      Figures.signedShare(row.relEffectSizeUpper()))));
    }
    table.add(
        List.of(
            what,
            when,
            Integer.toString(row.ageDays()),
            Figures.level(metric, row.control()),
            Figures.level(metric, row.treatment()),
            Figures.difference(metric, row.effectSize()),
            Figures.range(metric, row),
            relative,
            Figures.count(row.unitsControl()),
            Figures.count(row.unitsTreatment())));
  }
}
