package io.tidegate.simulate;

import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a unit does at a visit so that every metric of a spec has something to read: outcomes in the
 * order in which the metrics name them, with the attributes and measures that metrics ask for.
 */
final class Habits {

  /** Median of a value and spread of its logarithm. */
  static final double VALUE = 20;

  static final double MEASURE = 200;
  static final double SPREAD = 0.5;

  /**
   * Visits of a unit after its first, in the mean: one each with this probability, at most five.
   */
  static final double RETURNS = 0.4;

  static final int MOST_RETURNS = 5;

  private static final double OFTEN = 10;
  private static final double SELDOM = 0.3;
  private static final double STEP = 0.8;

  /**
   * How often a visit has an outcome.
   *
   * @param outcome with the attributes that metrics ask for
   * @param perVisit number in the mean; up to 1 a probability
   */
  record Habit(OutcomeFilter outcome, double perVisit) {}

  private final Map<OutcomeFilter, Double> perVisit = new LinkedHashMap<>();
  private final Map<String, Set<String>> measures = new HashMap<>();

  Habits(RolloutSpec spec) {
    OutcomeFilter trigger = spec.trigger();
    if (trigger != null) {
      does(trigger, STEP);
    }
    for (Metric metric : spec.metrics()) {
      MetricKind kind = metric.kind();
      if (kind instanceof MetricKind.Ratio ratio) {
        does(ratio.denominator().outcome(), OFTEN);
        does(ratio.numerator().outcome(), SELDOM);
      } else if (kind instanceof MetricKind.Quantile quantile) {
        does(quantile.outcome(), OFTEN);
        measure(quantile);
      } else if (kind instanceof MetricKind.Funnel || kind instanceof MetricKind.Elapsed) {
        kind.filters().forEach(filter -> does(filter, STEP));
      } else if (kind instanceof MetricKind.Retention
          || kind instanceof MetricKind.Depth
          || kind instanceof MetricKind.Count) {
        kind.filters().forEach(filter -> does(filter, 1));
      } else {
        kind.filters().forEach(filter -> does(filter, SELDOM));
      }
    }
    spec.quality().invariants().forEach(name -> does(OutcomeFilter.of(name), 1));
  }

  private void does(OutcomeFilter outcome, double number) {
    perVisit.merge(outcome, number, Math::max);
  }

  private void measure(MetricKind.Quantile quantile) {
    String measure = quantile.measure();
    if (measure != null) {
      measures.computeIfAbsent(quantile.outcome().outcome(), name -> new TreeSet<>()).add(measure);
    }
  }

  List<Habit> all() {
    return perVisit.entrySet().stream()
        .map(habit -> new Habit(habit.getKey(), habit.getValue()))
        .toList();
  }

  /** Attributes of an outcome that hold a number. */
  Set<String> measures(String outcome) {
    return measures.getOrDefault(outcome, Set.of());
  }

  /** Outcomes of a name at a visit, in the mean. */
  double perVisit(String outcome) {
    return all().stream()
        .filter(habit -> habit.outcome().outcome().equals(outcome))
        .mapToDouble(Habit::perVisit)
        .sum();
  }

  /** Visits of a unit in the mean. */
  static double visits() {
    double visits = 1;
    for (int n = 1; n <= MOST_RETURNS; n++) {
      visits += StrictMath.pow(RETURNS, n);
    }
    return visits;
  }
}
