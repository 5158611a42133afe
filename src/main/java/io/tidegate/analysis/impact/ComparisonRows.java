package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.ExpectedLevel;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.Resolved;
import io.tidegate.model.StageComparison;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.MixShift;
import io.tidegate.stats.estimate.MixShift.Change;
import io.tidegate.stats.season.SeasonIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of {@code stage_comparisons}. */
final class ComparisonRows {

  static final double ALPHA = Contrast.ALPHA;

  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View shown;
  private final View all;
  private final Resolved resolved;
  private final List<StageComparison> rows = new ArrayList<>();

  /** The levels of a stage and variant, of which {@code other} is what they are held against. */
  record Pair(Series series, int index, Group group, int variant, Group other, int otherVariant) {}

  /**
   * @param shown segments that may be shown
   * @param all every segment
   */
  ComparisonRows(View shown, View all) {
    this.shown = shown;
    this.all = all;
    this.resolved = shown.plan().attempt().definition().resolved();
  }

  List<StageComparison> rows() {
    List<Series> series = shown.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.METRIC) {
        for (int variant = 0; variant < shown.plan().variantCount(); variant++) {
          add(series.get(i), i, variant);
        }
      }
    }
    return rows;
  }

  private void add(Series series, int index, int variant) {
    Group first = null;
    for (Group group : all.cohorts()) {
      if (hours(all, group, WHOLE, variant, index).total().units() < 2) {
        continue;
      }
      Pair own = new Pair(series, index, group, variant, group, variant);
      for (Segment segment : shown.segments()) {
        againstBaseline(own, segment);
      }
      if (variant > 0) {
        againstControl(new Pair(series, index, group, variant, group, 0));
      }
      if (first == null) {
        first = group;
      } else {
        againstFirst(new Pair(series, index, group, variant, first, variant));
      }
    }
  }

  private void againstBaseline(Pair pair, Segment segment) {
    ExpectedLevel expectation = expectation(pair);
    Double level = usual(pair, segment);
    if (expectation.profile() == null || level == null) {
      return;
    }
    StageLevel found = View.orNull(level(shown, pair.group, segment, pair.variant, pair));
    if (found == null || !found.season().said() || !(found.mean() > 0)) {
      return;
    }
    Row row =
        new Row(pair, StageComparison.BASELINE, StageComparison.SEASON, segment)
            .units(0, found.units());
    row.reason =
        resolved
            .seasonal()
            .unlike(shown.plan().attempt().definition().spec(), pair.series.metric().name());
    if (!row.reason.isEmpty()) {
      rows.add(row.build());
      return;
    }
    SeasonIndex season = found.season().orThrow();
    double expected = level * season.expected();
    Change change =
        MixShift.change(found.mean() / expected, found.logVariance() + season.logVariance(), ALPHA);
    rows.add(row.levels(expected, found.mean()).change(change).build());
  }

  /** Value of a usual week, or null where history has none of the segment. */
  private @Nullable Double usual(Pair pair, Segment segment) {
    var profile = expectation(pair).profile();
    if (profile == null) {
      return null;
    }
    return segment.equals(WHOLE)
        ? Double.valueOf(profile.level())
        : profile.segments().get(name(segment));
  }

  private String name(Segment segment) {
    return shown.plan().dimensionName(segment.dimension())
        + "="
        + shown.plan().segmentName(segment.dimension(), segment.segment());
  }

  private void againstFirst(Pair pair) {
    for (Segment segment : shown.segments()) {
      StageLevel now = View.orNull(level(shown, pair.group, segment, pair.variant, pair));
      StageLevel then = View.orNull(level(shown, pair.other, segment, pair.otherVariant, pair));
      if (now != null && then != null) {
        single(pair, segment, then, now, StageComparison.RAW);
        single(pair, segment, then, now, StageComparison.SEASON);
      }
    }
    for (int dimension = 0; dimension < shown.plan().plan().dimensions().size(); dimension++) {
      Mix mix = Mix.of(all, pair, dimension, false);
      rows.add(mixRow(pair, dimension, mix, StageComparison.MIX, mix.shift(false)));
      rows.add(mixRow(pair, dimension, mix, StageComparison.SEASON_MIX, mix.shift(true)));
    }
  }

  private void againstControl(Pair pair) {
    for (int dimension = 0; dimension < shown.plan().plan().dimensions().size(); dimension++) {
      Mix mix = Mix.of(all, pair, dimension, true);
      rows.add(mixRow(pair, dimension, mix, StageComparison.MIX, mix.shift(false)));
    }
  }

  private void single(
      Pair pair, Segment segment, StageLevel then, StageLevel now, String normalisation) {
    Row row =
        new Row(pair, StageComparison.FIRST_STAGE, normalisation, segment)
            .units(then.units(), now.units());
    boolean season = normalisation.equals(StageComparison.SEASON);
    Stated<SeasonIndex> seasonThen = season ? then.season() : Stated.of(new SeasonIndex(1, 0));
    Stated<SeasonIndex> seasonNow = season ? now.season() : Stated.of(new SeasonIndex(1, 0));
    if (!seasonThen.said() || !seasonNow.said()) {
      row.reason = View.reason(seasonThen.said() ? seasonNow : seasonThen);
    } else {
      SeasonIndex a = seasonThen.orThrow();
      SeasonIndex b = seasonNow.orThrow();
      double control = then.mean() / a.expected();
      double treatment = now.mean() / b.expected();
      row.levels(control, treatment);
      if (control > 0 && treatment > 0) {
        row.change(
            MixShift.change(
                treatment / control,
                then.logVariance() + now.logVariance() + a.logVariance() + b.logVariance(),
                ALPHA));
      } else {
        row.reason = "a relative change needs levels above 0";
      }
    }
    rows.add(row.build());
  }

  private StageComparison mixRow(
      Pair pair, int dimension, Mix mix, String normalisation, Stated<MixShift> shift) {
    boolean control = pair.variant != pair.otherVariant;
    Row row =
        new Row(
                pair,
                control ? StageComparison.CONTROL : StageComparison.FIRST_STAGE,
                normalisation,
                WHOLE)
            .units(mix.unitsThen(), mix.unitsNow());
    row.dimension = shown.plan().dimensionName(dimension);
    row.reference = mix.reference();
    if (shift.said()) {
      MixShift found = shift.orThrow();
      row.levels(found.standardBefore(), found.standardAfter()).change(found.standard());
      row.mix = found.mix();
      row.reversal = found.reversal();
    } else {
      row.reason = View.reason(shift);
    }
    return row.build();
  }

  static HourSums hours(View view, Group group, Segment segment, int variant, int series) {
    HourSums hours = new HourSums();
    view.strata(group, segment, variant).values().forEach(s -> hours.merge(s.hours(series)));
    return hours;
  }

  private Stated<StageLevel> level(
      View view, Group group, Segment segment, int variant, Pair pair) {
    if (pair.series.metric().kind() instanceof io.tidegate.model.MetricKind.Quantile
        && !view.plan().hasThreshold(pair.series.metric())) {
      return Stated.cannotSay(Reason.NO_THRESHOLD, "the definition froze no threshold");
    }
    return StageLevel.of(
        hours(view, group, segment, variant, pair.index),
        pair.series.metric().kind().isRatio(),
        expectation(pair));
  }

  private ExpectedLevel expectation(Pair pair) {
    return ExpectedLevel.of(resolved, pair.series.metric().name());
  }

  /** A row being filled in. Mutable. */
  private final class Row {
    private final Pair pair;
    private final String basis;
    private final String normalisation;
    private final Segment segment;
    private String dimension;
    private @Nullable Double control;
    private @Nullable Double treatment;
    private @Nullable Change change;
    private @Nullable Change mix;
    private boolean reversal;
    private String reference = "";
    private long unitsControl;
    private long unitsTreatment;
    private String reason = "";

    Row(Pair pair, String basis, String normalisation, Segment segment) {
      this.pair = pair;
      this.basis = basis;
      this.normalisation = normalisation;
      this.segment = segment;
      this.dimension = shown.plan().dimensionName(segment.dimension());
    }

    Row levels(double newControl, double newTreatment) {
      control = newControl;
      treatment = newTreatment;
      return this;
    }

    Row units(long ofControl, long ofTreatment) {
      unitsControl = ofControl;
      unitsTreatment = ofTreatment;
      return this;
    }

    Row change(Change found) {
      change = found;
      return this;
    }

    StageComparison build() {
      boolean baseline = basis.equals(StageComparison.BASELINE);
      boolean season =
          normalisation.equals(StageComparison.SEASON)
              || normalisation.equals(StageComparison.SEASON_MIX);
      return new StageComparison(
          shown.plan().rolloutId(),
          shown.plan().attempt().number(),
          pair.group.epoch(),
          pair.group.stage(),
          shown.plan().variantName(pair.variant),
          basis,
          baseline ? "" : pair.other.stage(),
          baseline ? "" : shown.plan().variantName(pair.otherVariant),
          pair.series.metric().name(),
          dimension,
          shown.plan().segmentName(segment.dimension(), segment.segment()),
          normalisation,
          (double) pair.series.followMs() / HistoryPlan.HOUR_MS,
          ALPHA,
          control,
          treatment,
          change == null ? null : change.estimate(),
          change == null ? null : change.interval().lower(),
          change == null ? null : change.interval().upper(),
          mix == null ? null : mix.estimate(),
          mix == null ? null : mix.interval().lower(),
          mix == null ? null : mix.interval().upper(),
          reversal,
          reference,
          season ? resolved.baselinesSnapshotId() : 0,
          unitsControl,
          unitsTreatment,
          reason);
    }
  }
}
