package io.tidegate.cli.demo;

import io.tidegate.model.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A stage of the rollout as the verdicts show it.
 *
 * @param enteredMs when it was entered; null while it was not
 * @param boundaryMs newest boundary judged in it; null before the first
 * @param verdict newest verdict; null before the first
 * @param units units that decided, over both variants; 0 while none did
 * @param reason why, in the gate's words
 */
public record StageLine(
    String stage,
    double percent,
    @Nullable Long enteredMs,
    @Nullable Long boundaryMs,
    @Nullable Verdict verdict,
    long units,
    String reason) {

  static StageLine ahead(String stage, double percent) {
    return new StageLine(stage, percent, null, null, null, 0, "");
  }
}
