package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.analysis.impact.ReturnCounts;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Cases of retention by age. */
final class RetentionCases {

  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of("retention", RetentionCases::retention);

  private RetentionCases() {}

  private static Object retention(JsonNode in) {
    int asOf = in.get("as_of").asInt();
    int day = in.get("day").asInt();
    ReturnCounts counts = new ReturnCounts(7);
    for (JsonNode user : in.get("users")) {
      int[] active =
          StreamSupport.stream(user.get(1).spliterator(), false)
              .mapToInt(JsonNode::asInt)
              .toArray();
      counts.addDays(user.get(0).asInt(), asOf, active);
    }
    long eligible = counts.eligible(day + 1)[day];
    return fields(
        "exact", share(eligible, counts.exact(day + 1)[day]),
        "bounded", share(eligible, counts.bounded(day + 1)[day]),
        "unbounded", share(eligible, counts.unbounded(day + 1)[day]));
  }

  private static Object share(long eligible, long retained) {
    @Nullable Double rate = eligible == 0 ? null : (double) retained / eligible;
    return fields("eligible", eligible, "retained", retained, "rate", rate);
  }
}
