package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.MetricKind;
import io.tidegate.model.RevenuePoint;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of {@code revenue_curves}. */
final class RevenueRows {

  /** Every day up to here, then every seventh. */
  static final int DENSE_DAYS = 90;

  private final View view;
  private final List<RevenuePoint> rows = new ArrayList<>();

  RevenueRows(View view) {
    this.view = view;
  }

  List<RevenuePoint> rows() {
    List<Group> groups = new ArrayList<>(view.cohorts());
    if (!view.plan().ramped() && groups.size() > 1) {
      groups.add(view.together());
    }
    List<Series> series = view.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.CAPPED) {
        for (Segment segment : view.segments()) {
          for (Group group : groups) {
            add(segment, group, i);
          }
        }
      }
    }
    return rows;
  }

  private void add(Segment segment, Group group, int capped) {
    int[] ages = Ages.of(1, view.plan().maxDays(), DENSE_DAYS);
    for (int variant = 0; variant < view.plan().variantCount(); variant++) {
      if (view.units(group, segment, variant) > 0) {
        for (int age : ages) {
          rows.add(row(segment, group, capped, variant, ages, age));
        }
      }
    }
  }

  private RevenuePoint row(
      Segment segment, Group group, int capped, int variant, int[] ages, int age) {
    Function<SliceSums, UnitSums> pickCapped = s -> s.series(capped).at(age);
    Function<SliceSums, UnitSums> pickUncapped = s -> s.series(capped + 1).at(age);
    UnitSums sums = view.total(group, segment, variant, pickCapped);
    UnitSums uncapped = view.total(group, segment, variant, pickUncapped);
    long mature = sums.units();
    long units = view.units(group, segment, variant);
    Stated<Contrast> contrast = contrast(segment, group, variant, pickCapped);
    Stated<Contrast> uncappedContrast = contrast(segment, group, variant, pickUncapped);
    Bounds mean = mature == 0 ? null : meanBounds(sums.moments());
    Bounds effect = View.orNull(contrast.flatMap(Contrast::effectBounds));
    Bounds together =
        View.orNull(
            contrast.flatMap(
                c ->
                    c.effectBounds(view.levels().ofSeries(segment, group, variant, capped, ages))));
    Bounds uncappedEffect = View.orNull(uncappedContrast.flatMap(Contrast::effectBounds));
    Series series = view.plan().series().get(capped);
    String currency = ((MetricKind.Sum) series.metric().kind()).currency();
    return new RevenuePoint(
        view.plan().rolloutId(),
        view.plan().attempt().number(),
        group.epoch(),
        group.stage(),
        view.plan().variantName(variant),
        view.plan().dimensionName(segment.dimension()),
        view.plan().segmentName(segment.dimension(), segment.segment()),
        series.metric().name(),
        currency == null ? "" : currency,
        age,
        View.maturity(units, mature),
        group.censoring(),
        group.censoredAtMs(),
        units,
        mature,
        mature == 0 ? null : sums.moments().sum(),
        mature == 0 ? null : sums.moments().mean(),
        mean == null ? null : mean.lower(),
        mean == null ? null : mean.upper(),
        mature == 0 ? null : uncapped.moments().sum(),
        mature == 0 ? null : uncapped.moments().mean(),
        mature == 0 ? null : refunds(uncapped),
        View.orNull(contrast.map(Contrast::effect)),
        effect == null ? null : effect.lower(),
        effect == null ? null : effect.upper(),
        together == null ? null : together.lower(),
        together == null ? null : together.upper(),
        View.orNull(uncappedContrast.map(Contrast::effect)),
        uncappedEffect == null ? null : uncappedEffect.lower(),
        uncappedEffect == null ? null : uncappedEffect.upper(),
        reason(group, variant, mature, contrast));
  }

  private static double refunds(UnitSums uncapped) {
    double size = uncapped.ratio().denominatorSum();
    return size == 0 ? 0 : -size;
  }

  private static String reason(Group group, int variant, long mature, Stated<Contrast> contrast) {
    if (mature == 0) {
      return "no unit of the cohort has passed this age before " + group.censoring().label();
    }
    return variant == 0 ? "" : View.reason(contrast);
  }

  private Stated<Contrast> contrast(
      Segment segment, Group group, int variant, Function<SliceSums, UnitSums> pick) {
    return variant == 0
        ? Stated.cannotSay(Stated.Reason.NO_DATA, "control is not compared with itself")
        : Contrasts.of(view.pairs(group, segment, variant, false, pick), null);
  }

  private static @Nullable Bounds meanBounds(Moments moments) {
    Stated<Double> variance = moments.meanVariance();
    if (!variance.said() || variance.orThrow() <= 0) {
      return null;
    }
    double half = Contrast.critical(moments.n() - 1.0) * Math.sqrt(variance.orThrow());
    return new Bounds(moments.mean() - half, moments.mean() + half);
  }
}
