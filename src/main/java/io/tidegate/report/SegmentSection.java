package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest effect in every segment that may be shown. */
final class SegmentSection {

  private static final int SEGMENT_PIXELS = 22;

  /** Units a variant that a segment and the rest must have to be compared. */
  private static final long LEAST_UNITS = 50;

  private SegmentSection() {}

  static Section of(ReportData data, Findings findings, Map<String, Set<String>> hidden) {
    List<Chart> charts = new ArrayList<>();
    List<String> harder = new ArrayList<>();
    List<String> alike = new ArrayList<>();
    Set<String> partial = new TreeSet<>();
    for (Metric metric : data.spec().metrics()) {
      List<Estimate> rows = findings.segments(metric);
      if (rows.stream().anyMatch(e -> !isWhole(e))) {
        charts.add(chart(data, findings, metric, rows));
        worse(data, findings, metric, rows, harder, alike);
        partial.addAll(partial(rows));
      }
    }
    List<String> notes = new ArrayList<>();
    Map<String, Integer> notShown = findings.notShown(hidden);
    if (!notShown.isEmpty()) {
      notes.add(
          "Not shown, because fewer than "
              + Figures.count(data.spec().minSegmentUnits())
              + " units in a variant or needed to hide such a segment: "
              + notShown.entrySet().stream()
                  .map(e -> e.getValue() + " of " + e.getKey())
                  .collect(Collectors.joining(", "))
              + ".");
    }
    if (!partial.isEmpty()) {
      notes.add(
          "The units of "
              + String.join(", ", partial)
              + " do not add up to everyone's: segments that are not shown are missing, and a"
              + " segment's figures are told anew only after "
              + Figures.count(data.spec().minSegmentUnits())
              + " further units, lest the difference reveal a few of them.");
    }
    if (!charts.isEmpty()) {
      notes.add(
          "“Partly pooled” is the effect drawn towards the other segments of its dimension, the more"
              + " the less is known of it (DerSimonian and Laird 1986): compare segments by it, for"
              + " the largest and the smallest raw effects are mostly chance. No verdict uses it.");
      notes.add(
          "Many segments are looked at: some differ by chance. Ranges are not adjusted for how many"
              + " are shown; the rollback decision is.");
    }
    return new Section(
        "segments",
        "Who is affected differently?",
        charts.isEmpty() ? "No segment can be shown." : lead(harder, alike),
        charts,
        List.of(),
        notes,
        "");
  }

  private static String lead(List<String> harder, List<String> alike) {
    if (harder.isEmpty() && alike.isEmpty()) {
      return "No shown segment is clearly worse off.";
    }
    String also =
        alike.isEmpty()
            ? ""
            : "Worse off, but not shown to be hit harder than everyone else: "
                + String.join(", ", alike)
                + ".";
    return harder.isEmpty()
        ? also
        : "Clearly hit harder than everyone else: "
            + String.join("; ", harder)
            + "."
            + (also.isEmpty() ? "" : " ")
            + also;
  }

  /** Sorts segments that are worse off by whether they are so beyond everyone else. */
  private static void worse(
      ReportData data,
      Findings findings,
      Metric metric,
      List<Estimate> rows,
      List<String> harder,
      List<String> alike) {
    Scale scale = Scale.fit(metric, rows, data);
    for (Estimate e : rows) {
      Contrast contrast = findings.contrast(metric, e);
      if (isWhole(e) || contrast.direction() != Contrast.Direction.WORSE) {
        continue;
      }
      Double apart = findings.everyone(metric, e).map(all -> apart(scale, e, all)).orElse(null);
      if (apart != null && metric.better().sign() * apart < -1) {
        harder.add(contrast.clause());
      } else {
        alike.add(contrast.what());
      }
    }
  }

  /**
   * A segment's effect less that on everyone else, in half-widths of the interval of their
   * difference, as the query {@code which_segment_disagrees} has it: the rest's interval is that of
   * all, wider by the root of the units left. Null where it cannot be said.
   *
   * @param all everyone at the segment's boundary
   */
  private static @Nullable Double apart(Scale scale, Estimate segment, Estimate all) {
    long controls = all.unitsControl() - segment.unitsControl();
    long treated = all.unitsTreatment() - segment.unitsTreatment();
    long fewest = Math.min(segment.unitsControl(), segment.unitsTreatment());
    if (Math.min(fewest, Math.min(controls, treated)) < LEAST_UNITS
        || all.control() == null
        || all.treatment() == null
        || segment.control() == null
        || segment.treatment() == null) {
      return null;
    }
    double control =
        (all.unitsControl() * all.control() - segment.unitsControl() * segment.control())
            / controls;
    double treatment =
        (all.unitsTreatment() * all.treatment() - segment.unitsTreatment() * segment.treatment())
            / treated;
    double elsewhere = scale.relative() ? treatment / control - 1 : treatment - control;
    Double own = scale.effect(segment);
    if (own == null || !Double.isFinite(elsewhere)) {
      return null;
    }
    boolean above = own >= elsewhere;
    Double half = half(scale, segment, !above);
    Double halfOfAll = half(scale, all, above);
    if (half == null || halfOfAll == null) {
      return null;
    }
    double wider = Math.sqrt((double) units(all) / (controls + treated));
    double width = Math.hypot(half, halfOfAll * wider);
    return width > 0 ? (own - elsewhere) / width : null;
  }

