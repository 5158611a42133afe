package io.tidegate.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of the ramp.
 *
 * @param percent share of all traffic given the treatments together, in (0, 100]
 * @param minDuration time that must pass before ADVANCE
 * @param maxDuration time after which a person must look; null: never
 * @param minUnits units per variant needed before ADVANCE
 * @param require guardrails to be proven; null: all
 * @param successRequired whether some success metric must be shown to improve
 * @param manualReview whether a person must approve
 * @param flagVersion the flag's version during the stage; empty: time decides
 * @param settle time a {@code ramped} stage takes to reach every server
 * @param proveWithin time planned for the proof; null: minDuration, at least 24 h
 */
public record Stage(
    String name,
    double percent,
    Duration minDuration,
    @Nullable Duration maxDuration,
    long minUnits,
    @Nullable List<String> require,
    boolean successRequired,
    boolean manualReview,
    String flagVersion,
    Duration settle,
    @Nullable Duration proveWithin) {

  public static final Duration DEFAULT_SETTLE = Duration.ofMinutes(2);

  public Stage {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent must be in (0, 100], not " + percent);
    }
    require = require == null ? null : List.copyOf(require);
  }

  /** Time planned for the proof: stated, else the stage's minimum, at least 24 h. */
  public Duration provingTime() {
    if (proveWithin != null) {
      return proveWithin;
    }
    Duration day = Duration.ofDays(1);
    return minDuration.compareTo(day) > 0 ? minDuration : day;
  }
}
