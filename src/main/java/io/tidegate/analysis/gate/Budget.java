package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.decision.ErrorBudget;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Assignment;
import io.tidegate.model.Metric;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;

/**
 * Levels of a rollout's tests (statistics.md §2.9, design.md §6).
 *
 * @param harmOverall level of one overall harm test
 * @param harmSegment level of one harm test in a segment
 * @param deterioration level of one test of a success metric for deterioration
 * @param nonInferiority level of a non-inferiority test
 * @param success level of a success test
 */
record Budget(
    double harmOverall,
    double harmSegment,
    double deterioration,
    double nonInferiority,
    double success) {

  static Budget of(Attempt attempt, Plan plan) {
    RolloutSpec spec = attempt.definition().spec();
    boolean ramped = spec.assignment() == Assignment.RAMPED;
    int stages = ramped ? (int) spec.stages().stream().filter(spec::hasControl).count() : 1;
    Stage last = spec.stages().get(spec.stages().size() - 1);
    int processes = !ramped && last.percent() >= 100 && spec.hasControl(last) ? 2 : 1;
    int segments = 0;
    for (int d = 0; d < plan.dimensions().size(); d++) {
      segments += plan.segmentCount(d);
    }
    int treatments = spec.flag().treatments().size();
    int guarded = (int) spec.metrics().stream().filter(m -> m.rollbackMargin() != null).count();
    ErrorBudget harm =
        ErrorBudget.even(
            spec.decision().alphaRollback(),
            Math.max(1, guarded),
            segments,
            treatments,
            Math.max(1, stages),
            processes);
    int successes = (int) spec.metrics().stream().filter(Budget::isSuccess).count();
    double share = (double) treatments * Math.max(1, stages) * Math.max(1, successes);
    return new Budget(
        harm.overall().get(0),
        segments == 0 ? harm.overall().get(0) : harm.segment(),
        spec.decision().alphaRollback() / share,
        spec.decision().alpha(),
        spec.decision().alpha() / share);
  }

  private static boolean isSuccess(Metric metric) {
    return metric.role() == Role.SUCCESS;
  }

  double harm(Subject subject) {
    return subject.isOverall() ? harmOverall : harmSegment;
  }
}
