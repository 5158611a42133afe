package io.tidegate.stats.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Function;

/** Cases of the rules of analysis: ramp.next, decision. */
final class DecisionCases {
  static final Map<String, Function<JsonNode, Object>> METHODS = Map.of();

  private DecisionCases() {}
}
