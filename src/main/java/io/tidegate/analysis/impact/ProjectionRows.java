package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.stats.Stated;
import io.tidegate.stats.lifetime.Buyer;
import io.tidegate.stats.lifetime.ValueForecast;
import io.tidegate.stats.lifetime.ValueModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What repeat purchases are expected to bring after the units were last compared, per unit: BG/NBD
 * times Gamma-Gamma, fitted in each variant to a sample of its buyers. Only where no unit is in two
 * stages, and of the stages before everyone; at most twice as far ahead as their oldest unit was
 * seen.
 */
final class ProjectionRows {

  static final String MODEL = "bg_nbd_gamma_gamma";
  static final int[] HORIZONS = {28, 90, 180, 365};

  private static final int LEAST_DAYS = 14;
  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View view;
  private final EffectRows effects;

  ProjectionRows(View view, EffectRows effects) {
    this.view = view;
    this.effects = effects;
  }

  List<ImpactEstimate> rows() {
    List<ImpactEstimate> rows = new ArrayList<>();
    List<Cohort> cohorts = view.plan().cohorts().stream().filter(this::isBeforeEveryone).toList();
    int seen = Cohort.oldest(cohorts);
    if (view.plan().ramped() || seen < LEAST_DAYS) {
      return rows;
    }
    List<Series> series = view.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.UNCAPPED) {
        add(rows, i, View.together(cohorts), 2 * seen);
      }
    }
    return rows;
  }

  private void add(List<ImpactEstimate> rows, int series, Group group, int farthest) {
    List<Buyers> arms = new ArrayList<>();
    for (int variant = 0; variant < view.plan().variantCount(); variant++) {
      arms.add(arm(series, variant));
    }
    for (int horizon : HORIZONS) {
      for (int variant = 1; variant < arms.size() && horizon <= farthest; variant++) {
        rows.add(row(group, series, variant, horizon, arms.get(0), arms.get(variant)));
      }
    }
  }

  /** A variant's buyers with their model. */
  private record Buyers(Stated<ValueModel> model, long number, long units) {
    Stated<ValueForecast> forecast(int horizon) {
      return model.flatMap(m -> m.forecast(number, units, horizon));
    }
  }

  private ImpactEstimate row(
      Group group, int series, int variant, int horizon, Buyers control, Buyers treatment) {
    Stated<Contrast> contrast =
        control
            .forecast(horizon)
            .flatMap(a -> treatment.forecast(horizon).map(b -> contrast(a, b)));
    return effects.row(
        new EffectRows.Place(
            WHOLE, group, variant, series, Aspect.PROJECTED, horizon, Maturity.PROVISIONAL),
        contrast,
        control.units,
        treatment.units);
  }

  private static Contrast contrast(ValueForecast a, ValueForecast b) {
    return new Contrast(
        a.mean(), b.mean(), a.se() * a.se(), b.se() * b.se(), 0, Double.POSITIVE_INFINITY, MODEL);
  }

  private Buyers arm(int series, int variant) {
    PathSample sample = new PathSample(SliceSums.MOST_BUYERS);
    long units = 0;
    for (var stratum : view.strata(view.together(), WHOLE, variant).entrySet()) {
      if (isBeforeEveryone(view.plan().cohorts().get(stratum.getKey().epoch()))) {
        sample.merge(stratum.getValue().buyers(series));
        units += stratum.getValue().units();
      }
    }
    List<Buyer> buyers = sample.paths().stream().map(ProjectionRows::buyer).toList();
    return new Buyers(ValueModel.fit(buyers), sample.units(), units);
  }

  /** In all stages before everyone the variants have the same shares. */
  private boolean isBeforeEveryone(Cohort cohort) {
    return view.plan().attempt().definition().spec().stages().get(cohort.epoch()).percent() < 100;
  }

  /** Days on which the value grew are purchases; a day with a refund or nothing is none. */
  private static Buyer buyer(PathSample.Path path) {
    long before = 0;
    int first = -1;
    int last = 0;
    int repeats = 0;
    double value = 0;
    for (int i = 0; i < path.ages().length; i++) {
      long spent = path.levels()[i] - before;
      before = path.levels()[i];
      if (spent > 0 && first < 0) {
        first = path.ages()[i];
      } else if (spent > 0) {
        repeats++;
        value += spent / 1e6;
        last = path.ages()[i] - first;
      }
    }
    return new Buyer(repeats, last, path.mature() - first, repeats == 0 ? 0 : value / repeats);
  }
}
