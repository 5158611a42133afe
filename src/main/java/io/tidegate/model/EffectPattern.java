package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/** How an effect a day changed as units got older; each judgement holds at one look. */
public enum EffectPattern {
  /** No effect was seen, early or late. */
  UNSEEN,
  /** It is seen late, and no change is. */
  STEADY,
  /** It was seen early; late neither it nor a change is. */
  EARLY_ONLY,
  /** It was there early and shrinks. */
  NOVELTY,
  /** It was there early and grows. */
  LEARNING,
  /** It was not seen early, but late. */
  DELAYED,
  /** It was there early and is there late the other way round. */
  PULLED_FORWARD,
  /** It changes, but neither early nor late can it be told from none. */
  UNCLEAR;

  /** The pattern of three rows of one metric over the same days. */
  public static EffectPattern of(ImpactEstimate early, ImpactEstimate late, ImpactEstimate change) {
    int first = sign(early.effectSizeLower(), early.effectSizeUpper());
    int last = sign(late.effectSizeLower(), late.effectSizeUpper());
    int turn = sign(change.effectSizeLower(), change.effectSizeUpper());
    if (turn == 0) {
      return last != 0 ? STEADY : first != 0 ? EARLY_ONLY : UNSEEN;
    } else if (first == 0) {
      return last == 0 ? UNCLEAR : DELAYED;
    } else if (turn == first) {
      return LEARNING;
    }
    return last == turn ? PULLED_FORWARD : NOVELTY;
  }

  /** Of an interval: the side of 0 that it is on, 0 where it holds it or cannot be said. */
  private static int sign(@Nullable Double lower, @Nullable Double upper) {
    if (lower == null || upper == null) {
      return 0;
    }
    return lower > 0 ? 1 : upper < 0 ? -1 : 0;
  }
}
