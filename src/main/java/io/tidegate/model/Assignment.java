package io.tidegate.model;

/** How a ramp gives units their variant. */
public enum Assignment {
  /** Control grows with the treatment; the rest is not enrolled. */
  MATCHED,
  /** Control is everyone who does not have the treatment yet. */
  RAMPED
}
