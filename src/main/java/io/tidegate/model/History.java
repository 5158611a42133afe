package io.tidegate.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What history says before a rollout starts; one pinned snapshot. */
public interface History {

  /** No history at all. */
  History NONE =
      new History() {
        @Override
        public long snapshotId() {
          return 0;
        }

        @Override
        public double unitsPerDay(RolloutSpec spec) {
          return 0;
        }

        @Override
        public Resolved.@Nullable MetricBase base(RolloutSpec spec, Metric metric) {
          return null;
        }

        @Override
        public List<String> largest(String dimension, int count) {
          return List.of();
        }
      };

  /** Snapshot of table {@code baselines} that this was read from; 0 without history. */
  long snapshotId();

  /** New units a day in all traffic that enter as the rollout's do; 0 where unknown. */
  double unitsPerDay(RolloutSpec spec);

  /** A metric's unit-level figures among such units, or null where history does not know it. */
  Resolved.@Nullable MetricBase base(RolloutSpec spec, Metric metric);

  /** Why history, which has met the metric, has no figures of it; empty for no such reason. */
  default String refusal(RolloutSpec spec, Metric metric) {
    return "";
  }

  /** At most {@code count} values of a dimension with the most units, the largest first. */
  List<String> largest(String dimension, int count);

  /**
   * What is expected of every hour of the week.
   *
   * @param segments dimension → values told apart; all others are put together
   */
  default Seasonal seasonal(RolloutSpec spec, Map<String, List<String>> segments) {
    return Seasonal.NONE;
  }
}
