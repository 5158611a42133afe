package io.tidegate.analysis.impact;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.StageComparison;
import java.util.ArrayList;
import java.util.List;

/** The rows of an attempt, in a fixed order. */
public record ImpactTables(
    List<RetentionPoint> retention,
    List<RevenuePoint> revenue,
    List<ImpactEstimate> effects,
    List<StageComparison> comparisons) {

  public ImpactTables {
    retention = List.copyOf(retention);
    revenue = List.copyOf(revenue);
    effects = List.copyOf(effects);
    comparisons = List.copyOf(comparisons);
  }

  /** The rows that a book says; segments too small to be shown are left out. */
  public static ImpactTables of(SliceBook book) {
    View view = new View(book);
    EffectRows effects = new EffectRows(view);
    List<ImpactEstimate> all = new ArrayList<>(effects.rows());
    all.addAll(new AdjustedRows(view, effects).rows());
    all.addAll(new DurabilityRows(view, effects).rows());
    all.addAll(new CalendarRows(view, effects).rows());
    all.addAll(new AfterRows(view, effects).rows());
    all.addAll(new HoldoutRows(view, effects).rows());
    all.addAll(new ProjectionRows(view, effects).rows());
    Refusals refusals = new Refusals(book);
    return new ImpactTables(
        new RetentionRows(view).rows(),
        refusals.revenue(new RevenueRows(view).rows()),
        refusals.effects(all),
        refusals.comparisons(new ComparisonRows(view, View.undisclosed(book)).rows()));
  }
}
