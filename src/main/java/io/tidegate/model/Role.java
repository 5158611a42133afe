package io.tidegate.model;

/** What a metric is for. */
public enum Role {
  GUARDRAIL,
  SUCCESS,
  LONG_TERM
}
