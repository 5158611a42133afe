package io.tidegate.stats.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Function;

/** Cases of sequential inference: mixture, asympcs, label, srm, confseq, multiplicity. */
final class AnytimeCases {
  static final Map<String, Function<JsonNode, Object>> METHODS = Map.of();

  private AnytimeCases() {}
}
