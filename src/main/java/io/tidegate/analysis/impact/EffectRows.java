package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.Contrasts.Cross;
import io.tidegate.analysis.impact.Contrasts.Stratum;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of {@code impact_reports}. */
final class EffectRows {

  /** Every day up to here, then every seventh. */
  static final int DENSE_DAYS = 28;

  private final View view;
  private final List<ImpactEstimate> rows = new ArrayList<>();

  EffectRows(View view) {
    this.view = view;
  }

  List<ImpactEstimate> rows() {
    if (view.plan().cohorts().isEmpty()) {
      return rows;
    }
    List<Group> groups = new ArrayList<>(view.cohorts());
    groups.add(view.together());
    for (Segment segment : view.segments()) {
      for (Group group : groups) {
        for (int variant = 1; variant < view.plan().variantCount(); variant++) {
          add(segment, group, variant);
        }
      }
    }
    return rows;
  }

  private void add(Segment segment, Group group, int variant) {
    if (view.units(group, segment, variant) + view.units(group, segment, 0) == 0) {
      return;
    }
    List<Series> series = view.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.METRIC) {
        rows.add(toDate(segment, group, variant, i));
        // A unit in several ramped stages has no one age since its first exposure.
        if (group.cohort() != View.ALL || !view.plan().ramped()) {
          addAges(segment, group, variant, i);
        }
      }
    }
  }

  private void addAges(Segment segment, Group group, int variant, int i) {
    Series series = view.plan().series().get(i);
    int last = Math.min(series.lastAge(), view.plan().maxDays());
    int[] ages = Ages.of(series.firstAge(), last, DENSE_DAYS);
    for (int age : ages) {
      Function<SliceSums, UnitSums> pick = s -> s.series(i).at(age);
      long mature =
          view.total(group, segment, 0, pick).units()
              + view.total(group, segment, variant, pick).units();
      long units = view.units(group, segment, 0) + view.units(group, segment, variant);
      Place place =
          new Place(segment, group, variant, i, Aspect.OBSERVED, age, View.maturity(units, mature));
      rows.add(
          row(place, pick, null, () -> view.levels().ofSeries(segment, group, variant, i, ages)));
    }
  }

  private ImpactEstimate toDate(Segment segment, Group group, int variant, int i) {
    Cross cross =
        group.cohort() == View.ALL && view.plan().ramped()
            ? (one, other) -> view.cross(one, other, sums -> one.cross(sums.numbers(i), other))
            : null;
    Place place =
        new Place(
            segment,
            group,
            variant,
            i,
            Aspect.OBSERVED,
            ImpactEstimate.TO_DATE_AGE,
            View.maturityToDate(group));
    return row(place, s -> s.series(i).toDate(), cross, null);
  }

  /**
   * What a row is about.
   *
   * @param series index of the metric's own series
   */
  record Place(
      Segment segment,
      Group group,
      int variant,
      int series,
      Aspect aspect,
      int age,
      Maturity maturity) {}

  private ImpactEstimate row(
      Place place,
      Function<SliceSums, UnitSums> pick,
      @Nullable Cross cross,
      @Nullable DoubleSupplier level) {
    Metric metric = view.plan().series().get(place.series).metric();
    return row(
        place,
        said(
            metric,
            view.pairs(place.group, place.segment, place.variant, metric.kind().isRatio(), pick),
            cross),
        view.total(place.group, place.segment, 0, pick).units(),
        view.total(place.group, place.segment, place.variant, pick).units(),
        level);
  }

  /** A row of a contrast, however it was come by. */
  ImpactEstimate row(
      Place place, Stated<Contrast> contrast, long unitsControl, long unitsTreatment) {
    return row(place, contrast, unitsControl, unitsTreatment, null);
  }

  private ImpactEstimate row(
      Place place,
      Stated<Contrast> contrast,
      long unitsControl,
      long unitsTreatment,
      @Nullable DoubleSupplier level) {
    Metric metric = view.plan().series().get(place.series).metric();
    Group group = place.group;
    Segment segment = place.segment;
    Bounds effect = View.orNull(contrast.flatMap(Contrast::effectBounds));
    Bounds together =
        level == null
            ? null
            : View.orNull(contrast.flatMap(c -> c.effectBounds(level.getAsDouble())));
    Bounds relative = View.orNull(contrast.flatMap(Contrast::relativeBounds));
    return new ImpactEstimate(
        view.plan().rolloutId(),
        view.plan().attempt().number(),
        group.epoch(),
        group.stage(),
        view.plan().variantName(0),
        view.plan().variantName(place.variant),
        metric.name(),
        metric.role().name().toLowerCase(Locale.ROOT),
        metric.kind().kindName(),
        view.plan().dimensionName(segment.dimension()),
        view.plan().segmentName(segment.dimension(), segment.segment()),
        place.aspect,
        place.age,
        place.maturity,
        group.censoring(),
        group.censoredAtMs(),
        contrast.said() ? contrast.orThrow().method() : "",
        Contrast.ALPHA,
        View.orNull(contrast.map(Contrast::control)),
        View.orNull(contrast.map(Contrast::treatment)),
        View.orNull(contrast.map(Contrast::effect)),
        effect == null ? null : effect.lower(),
        effect == null ? null : effect.upper(),
        together == null ? null : together.lower(),
        together == null ? null : together.upper(),
        View.orNull(contrast.flatMap(Contrast::relative)),
        relative == null ? null : relative.lower(),
        relative == null ? null : relative.upper(),
        View.orNull(contrast.flatMap(Contrast::pValue)),
        unitsControl,
        unitsTreatment,
        reason(contrast));
  }

  /** A metric's contrast over strata; cannot say of a quantile without a threshold. */
  Stated<Contrast> said(Metric metric, List<Stratum> strata, @Nullable Cross cross) {
    if (metric.kind() instanceof MetricKind.Quantile && !view.plan().hasThreshold(metric)) {
      return Stated.cannotSay(
          Stated.Reason.NO_THRESHOLD, "the rollout's definition froze no threshold");
    }
    return Contrasts.of(strata, cross);
  }

  /** The first thing that cannot be said. */
  private static String reason(Stated<Contrast> contrast) {
    String none = View.reason(contrast);
    if (none.isEmpty()) {
      none = View.reason(contrast.flatMap(Contrast::effectBounds));
    }
    return none.isEmpty() ? View.reason(contrast.flatMap(Contrast::relativeBounds)) : none;
  }
}
