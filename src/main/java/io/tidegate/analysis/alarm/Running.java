package io.tidegate.analysis.alarm;

import java.io.Serializable;

/**
 * An attempt of a rollout.
 *
 * @param fromMs entry of its first stage
 * @param toMs its end, exclusive; {@link Long#MAX_VALUE} while it runs
 */
public record Running(String rolloutId, long fromMs, long toMs) implements Serializable {

  boolean within(long beginMs, long endMs) {
    return fromMs < endMs && toMs > beginMs;
  }
}
