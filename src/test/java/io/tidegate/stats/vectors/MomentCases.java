package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.sums.Cap;
import io.tidegate.stats.sums.CentredSums;
import io.tidegate.stats.sums.DoubleDouble;
import io.tidegate.stats.sums.LogHistogram;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Cases of sufficient statistics: moments, co-moments, capped totals, sketches. */
final class MomentCases {
  private static final Cap NO_CAP = new Cap(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "moments", in -> moments(CentredSums.of(doubles(in.get("values"))).moments()),
          "moments.merge", MomentCases::mergedMoments,
          "moments.user_delta", in -> moments(totals(in.get("events"), NO_CAP).moments()),
          "comoments.merge", MomentCases::mergedPairs,
          "comoments.user_delta", in -> pairs(totals(in.get("events"), NO_CAP).ratio()),
          "winsor.user_delta", MomentCases::capped,
          "sketch.relative_error", MomentCases::sketch);

  private MomentCases() {}

  private static Object mergedMoments(JsonNode in) {
    CentredSums all = new CentredSums();
    for (JsonNode chunk : in.get("chunks")) {
      all.add(CentredSums.of(doubles(chunk)));
    }
    return moments(all.moments());
  }

  private static Object mergedPairs(JsonNode in) {
    CentredSums all = new CentredSums();
    for (JsonNode chunk : in.get("chunks")) {
      CentredSums part = new CentredSums();
      chunk.forEach(pair -> part.enter(pair.get(0).asDouble(), pair.get(1).asDouble()));
      all.add(part);
    }
    return pairs(all.ratio());
  }

  private static Object capped(JsonNode in) {
    Cap cap = new Cap(Inputs.number(in, "lower"), Inputs.number(in, "upper"));
    return moments(totals(in.get("events"), cap).moments());
  }

  private static CentredSums totals(JsonNode events, Cap cap) {
    CentredSums sums = new CentredSums();
    Map<String, DoubleDouble[]> units = new HashMap<>();
    for (JsonNode event : events) {
      String unit = event.get(1).asText();
      DoubleDouble x = DoubleDouble.of(event.get(2).asDouble());
      DoubleDouble e = DoubleDouble.of(event.path(3).asDouble(0));
      if (event.get(0).asText().equals("expose")) {
        units.put(unit, new DoubleDouble[] {x, e});
        sums.enter(cap.clip(x), e);
      } else {
        DoubleDouble[] old = Objects.requireNonNull(units.get(unit), unit);
        DoubleDouble[] now = {old[0].plus(x), old[1].plus(e)};
        sums.move(cap.clip(old[0]), old[1], cap.clip(now[0]), now[1]);
        units.put(unit, now);
      }
    }
    return sums;
  }

  private static Object moments(Moments moments) {
    return fields(
        "n", moments.n(),
        "sum", moments.sum(),
        "mean", moments.statedMean(),
        "m2", moments.m2(),
        "variance", moments.variance());
  }

  private static Object pairs(RatioMoments pairs) {
    return fields(
        "n", pairs.n(),
        "mean_x", pairs.numerator().statedMean(),
        "mean_y", pairs.denominator().statedMean(),
        "m2_x", pairs.m2Y(),
        "m2_y", pairs.m2D(),
        "cxy", pairs.cYd(),
        "cov", pairs.covariance());
  }

  private static Object sketch(JsonNode in) {
    LogHistogram histogram = new LogHistogram(Inputs.number(in, "relative_accuracy"));
    for (double value : doubles(in.get("values"))) {
      histogram.add(value, 1);
    }
    List<Object> values = new ArrayList<>();
    for (double q : doubles(in.get("quantiles"))) {
      values.add(histogram.quantile(q));
    }
    return fields("values", values);
  }
}
