package io.tidegate.stats.sequence;

/** Which departure from the null value counts as evidence. */
public enum Side {
  /** The treatment differs from the null value in either direction. */
  TWO,
  /** The treatment exceeds the null value. */
  GREATER,
  /** The treatment is below the null value. */
  LESS
}
