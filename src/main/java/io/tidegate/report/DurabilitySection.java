package io.tidegate.report;

import io.tidegate.model.Better;
import io.tidegate.model.EffectPattern;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether the effect lasts as units get older, and what is expected beyond the data. */
final class DurabilitySection {

  private DurabilitySection() {}

  /** The three rows of one metric, stage and treatment. */
  private record Thirds(ImpactEstimate early, ImpactEstimate late, ImpactEstimate change) {}

  static Section of(ReportData data, Findings findings) {
    List<List<String>> rows = new ArrayList<>();
    for (Thirds thirds : thirds(data)) {
      findings.metric(thirds.early.metric()).ifPresent(m -> rows.add(row(m, thirds)));
    }
    List<List<String>> ahead = new ArrayList<>();
    for (ImpactEstimate row : data.impacts()) {
      if (row.aspect() == Aspect.PROJECTED) {
        findings.metric(row.metric()).ifPresent(m -> ahead.add(projection(m, row)));
      }
    }
    List<Table> tables = new ArrayList<>();
    if (!rows.isEmpty()) {
      tables.add(new Table("Effect a day, first and last third", COLUMNS, rows));
    }
    if (!ahead.isEmpty()) {
      tables.add(
          new Table("Expected of repeat purchases, after the last comparison", AHEAD, ahead));
    }
    return new Section(
        "durability",
        "Does it last?",
        rows.isEmpty()
            ? missing(
                data, "Half of the units of both variants have not been followed for six days yet.")
            : "The effect a day in the first and in the last third of the days that half of the"
                + " units have lived; the ranges are 95 % ranges at one look.",
        List.of(),
        tables,
        ahead.isEmpty()
            ? List.of()
            : List.of(
                "Repeat purchases: BG/NBD and Gamma-Gamma models of each variant's buyers, counted"
                    + " from when units were last compared: the end of the data, or the entry of a"
                    + " stage that left no control. First purchases still to come are not in it,"
                    + " and it holds as long as units go on as they did."),
        "");
  }

  /**
   * Why there is no row of a metric followed by the day.
   *
   * @param otherwise where impact has run and there is such a metric
   */
  static String missing(ReportData data, String otherwise) {
    if (data.impacts().isEmpty()) {
      return "The impact job has written nothing of this attempt yet.";
    }
    return data.spec().metrics().stream().anyMatch(m -> m.kind().isFollowedByDay())
        ? otherwise
        : "No metric is followed by the day: that takes a sum, a count without a window, or coming"
            + " back.";
  }

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("metric"),
          Column.text("stage"),
          Column.text("treatment"),
          Column.number("days"),
          Column.number("early"),
          Column.number("its range"),
          Column.number("late"),
          Column.number("its range "),
          Column.number("change"),
          Column.number("its range  "),
          Column.text("reading"));

  private static final List<Column> AHEAD =
      List.of(
          Column.text("metric"),
          Column.text("treatment"),
          Column.number("days ahead"),
          Column.number("control, a unit"),
          Column.number("treatment, a unit"),
          Column.number("difference"),
          Column.number("95 % range"));

  private static List<Thirds> thirds(ReportData data) {
    Map<List<String>, Map<Aspect, ImpactEstimate>> found = new LinkedHashMap<>();
    for (ImpactEstimate row : data.impacts()) {
      found
          .computeIfAbsent(
              List.of(row.metric(), row.stage(), row.treatmentVariant(), row.dimension()),
              key -> new LinkedHashMap<>())
          .put(row.aspect(), row);
    }
    return found.values().stream()
        .filter(rows -> rows.containsKey(Aspect.CHANGE))
        .map(
            rows ->
                new Thirds(
                    Objects.requireNonNull(rows.get(Aspect.EARLY)),
                    Objects.requireNonNull(rows.get(Aspect.LATE)),
                    Objects.requireNonNull(rows.get(Aspect.CHANGE))))
        .toList();
  }

  private static List<String> row(Metric metric, Thirds thirds) {
    List<String> cells = new ArrayList<>();
    cells.add(metric.name());
    cells.add(thirds.early.stage());
    cells.add(thirds.early.treatmentVariant());
    cells.add(Integer.toString(thirds.early.ageDays()));
    for (ImpactEstimate part : List.of(thirds.early, thirds.late, thirds.change)) {
      cells.add(Figures.difference(metric, part.effectSize()));
      cells.add(Figures.range(metric, part));
    }
    cells.add(reading(metric, thirds));
    return cells;
  }

  private static String reading(Metric metric, Thirds thirds) {
    Double late = thirds.late.effectSize();
    boolean good = late != null && (late > 0) == (metric.better() == Better.UP);
    return switch (EffectPattern.of(thirds.early, thirds.late, thirds.change)) {
      case UNSEEN -> "no effect seen, early or late";
      case STEADY -> "lasts: seen late, and no change is";
      case EARLY_ONLY -> "seen early; late neither it nor a change can be seen";
      case NOVELTY -> "novelty: it fades as units get used to the change";
      case LEARNING -> "grows as units learn";
      case DELAYED -> good ? "a delayed gain: not seen early" : "a delayed harm: not seen early";
      case PULLED_FORWARD ->
          good
              ? "put off: what was missing early comes later"
              : "pulled forward: what came early is missing later";
      case UNCLEAR -> "it changes, but neither part can be told from none";
    };
  }

  private static List<String> projection(Metric metric, ImpactEstimate row) {
    return List.of(
        metric.name(),
        row.treatmentVariant(),
        Integer.toString(row.ageDays()),
        Figures.level(metric, row.control()),
        Figures.level(metric, row.treatment()),
        Figures.difference(metric, row.effectSize()),
        Figures.range(metric, row));
  }
}
