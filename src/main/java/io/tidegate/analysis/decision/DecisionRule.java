package io.tidegate.analysis.decision;

import io.tidegate.model.Verdict;
import java.util.List;

/**
 * The order of judgement on bounds alone (statistics.md §2.10, {@code decision.rule}). Each metric
 * is signed so that positive is worse; first match wins.
 */
public final class DecisionRule {

  private DecisionRule() {}

  /**
   * A quality check.
   *
   * @param logE natural log of its e-value
   * @param alpha level at which it fires
   */
  public record Quality(String name, double logE, double alpha) {

    /** Whether the evidence has reached 1/alpha. */
    public boolean fires() {
      return logE >= StrictMath.log(1 / alpha);
    }
  }

  /**
   * A guardrail's bounds; infinite where the data do not limit a side.
   *
   * @param harmLower lower bound of the harm
   * @param harmUpper upper bound of the harm
   * @param rollbackMargin harm beyond which to roll back
   * @param nonInferiorityMargin harm that must be ruled out to advance
   */
  public record Guardrail(
      String name,
      double harmLower,
      double harmUpper,
      double rollbackMargin,
      double nonInferiorityMargin) {}

  /**
   * A success metric's bounds, positive = better.
   *
   * @param gainLower lower bound of the gain
   * @param gainUpper upper bound of the gain
   */
  public record Success(String name, double gainLower, double gainUpper) {}

  /**
   * What is known at a look.
   *
   * @param requireSuccess whether some gain must be shown to advance
   * @param minExposureMet start-up rule of every guardrail and the stage's shortest duration
   * @param deadlinePassed whether the stage's longest duration is over
   */
  public record State(
      List<Quality> quality,
      List<Guardrail> guardrails,
      List<Success> success,
      boolean requireSuccess,
      boolean minExposureMet,
      boolean deadlinePassed) {

    public State {
      quality = List.copyOf(quality);
      guardrails = List.copyOf(guardrails);
      success = List.copyOf(success);
    }
  }

  /** The verdict on {@code state}. */
  public static Verdict verdict(State state) {
    if (state.guardrails().stream().anyMatch(g -> g.harmLower() > g.rollbackMargin())) {
      return Verdict.ROLLBACK;
    }
    if (state.quality().stream().anyMatch(Quality::fires)) {
      return Verdict.REVIEW;
    }
    if (state.guardrails().stream().anyMatch(g -> g.harmLower() > 0)
        || state.success().stream().anyMatch(s -> s.gainUpper() < 0)) {
      return Verdict.REVIEW;
    }
    if (enough(state)) {
      return Verdict.ADVANCE;
    }
    return state.deadlinePassed() ? Verdict.REVIEW : Verdict.HOLD;
  }

  private static boolean enough(State state) {
    return state.minExposureMet()
        && state.guardrails().stream().allMatch(g -> g.harmUpper() < g.nonInferiorityMargin())
        && (!state.requireSuccess() || state.success().stream().anyMatch(s -> s.gainLower() > 0));
  }
}
