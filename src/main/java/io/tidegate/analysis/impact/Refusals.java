package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.metric.Money;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.MetricKind;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.StageComparison;
import io.tidegate.stats.sums.UnitSums;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of money that cannot be said, because a unit had a value in a currency without a rate: what
 * is left of them would be a sum over an unknown part.
 */
final class Refusals {

  private final Map<String, String> reasons = new TreeMap<>();

  Refusals(SliceBook book) {
    List<Series> series = book.plan().series();
    for (int i = 0; i < series.size(); i++) {
      if (series.get(i).use() == Use.CAPPED
          && series.get(i).metric().kind() instanceof MetricKind.Sum sum) {
        UnitSums all = new UnitSums();
        int at = i;
        book.slices()
            .forEach(
                (slice, sums) -> {
                  if (slice.dimension() == Slice.ALL) {
                    all.add(sums.series(at).toDate());
                  }
                });
        long units = Money.refused(sum, all);
        if (units > 0) {
          reasons.put(series.get(i).metric().name(), reason(units, sum));
        }
      }
    }
  }

  private static String reason(long units, MetricKind.Sum sum) {
    return Money.refusal(sum, units)
        + "; rates are declared for: "
        + (sum.rateNanos().isEmpty() ? "none" : String.join(", ", sum.rateNanos().keySet()));
  }

  List<RevenuePoint> revenue(List<RevenuePoint> rows) {
    return rows.stream()
        .map(r -> refuses(r.metric()) ? r.unsaid(reasonOf(r.metric())) : r)
        .toList();
  }

  List<ImpactEstimate> effects(List<ImpactEstimate> rows) {
    return rows.stream()
        .map(r -> refuses(r.metric()) ? r.unsaid(reasonOf(r.metric())) : r)
        .toList();
  }

  List<StageComparison> comparisons(List<StageComparison> rows) {
    return rows.stream()
        .map(r -> refuses(r.metric()) ? r.unsaid(reasonOf(r.metric())) : r)
        .toList();
  }

  private boolean refuses(String metric) {
    return reasons.containsKey(metric);
  }

  private String reasonOf(String metric) {
    return reasons.getOrDefault(metric, "");
  }
}
