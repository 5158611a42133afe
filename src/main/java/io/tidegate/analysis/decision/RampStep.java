package io.tidegate.analysis.decision;

import io.tidegate.model.Verdict;
import java.util.List;

/**
 * The next share of a ramp whose expected loss, harm × share, stays within a budget (statistics.md
 * §8, {@code ramp.next}; Xu, Duan and Huang 2018). The bound on harm holds at all times, so the
 * budget holds however adaptively the shares are chosen.
 *
 * @param cap largest share the budget allows, at most 1
 * @param recommended largest step of the ladder up to the cap, 0 where none is
 * @param action {@code ADVANCE} if that exceeds the current share, else {@code HOLD}
 */
public record RampStep(double cap, double recommended, Verdict action) {

  /**
   * The step after {@code current}.
   *
   * @param harmUpper upper bound of the relative harm, infinite where none is known
   * @param ladder shares in (0, 1]
   * @param riskBudget relative loss tolerated at full traffic
   */
  public static RampStep next(
      double harmUpper, List<Double> ladder, double current, double riskBudget) {
    if (Double.isNaN(harmUpper) || !(riskBudget >= 0)) {
      throw new IllegalArgumentException(
          "the harm bound must be a number and the budget >= 0, got "
              + harmUpper
              + " and "
              + riskBudget);
    }
    double cap = harmUpper <= 0 ? 1 : StrictMath.min(1, riskBudget / harmUpper);
    double recommended = 0;
    for (double share : ladder) {
      if (share <= cap) {
        recommended = StrictMath.max(recommended, share);
      }
    }
    return new RampStep(cap, recommended, recommended > current ? Verdict.ADVANCE : Verdict.HOLD);
  }
}
