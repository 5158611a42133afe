package io.tidegate.analysis.baseline;

import io.tidegate.analysis.baseline.HistoryPlan.Tracked;
import io.tidegate.model.MetricKind.Quantile;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.LogHistogram;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Quantiles of outcomes' measures, from counts in bins 2 % wide. */
public final class Thresholds {

  private Thresholds() {}

  /** The quantile of a histogram; null of an empty one. */
  static @Nullable Double of(LogHistogram values, double quantile) {
    Stated<Double> found = values.quantile(quantile);
    return found.said() ? found.orThrow() : null;
  }

  /** Adds the threshold over every unit of a quantile metric to a map by metric key. */
  public static void put(
      HistoryPlan plan, String key, HourBook values, Map<String, Double> thresholds) {
    Tracked tracked = plan.tracked(key);
    if (tracked != null && tracked.metric().kind() instanceof Quantile kind) {
      Double threshold = of(values.values(HourBook.WHOLE), kind.quantile());
      if (threshold != null) {
        thresholds.put(key, threshold);
      }
    }
  }
}
