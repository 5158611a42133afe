package io.tidegate.cli.rehearse;

import io.tidegate.model.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How a drill went.
 *
 * @param verdict what the gate said, in the end where it missed the drill; null where it was not
 *     run
 * @param minutes from when it went wrong to the verdict; null where it was missed or not run
 * @param units units exposed by then, of all variants
 * @param reason the gate's words
 */
public record DrillResult(
    String name,
    String planted,
    Outcome outcome,
    @Nullable Verdict verdict,
    @Nullable Long minutes,
    long units,
    String code,
    String reason) {

  /** Whether the gate said what it was to say. */
  public enum Outcome {
    SEEN,
    MISSED,
    /** The spec has nothing that could show it. */
    NOT_RUN
  }

  /** The playbook that says what to do now; empty where nothing is to be done. */
  public String playbook() {
    if (verdict == null || outcome == Outcome.NOT_RUN) {
      return "";
    }
    if (outcome == Outcome.MISSED) {
      return "docs/playbooks/guardrails-and-margins.md";
    }
    return switch (verdict) {
      case ROLLBACK -> "docs/playbooks/rolling-back.md";
      case REVIEW -> "docs/playbooks/triage.md";
      default -> "docs/playbooks/reading-a-verdict.md";
    };
  }
}
