package io.tidegate.model;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which outcomes a metric counts.
 *
 * @param outcome name of the outcome
 * @param where attribute → the values that count; an attribute that is absent counts as {@code
 *     (unknown)}
 */
public record OutcomeFilter(String outcome, Map<String, Set<String>> where) {

  public OutcomeFilter {
    if (outcome.isEmpty()) {
      throw new IllegalArgumentException("an outcome needs a name");
    }
    // Rollouts compare every event with names of their own; equal ones lie in one place.
    outcome = outcome.intern();
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
  }

  public static OutcomeFilter of(String outcome) {
    return new OutcomeFilter(outcome, Map.of());
  }
}
