package io.tidegate.serve;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.GateSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a verdict is too old to act on.
 *
 * @param wallClock whether ticks follow the wall clock; else time is the data's own
 * @param patience how far clock and verdict may be behind, beyond one look
 */
public record Ageing(boolean wallClock, Duration patience) {

  /** A checkpoint of the gate and some looks. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

  /**
   * How old what is known is; null where it cannot be said.
   *
   * @param secondsSinceTick wall time less the newest TICK; null unless ticks follow the wall clock
   * @param secondsSinceBoundary wall time, or the newest TICK where time is the data's own, less
   *     the verdict's boundary
   * @param secondsSinceSignal wall time since the verdict was written
   * @param stale why the verdict is too old to act on; empty where it is fresh
   */
  public record Age(
      @Nullable Double secondsSinceTick,
      @Nullable Double secondsSinceBoundary,
      @Nullable Double secondsSinceSignal,
      String stale) {}

  /** How old what is known of a rollout is at a wall time. */
  public Age of(RolloutState state, long nowMs) {
    GateSignal signal = state.signal();
    boolean ticked = state.frontierMs() != Long.MIN_VALUE;
    Double tick = wallClock && ticked ? seconds(nowMs - state.frontierMs()) : null;
    String stale = stale(state, tick);
    if (signal == null) {
      return new Age(tick, null, null, stale);
    }
    Double boundary =
        wallClock || ticked ? seconds(clockMs(state, nowMs) - signal.boundaryMs()) : null;
    return new Age(tick, boundary, seconds(nowMs - state.signalMs()), stale);
  }

  private String stale(RolloutState state, @Nullable Double tick) {
    if (state.phase() != RolloutState.Phase.RUNNING) {
      return "";
    }
    if (state.frontierMs() == Long.MIN_VALUE) {
      return "no tick of the clock has come: is the gate running?";
    }
    if (tick != null && tick > patience.toSeconds()) {
      return "the clock stopped " + words(tick) + " ago: is the gate running?";
    }
    Attempt attempt = state.attempt();
    if (attempt == null) {
      return "";
    }
    GateSignal signal = state.currentSignal();
    long judgedMs = signal == null ? attempt.startMs() : signal.boundaryMs();
    long lookMs = attempt.definition().spec().lookEvery().toMillis();
    long behindMs = state.frontierMs() - judgedMs;
    return behindMs > lookMs + patience.toMillis()
        ? "the gate is " + words(behindMs / 1000.0) + " behind its clock"
        : "";
  }

  /** What time it is for a rollout: the wall clock, or the newest TICK where time is the data's. */
  long clockMs(RolloutState state, long nowMs) {
    return wallClock ? nowMs : state.frontierMs();
  }

  private static double seconds(long ms) {
    return ms / 1000.0;
  }

  /** A length of time in words, from seconds. */
  public static String words(double seconds) {
    long minutes = Math.round(seconds / 60);
    return minutes < 2 ? Math.round(seconds) + " s" : minutes + " min";
  }
}
