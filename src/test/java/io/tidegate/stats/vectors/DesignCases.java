package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.field;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.Design;
import io.tidegate.stats.estimate.GroupSequential;
import java.util.Map;
import java.util.function.Function;

/** Cases of planning: sample sizes and group-sequential bounds. */
final class DesignCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "design.two_means", DesignCases::twoMeans,
          "design.asympcs", DesignCases::anytime,
          "group_sequential.constant", DesignCases::constant,
          "group_sequential.spending", DesignCases::spending);

  private DesignCases() {}

  private static Object twoMeans(JsonNode in) {
    Design.Sizes sizes =
        Design.twoMeans(
            Inputs.number(in, "sd_a"),
            Inputs.number(in, "sd_b"),
            Inputs.number(in, "delta"),
            Inputs.alpha(in),
            Inputs.number(in, "power"),
            Inputs.number(in, "ratio_b_to_a"),
            in.get("sides").asInt());
    return fields("n_a", sizes.control(), "n_b", sizes.treatment());
  }

  private static Object anytime(JsonNode in) {
    Stated<Design.Anytime> size =
        Design.anytime(
            Inputs.number(in, "sigma2"),
            Inputs.number(in, "delta"),
            Inputs.alpha(in),
            Inputs.number(in, "x"),
            Inputs.number(in, "neff_star"),
            in.get("sides").asInt());
    return fields(
        "neff", field(size, Design.Anytime::effectiveUnits),
        "n_per_arm_balanced", field(size, Design.Anytime::unitsPerVariant));
  }

  private static Object constant(JsonNode in) {
    GroupSequential.Shape shape =
        switch (in.get("kind").asText()) {
          case "obf" -> GroupSequential.Shape.OBRIEN_FLEMING;
          case "pocock" -> GroupSequential.Shape.POCOCK;
          default -> throw new IllegalArgumentException("kind " + in.get("kind"));
        };
    return fields(
        "constant",
        GroupSequential.constant(
            in.get("looks").asInt(), Inputs.alpha(in), shape, in.get("sides").asInt()));
  }

  private static Object spending(JsonNode in) {
    String kind = in.get("kind").asText();
    GroupSequential.Spending spending =
        switch (kind) {
          case "obf" -> new GroupSequential.Spending.ObrienFleming();
          case "pocock" -> new GroupSequential.Spending.Pocock();
          default ->
              new GroupSequential.Spending.Power(Double.parseDouble(kind.replace("power", "")));
        };
    return fields(
        "bounds",
        GroupSequential.bounds(
            doubles(in.get("info")), Inputs.alpha(in), spending, in.get("sides").asInt()));
  }
}
