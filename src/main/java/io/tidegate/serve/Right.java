package io.tidegate.serve;

/** What a caller may do. */
public enum Right {
  /** Read verdicts and what led to them. */
  READ,
  /** Write events of rollouts. */
  DECIDE
}
