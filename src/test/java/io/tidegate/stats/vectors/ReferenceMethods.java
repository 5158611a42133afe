package io.tidegate.stats.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every mapped method by name. Each group class has a {@code METHODS} map of its own. */
public final class ReferenceMethods {
  private static final List<Map<String, Function<JsonNode, Object>>> GROUPS =
      List.of(
          MomentCases.METHODS,
          FixedHorizonCases.METHODS,
          CohortCases.METHODS,
          SeasonCases.METHODS,
          DesignCases.METHODS,
          AnytimeCases.METHODS,
          CountCases.METHODS,
          DecisionCases.METHODS,
          RetentionCases.METHODS);

  private ReferenceMethods() {}

  /** All groups together; a method in two groups is refused. */
  public static Map<String, Function<JsonNode, Object>> all() {
    Map<String, Function<JsonNode, Object>> all = new TreeMap<>();
    for (Map<String, Function<JsonNode, Object>> group : GROUPS) {
      group.forEach(
          (name, method) -> {
            if (all.put(name, method) != null) {
              throw new IllegalStateException("method " + name + " is mapped twice");
            }
          });
    }
    return all;
  }

  /** A stated value's content, null where it cannot say; anything else as it is. */
  public static @Nullable Object stated(@Nullable Object got) {
    if (got instanceof Stated<?> stated) {
      return stated.said() ? stated.orThrow() : null;
    }
    return got;
  }
}
