package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.EffectRows.Place;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is left of the effect after a rollback, a unit and day: units that had been given the change
 * against those that had not, all of them without it since. Where control had been given the change
 * before the end there is nothing to compare.
 */
final class AfterRows {

  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View view;
  private final EffectRows effects;
  private final @Nullable Aftermath aftermath;

  AfterRows(View view, EffectRows effects) {
    this.view = view;
    this.effects = effects;
    this.aftermath = view.plan().aftermath();
  }

  List<ImpactEstimate> rows() {
    List<ImpactEstimate> rows = new ArrayList<>();
    List<Group> groups = view.groups();
    if (aftermath == null || groups.isEmpty()) {
      return rows;
    }
    if (!aftermath.rolledBack() && isStillCompared(aftermath)) {
      return rows;
    }
    boolean compared = view.plan().cohorts().stream().anyMatch(aftermath::compares);
    for (Group group : compared ? groups : groups.subList(groups.size() - 1, groups.size())) {
      if (!compared
          || group.cohort() == View.ALL
          || aftermath.compares(view.plan().cohorts().get(group.cohort()))) {
        add(rows, group, aftermath, compared);
      }
    }
    return rows;
  }

  /** Whether units held out go on without the change. */
  private boolean isStillCompared(Aftermath after) {
    return view.plan().cohorts().stream().anyMatch(c -> c.censoredAtMs() > after.fromMs());
  }

  private void add(List<ImpactEstimate> rows, Group group, Aftermath after, boolean compared) {
    for (int i = 0; i < view.plan().durables().size(); i++) {
      int durable = i;
      Function<SliceSums, UnitSums> pick = sums -> sums.after(durable);
      for (int variant = 1; variant < view.plan().variantCount(); variant++) {
        Stated<Contrast> contrast =
            compared
                ? Contrasts.of(view.pairs(group, WHOLE, variant, true, pick), null)
                : Stated.cannotSay(Reason.EMPTY_VARIANT, nothing(after));
        rows.add(
            effects.row(
                new Place(
                    WHOLE,
                    group,
                    variant,
                    view.plan().durables().get(i).series(),
                    Aspect.AFTER,
                    after.days(),
                    Maturity.PROVISIONAL),
                contrast,
                view.total(group, WHOLE, 0, pick).units(),
                view.total(group, WHOLE, variant, pick).units()));
      }
    }
  }

  private static String nothing(Aftermath after) {
    return after.rolledBack()
        ? "no control is left: it had been given the change before the rollback"
        : "no control is left: everyone has the change since the rollout was completed";
  }
}
