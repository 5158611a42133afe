package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.EffectRows.Place;
import io.tidegate.analysis.impact.ImpactPlan.Durable;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The effect a unit and day in each week of the calendar, of all units that had entered by then:
 * what they did over the days for which they were followed, a ratio of means, so that the unit of
 * the variance is the unit.
 */
final class CalendarRows {

  private static final Segment WHOLE = new Segment(Slice.ALL, 0);

  private final View view;
  private final EffectRows effects;

  CalendarRows(View view, EffectRows effects) {
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
    Durable what = view.plan().durables().get(durable);
    LocalWeeks weeks = view.plan().weeks();
    for (int week = 0; week < weeks.count(); week++) {
      int at = week;
      Function<SliceSums, UnitSums> pick = sums -> sums.weekly(durable).at(at);
      long control = view.total(group, WHOLE, 0, pick).units();
      long treatment = view.total(group, WHOLE, variant, pick).units();
      if (control + treatment > 0) {
        boolean over =
            group.censoring() != Censoring.DATA_END || weeks.endMs(week) <= group.censoredAtMs();
        rows.add(
            effects.row(
                new Place(
                    WHOLE,
                    group,
                    variant,
                    what.series(),
                    Aspect.CALENDAR,
                    weeks.epochDay(week),
                    over ? Maturity.MATURE : Maturity.PROVISIONAL),
                Contrasts.of(view.pairs(group, WHOLE, variant, true, pick), null),
                control,
                treatment));
      }
    }
  }
}
