package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.EffectRows.Place;
import io.tidegate.analysis.impact.ImpactPlan.Durable;
import io.tidegate.analysis.impact.ThirdSums.Part;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.stats.Stated;
import java.util.ArrayList;
import java.util.List;

/**
 * The effect a day in the first and in the last third of the units' life so far, and the change
 * from one to the other within units: novelty fades, learning grows, what was only pulled forward
 * turns. The span is the longest that half of the units of both variants have lived.
 */
final class DurabilityRows {

  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View view;
  private final EffectRows effects;

  DurabilityRows(View view, EffectRows effects) {
    this.view = view;
    this.effects = effects;
  }

  List<ImpactEstimate> rows() {
    List<ImpactEstimate> rows = new ArrayList<>();
    for (Group group : view.groups()) {
      for (int i = 0; i < view.plan().durables().size(); i++) {
        for (int variant = 1; variant < view.plan().variantCount(); variant++) {
          add(rows, group, i, variant);
        }
      }
    }
    return rows;
  }

  private void add(List<ImpactEstimate> rows, Group group, int durable, int variant) {
    for (int span = ThirdSums.SPANS.length - 1; span >= 0; span--) {
      long control = lived(group, 0, durable, span);
      long treatment = lived(group, variant, durable, span);
      if (2 * control >= view.units(group, WHOLE, 0)
          && 2 * treatment >= view.units(group, WHOLE, variant)
          && control > 1
          && treatment > 1) {
        for (Part part : Part.values()) {
          rows.add(row(group, durable, variant, span, part, control, treatment));
        }
        return;
      }
    }
  }

  private long lived(Group group, int variant, int durable, int span) {
    return view.strata(group, WHOLE, variant).values().stream()
        .mapToLong(sums -> sums.thirds(durable).units(span))
        .sum();
  }

  private ImpactEstimate row(
      Group group, int durable, int variant, int span, Part part, long control, long treatment) {
    Durable what = view.plan().durables().get(durable);
    Stated<Contrast> contrast =
        Contrasts.of(
            view.pairs(
                group,
                WHOLE,
                variant,
                (slice, sums) -> sums.thirds(durable).arm(slice, span, part)),
            null);
    long units = view.units(group, WHOLE, 0) + view.units(group, WHOLE, variant);
    return effects.row(
        new Place(
            WHOLE,
            group,
            variant,
            what.series(),
            part.aspect(),
            ThirdSums.SPANS[span],
            View.maturity(units, control + treatment)),
        contrast,
        control,
        treatment);
  }
}
