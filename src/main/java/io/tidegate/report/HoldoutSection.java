package io.tidegate.report;

import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec.Holdout;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.Contrast.Direction;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Units that were given the change at the launch against those held out. */
final class HoldoutSection {

  private HoldoutSection() {}

  /** Empty where the rollout keeps nobody from the change. */
  static Optional<Section> of(ReportData data, Findings findings) {
    Holdout holdout = data.spec().holdout();
    if (holdout == null || holdout.percent() <= 0) {
      return Optional.empty();
    }
    List<ImpactEstimate> rows =
        data.impacts().stream()
            .filter(row -> row.aspect() == Aspect.HOLDOUT)
            .filter(row -> row.dimension().equals(SegmentDimension.ALL))
            .toList();
    List<List<String>> table = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    List<String> unsaid = new ArrayList<>();
    for (ImpactEstimate row : rows) {
      findings
          .metric(row.metric())
          .ifPresent(
              metric -> {
                Contrast contrast =
                    Contrast.of(metric, findings.named(row.treatmentVariant()), row);
                table.add(row(metric, contrast, row, before(data, row)));
                if (contrast.direction() == Direction.BETTER
                    || contrast.direction() == Direction.WORSE) {
                  seen.add(contrast.clause());
                } else if (contrast.direction() == Direction.UNSAID) {
                  unsaid.add(row.reason());
                }
              });
    }
    return Optional.of(
        new Section(
            "holdout",
            "Shipped against held out",
            rows.isEmpty()
                ? nothing(data, holdout)
                : lead(data, rows.get(0), reading(seen, unsaid, table.size())),
            List.of(),
            table.isEmpty()
                ? List.of()
                : List.of(new Table("Since the launch, to date", COLUMNS, table)),
            table.isEmpty()
                ? List.of()
                : List.of(
                    "Compared are units "
                        + whom(data)
                        + " the launch: of the others, control was given the change, and who is"
                        + " held out shows only in those that came back. Totals to date grow with the time since the launch;"
                        + " the relative difference can be set beside that of the stage before."
                        + " The smaller of the two groups is taken to vary at least as the larger"
                        + " one. The ranges are 95 % ranges at one look."),
            ""));
  }

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("metric"),
          Column.text("treatment"),
          Column.number("held out"),
          Column.number("shipped"),
          Column.number("difference"),
          Column.number("95 % range"),
          Column.number("relative"),
          Column.number("range of relative"),
          Column.number("relative, stage before"),
          Column.number("range, stage before"),
          Column.number("units held out"),
          Column.number("units shipped"),
          Column.text("state"),
          Column.text("reading"));

  private static List<String> row(
      Metric metric, Contrast contrast, ImpactEstimate row, @Nullable ImpactEstimate before) {
    return List.of(
        metric.name(),
        row.treatmentVariant(),
        Figures.level(metric, row.control()),
        Figures.level(metric, row.treatment()),
        Figures.difference(metric, row.effectSize()),
        Figures.range(metric, row),
        Figures.signedShare(row.relEffectSize()),
        relativeRange(row),
        before == null ? Figures.NONE : Figures.signedShare(before.relEffectSize()),
        before == null ? Figures.NONE : relativeRange(before),
        Figures.count(row.unitsControl()),
        Figures.count(row.unitsTreatment()),
        row.maturity().name().toLowerCase(Locale.ROOT),
        contrast.reading());
  }

  private static String relativeRange(ImpactEstimate row) {
    return row.relEffectSizeLower() == null
        ? Figures.NONE
        : Figures.interval(
            Figures.signedShare(row.relEffectSizeLower()),
            Figures.signedShare(row.relEffectSizeUpper()));
  }

  /** The same to date of the units of the last stage before the launch. */
  private static @Nullable ImpactEstimate before(ReportData data, ImpactEstimate row) {
    return data.impacts().stream()
        .filter(other -> other.isToDate() && other.epoch() >= 0 && other.epoch() < row.epoch())
        .filter(other -> !isLaunch(data, other))
        .filter(other -> other.metric().equals(row.metric()))
        .filter(other -> other.treatmentVariant().equals(row.treatmentVariant()))
        .filter(other -> other.dimension().equals(row.dimension()))
        .max(Comparator.comparingInt(ImpactEstimate::epoch))
        .orElse(null);
  }

  private static boolean isLaunch(ReportData data, ImpactEstimate row) {
    return data.impacts().stream()
        .anyMatch(other -> other.aspect() == Aspect.HOLDOUT && other.epoch() == row.epoch());
  }

  /** What the comparison shows, in words. */
  private static String reading(List<String> seen, List<String> unsaid, int metrics) {
    if (unsaid.size() == metrics && metrics > 0) {
      return "nothing can be said: " + unsaid.get(0);
    }
    String some = seen.isEmpty() ? "no clear difference in any metric" : String.join("; ", seen);
    return unsaid.isEmpty() ? some : some + "; of " + unsaid.size() + " nothing can be said";
  }

  /** Units of a matched ramp are compared in the stage in which they were first seen. */
  private static String whom(ReportData data) {
    return data.spec().assignment() == Assignment.MATCHED
        ? "first seen since"
        : "not given the change before";
  }

  private static String lead(ReportData data, ImpactEstimate row, String reading) {
    Holdout holdout = Objects.requireNonNull(data.spec().holdout());
    return share(holdout)
        + " of the units are held out. "
        + row.ageDays()
        + (row.ageDays() == 1 ? " day" : " days")
        + " after the launch, of the units "
        + whom(data)
        + ": "
        + reading
        + ". "
        + state(row, holdout);
  }

  private static String state(ImpactEstimate row, Holdout holdout) {
    if (row.maturity() == Maturity.PROVISIONAL) {
      return "Provisional: the holdout goes on" + until(holdout) + ".";
    }
    return row.censoring() == Censoring.ROLLED_BACK
        ? "Final: the rollout was rolled back on " + Figures.time(row.censoredAtMs()) + "."
        : "Final: the holdout ended on " + Figures.time(row.censoredAtMs()) + ".";
  }

  private static String nothing(ReportData data, Holdout holdout) {
    return share(holdout)
        + " of the units are held out once everyone else has the change"
        + until(holdout)
        + ". "
        + (data.impacts().isEmpty()
            ? "The impact job has written nothing of this attempt yet."
            : "There is nothing to compare yet: no unit was " + whom(data) + " the launch.");
  }

  private static String share(Holdout holdout) {
    return Figures.share(holdout.percent() / 100);
  }

  private static String until(Holdout holdout) {
    return holdout.until() == null ? "" : " until " + Figures.time(holdout.until().toEpochMilli());
  }
}
