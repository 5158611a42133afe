package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrasts.Cross;
import io.tidegate.analysis.impact.EffectRows.Place;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.CovariateMoments;
import io.tidegate.stats.sums.RatioMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Effects to date adjusted by what units did before the rollout (CUPED, statistics.md §1.6): one θ
 * over all variants and strata, from sums centred within each; a unit without a covariate is given
 * the mean of those that have one. Only from 200 units with a covariate in each variant.
 */
final class AdjustedRows {

  static final String CUPED = "cuped";

  private static final long LEAST_UNITS = 200;
  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View view;
  private final EffectRows effects;

  AdjustedRows(View view, EffectRows effects) {
    this.view = view;
    this.effects = effects;
  }

  List<ImpactEstimate> rows() {
    List<ImpactEstimate> rows = new ArrayList<>();
    List<Group> groups = new ArrayList<>(view.cohorts());
    if (!groups.isEmpty()) {
      groups.add(view.together());
    }
    for (Group group : groups) {
      List<Series> series = view.plan().series();
      for (int i = 0; i < series.size(); i++) {
        if (series.get(i).use() == Use.METRIC) {
          add(rows, group, i);
        }
      }
    }
    return rows;
  }

  private void add(List<ImpactEstimate> rows, Group group, int series) {
    for (int variant = 1; variant < view.plan().variantCount(); variant++) {
      if (withCovariate(group, 0, series) >= LEAST_UNITS
          && withCovariate(group, variant, series) >= LEAST_UNITS) {
        rows.add(row(group, variant, series));
      }
    }
  }

  private long withCovariate(Group group, int variant, int series) {
    return moments(group, variant, series).mapToLong(m -> m.present().n()).sum();
  }

  private java.util.stream.Stream<CovariateMoments> moments(Group group, int variant, int series) {
    return view.strata(group, WHOLE, variant).values().stream()
        .map(sums -> sums.before(series).moments());
  }

  private ImpactEstimate row(Group group, int variant, int series) {
    Adjustment adjustment = adjustment(group, variant, series);
    Cross cross =
        group.cohort() == View.ALL && view.plan().ramped()
            ? (one, other) ->
                view.cross(one, other, sums -> adjustment.cross(sums, series, one, other))
            : null;
    Stated<Contrast> contrast =
        Contrasts.of(
                view.pairs(
                    group,
                    WHOLE,
                    variant,
                    (slice, sums) -> adjustment.arm(slice, sums.before(series).moments())),
                cross)
            .map(c -> c.by(CUPED));
    return effects.row(
        new Place(
            WHOLE,
            group,
            variant,
            series,
            Aspect.ADJUSTED,
            ImpactEstimate.TO_DATE_AGE,
            View.maturityToDate(group)),
        contrast,
        moments(group, 0, series).mapToLong(m -> m.all().n()).sum(),
        moments(group, variant, series).mapToLong(m -> m.all().n()).sum());
  }

  /**
   * What is taken from a unit's number: θ times its covariate less the mean of all that have one.
   */
  private record Adjustment(double theta, double centre) {

    @Nullable Arm arm(Slice slice, CovariateMoments moments) {
      RatioMoments pairs = moments.filled(centre);
      long n = pairs.n();
      if (n < 2) {
        return null;
      }
      double squares = pairs.m2Y() - 2 * theta * pairs.cYd() + theta * theta * pairs.m2D();
      double mean = pairs.meanY() - theta * pairs.meanD();
      double variance = Math.max(0, squares) / (n - 1) / n;
      return new Arm(slice, n, mean, variance, theta, mean - theta * centre, 1);
    }

    /** As {@link Arm#cross}: units with a covariate, then those that are given the mean. */
    double cross(PairSums sums, int series, Arm one, Arm other) {
      CrossSums before = sums.before(series);
      double shift = theta * centre;
      Arm first = one.unadjusted(shift);
      Arm second = other.unadjusted(shift);
      return one.cross(before, other)
          + first.cross(sums.numbers(series), second)
          - first.cross(before, second);
    }
  }

  private Adjustment adjustment(Group group, int variant, int series) {
    Map<Slice, SliceSums> both = view.strata(group, WHOLE, 0);
    both.putAll(view.strata(group, WHOLE, variant));
    List<CovariateMoments> strata =
        both.values().stream().map(sums -> sums.before(series).moments()).toList();
    double present = strata.stream().mapToLong(m -> m.present().n()).sum();
    double centre = strata.stream().mapToDouble(CovariateMoments::covariateSum).sum() / present;
    double sxx = 0;
    double sxy = 0;
    for (CovariateMoments stratum : strata) {
      RatioMoments pairs = stratum.filled(centre);
      sxx += pairs.m2D();
      sxy += pairs.cYd();
    }
    return new Adjustment(sxx > 0 ? sxy / sxx : 0, centre);
  }
}
