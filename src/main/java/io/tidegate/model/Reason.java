package io.tidegate.model;

import java.util.Set;

/**
 * One step of a verdict's reasoning.
 *
 * @param code stable, in capitals, such as {@code HARM_SHOWN}
 * @param sentence for a person, with figures
 * @param observed the figure; empty where none
 * @param threshold what it was held against; empty where none
 */
public record Reason(String code, String sentence, String observed, String threshold) {

  /** Reasons that no approval moves: harm, what is still missing, and what only tells. */
  private static final Set<String> NOT_APPROVABLE =
      Set.of(
          "HARM_SHOWN",
          "HARM_NOT_YET_SHOWN",
          "ROLLBACK_SET",
          "OVERRIDDEN",
          "RESPONSE_OVERDUE",
          "ENOUGH",
          "COMPLETE",
          "PAUSED",
          "MIN_DURATION",
          "MIN_UNITS",
          "NOT_PROVEN",
          "CANNOT_SAY",
          "SUCCESS_NOT_SHOWN",
          "SIGN_OFF_MISSING");

  /** Whether a person can approve it, so that it asks for a REVIEW no longer. */
  public boolean approvable() {
    return !NOT_APPROVABLE.contains(code);
  }
}
