package io.tidegate.model;

import java.io.Serializable;

/**
 * One attempt of a rollout.
 *
 * @param attempt 1, 2, …
 */
public record AttemptId(String rolloutId, int attempt)
    implements Comparable<AttemptId>, Serializable {

  @Override
  public int compareTo(AttemptId other) {
    int order = rolloutId.compareTo(other.rolloutId);
    return order != 0 ? order : Integer.compare(attempt, other.attempt);
  }

  @Override
  public String toString() {
    return rolloutId + "#" + attempt;
  }
}
