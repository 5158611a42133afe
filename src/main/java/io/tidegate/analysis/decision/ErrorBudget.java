package io.tidegate.analysis.decision;

import java.util.List;

/**
 * How one rollout's false-alarm budget is split over its tests, by weights fixed before the start
 * (statistics.md §2.9; design.md §6, §7): half to the overall guardrails, half to the declared
 * segments, evenly over treatments, over stages where each has its own process ({@code ramped}),
 * and over processes that run side by side ({@code matched} with a holdout: two).
 *
 * @param alpha the whole budget
 * @param overall level of each overall guardrail test, in the order of the weights
 * @param segment level of each guardrail × segment test, 0 where no segments are declared
 */
public record ErrorBudget(double alpha, List<Double> overall, double segment) {

  public ErrorBudget {
    overall = List.copyOf(overall);
  }

  /**
   * The split of {@code alpha}.
   *
   * @param weights weight of each guardrail tested overall, more for the critical ones; not empty
   * @param segments declared segment values over all dimensions
   * @param treatments treatments, each with its own tests
   * @param stages stages with processes of their own; 1 for {@code matched}
   * @param processes processes side by side; 2 with a holdout after {@code matched}, else 1
   */
  public static ErrorBudget of(
      double alpha, List<Double> weights, int segments, int treatments, int stages, int processes) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must lie in (0, 1), got " + alpha);
    }
    if (weights.isEmpty() || weights.stream().anyMatch(w -> !(w > 0 && w < 1e300))) {
      throw new IllegalArgumentException("weights must be positive and not empty, got " + weights);
    }
    if (segments < 0 || treatments < 1 || stages < 1 || processes < 1) {
      throw new IllegalArgumentException(
          "a split needs segments >= 0 and treatments, stages, processes >= 1, got "
              + List.of(segments, treatments, stages, processes));
    }
    double each = alpha / treatments / stages / processes;
    double forOverall = segments == 0 ? each : each / 2;
    double total = weights.stream().mapToDouble(Double::doubleValue).sum();
    List<Double> overall = weights.stream().map(w -> forOverall * w / total).toList();
    double segment = segments == 0 ? 0 : each / 2 / weights.size() / segments;
    return new ErrorBudget(alpha, overall, segment);
  }

  /** Equal weights for a number of guardrails. */
  public static ErrorBudget even(
      double alpha, int guardrails, int segments, int treatments, int stages, int processes) {
    return of(
        alpha,
        java.util.Collections.nCopies(guardrails, 1.0),
        segments,
        treatments,
        stages,
        processes);
  }
}
