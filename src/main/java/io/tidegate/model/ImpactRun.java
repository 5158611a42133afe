package io.tidegate.model;

/**
 * What a run of {@code impact} did for an attempt.
 *
 * @param known whether the tables held this very run already, so that nothing was computed
 */
public record ImpactRun(AttemptId attempt, RunStamp stamp, boolean known) {}