  /** From an effect to one of its bounds. */
  private static @Nullable Double half(Scale scale, Estimate e, boolean up) {
    Double effect = scale.effect(e);
    Double bound = up ? scale.upper(e) : scale.lower(e);
    return effect == null || bound == null ? null : Math.abs(bound - effect);
  }

  /** Everyone, of a segment's treatment. */
  private static Optional<Estimate> whole(List<Estimate> rows, Estimate segment) {
    return rows.stream()
        .filter(e -> isWhole(e) && e.treatmentVariant().equals(segment.treatmentVariant()))
        .findFirst();
  }

  private static boolean isWhole(Estimate e) {
    return e.dimension().equals(SegmentDimension.ALL);
  }

  /** Dimensions whose shown segments have other units in all than everyone. */
  private static Set<String> partial(List<Estimate> rows) {
    Map<List<String>, Long> shown = new HashMap<>();
    Map<List<String>, Long> all = new HashMap<>();
    for (Estimate e : rows) {
      if (!isWhole(e)) {
        List<String> key = List.of(e.dimension(), e.treatmentVariant());
        shown.merge(key, units(e), Long::sum);
        whole(rows, e).ifPresent(whole -> all.put(key, units(whole)));
      }
    }
    Set<String> partial = new TreeSet<>();
    all.forEach(
        (key, units) -> {
          if (!units.equals(shown.get(key))) {
            partial.add(key.get(0));
          }
        });
    return partial;
  }

  private static long units(Estimate e) {
    return e.unitsControl() + e.unitsTreatment();
  }

  private static Chart chart(
      ReportData data, Findings findings, Metric metric, List<Estimate> estimates) {
    Scale scale = Scale.fit(metric, estimates, data);
    PartlyPooled pooled = PartlyPooled.of(estimates, scale);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (Estimate e : estimates) {
      String label = label(findings, e);
      Contrast contrast = findings.contrast(metric, e);
      labels.add(label);
      String units =
          Figures.count(e.unitsControl()) + " in control, " + Figures.count(e.unitsTreatment());
      if (e.effectSize() != null) {
        rows.add(
            Rows.of(
                "label", label,
                "effect", scale.effect(e),
                "lower", scale.drawn(scale.lower(e), -1),
                "upper", scale.drawn(scale.upper(e), 1),
                "says", contrast.reading(),
                "text", scale.text(scale.effect(e)),
                "range", scale.range(e),
                "pooled", pooled.effect(e),
                "pooled_text", scale.text(pooled.effect(e)),
                "units", units));
      }
      table.add(
          List.of(
              label,
              Figures.level(metric, e.control()),
              Figures.level(metric, e.treatment()),
              scale.text(scale.effect(e)),
              e.effectSize() == null ? e.reason() : scale.range(e),
              scale.text(pooled.effect(e)),
              contrast.reading(),
              Figures.count(e.unitsControl()),
              Figures.count(e.unitsTreatment()),
              Figures.tableTime(e.boundaryMs())));
    }
    Double margin =
        Scale.margin(metric, data, Math.max(0, estimates.get(0).epoch()), scale.relative());
    String summary = "Effect on " + metric.name() + " in " + rows.size() + " segments.";
    return new Chart(
        "chart-segments-" + Pages.slug(metric.name()),
        metric.name(),
        summary,
        ChartSpec.load("forest")
            .rows("rows", rows)
            .rows(
                "limits",
                margin == null
                    ? List.of()
                    : List.of(Rows.of("x", margin, "text", "tolerated: " + scale.text(margin))))
            .rows("zero", List.of(Rows.of("x", 0)))
            .set("labels", labels)
            .set("height", SEGMENT_PIXELS * labels.size())
            .set("unit", scale.unit())
            .set("domain", scale.domain())
            .set("format", scale.format())
            .describe(summary)
            .json(),
        false,
        new Table(
            "Effect on " + metric.name() + " by segment",
            List.of(
                Column.text("segment"),
                Column.number("control"),
                Column.number("treatment"),
                Column.number("effect"),
                Column.number("range"),
                Column.number("partly pooled"),
                Column.text("reading"),
                Column.number("units in control"),
                Column.number("units in treatment"),
                Column.text("as of (UTC)")),
            table));
  }

  /** {@code everyone} or {@code device=mobile}, with the treatment where there are several. */
  static String label(Findings findings, Estimate e) {
    String treatment = findings.named(e.treatmentVariant());
    return (isWhole(e) ? "everyone" : e.dimension() + "=" + e.segment())
        + (treatment.isEmpty() ? "" : " · " + treatment);
  }
}
