package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrasts.Stratum;
import io.tidegate.analysis.impact.EffectRows.Place;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The effect since the launch of units that were given the change against those held out, to date;
 * {@code matched}: of units first seen since, {@code ramped}: of those not treated before. A few
 * hundred of these beside a hundred times as many may lack the rare large values, mean and variance
 * together; the smaller variant is therefore taken to vary at least as the larger one does
 * (statistics.md §2.3), and nothing is said of fewer than 100.
 */
final class HoldoutRows {

  static final String FLOORED = "_floored";

  static final long LEAST_UNITS = 100;

  private final View view;
  private final EffectRows effects;

  HoldoutRows(View view, EffectRows effects) {
    this.view = view;
    this.effects = effects;
  }

  List<ImpactEstimate> rows() {
    List<ImpactEstimate> rows = new ArrayList<>();
    for (Group group : view.cohorts()) {
      if (view.plan().isHeldOut(group.cohort())) {
        for (Segment segment : view.segments()) {
          for (int variant = 1; variant < view.plan().variantCount(); variant++) {
            add(rows, group, segment, variant);
          }
        }
      }
    }
    return rows;
  }

  private void add(List<ImpactEstimate> rows, Group group, Segment segment, int variant) {
    List<Series> series = view.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.METRIC) {
        int at = i;
        Function<SliceSums, UnitSums> pick = sums -> sums.series(at).toDate();
        long heldOut = view.total(group, segment, 0, pick).units();
        long given = view.total(group, segment, variant, pick).units();
        if (heldOut + given > 0) {
          boolean isRatio = series.get(i).metric().kind().isRatio();
          List<Stratum> strata =
              view.pairs(group, segment, variant, isRatio, pick).stream()
                  .map(HoldoutRows::floored)
                  .toList();
          rows.add(
              effects.row(
                  new Place(
                      segment,
                      group,
                      variant,
                      i,
                      Aspect.HOLDOUT,
                      (int) group.days(),
                      View.maturityToDate(group)),
                  heldOut < LEAST_UNITS
                      ? Stated.cannotSay(Reason.TOO_FEW_UNITS, tooFew(heldOut))
                      : effects
                          .said(series.get(i).metric(), strata, null)
                          .map(contrast -> contrast.by(contrast.method() + FLOORED)),
                  heldOut,
                  given));
        }
      }
    }
  }

  private static String tooFew(long heldOut) {
    return heldOut
        + (heldOut == 1 ? " unit" : " units")
        + " held out that took part since the launch; "
        + LEAST_UNITS
        + " are needed";
  }

  private static Stratum floored(Stratum stratum) {
    Arm control = stratum.control();
    Arm treatment = stratum.treatment();
    if (control == null || treatment == null || control.n() == treatment.n()) {
      return stratum;
    }
    return control.n() < treatment.n()
        ? new Stratum(control.varyingAtLeastAs(treatment), treatment)
        : new Stratum(control, treatment.varyingAtLeastAs(control));
  }
}
