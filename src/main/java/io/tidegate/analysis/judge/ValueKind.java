package io.tidegate.analysis.judge;

/** What a metric's value a unit is. */
public enum ValueKind {
  /** 0 or 1. */
  BINARY,
  /** A number of events. */
  COUNT,
  /** Any real number. */
  REAL
}
