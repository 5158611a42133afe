package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.analysis.decision.DecisionLevels;
import io.tidegate.analysis.decision.DecisionRule;
import io.tidegate.analysis.decision.DecisionRule.Guardrail;
import io.tidegate.analysis.decision.DecisionRule.Quality;
import io.tidegate.analysis.decision.DecisionRule.Success;
import io.tidegate.analysis.decision.RampStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Cases of the rules of analysis: ramp.next, decision. */
final class DecisionCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "ramp.next", DecisionCases::ramp,
          "decision.levels", DecisionCases::levels,
          "decision.rule", DecisionCases::rule);

  private DecisionCases() {}

  private static Object ramp(JsonNode in) {
    List<Double> ladder = Arrays.stream(doubles(in.get("ladder"))).boxed().toList();
    RampStep step =
        RampStep.next(
            Inputs.number(in, "harm_upper"),
            ladder,
            Inputs.number(in, "current"),
            Inputs.number(in, "risk_budget"));
    return fields(
        "cap", step.cap(), "recommended", step.recommended(), "action", step.action().name());
  }

  private static Object levels(JsonNode in) {
    DecisionLevels levels =
        DecisionLevels.of(
            in.get("success").asInt(),
            in.get("guardrails").asInt(),
            in.get("deterioration_tests").asInt(),
            Inputs.number(in, "alpha"),
            Inputs.number(in, "beta"),
            Inputs.number(in, "alpha_deterioration"),
            Inputs.number(in, "alpha_quality"));
    return fields(
        "alpha_success", levels.alphaSuccess(),
        "alpha_guardrail", levels.alphaGuardrail(),
        "alpha_deterioration_each", levels.alphaDeteriorationEach(),
        "beta_each", levels.betaEach());
  }

  private static Object rule(JsonNode in) {
    DecisionRule.State state =
        new DecisionRule.State(
            list(
                in.get("quality"),
                q ->
                    new Quality(
                        q.path("name").asText(),
                        Inputs.number(q, "log_e"),
                        Inputs.number(q, "alpha"))),
            list(
                in.get("guardrails"),
                g ->
                    new Guardrail(
                        g.path("name").asText(),
                        Inputs.number(g, "harm_lower"),
                        Inputs.number(g, "harm_upper"),
                        Inputs.number(g, "rollback_margin"),
                        Inputs.number(g, "ni_margin"))),
            list(
                in.get("success"),
                s ->
                    new Success(
                        s.path("name").asText(),
                        Inputs.number(s, "gain_lower"),
                        Inputs.number(s, "gain_upper"))),
            in.get("require_success").asBoolean(),
            in.get("min_exposure_met").asBoolean(),
            in.get("deadline_passed").asBoolean());
    return fields("signal", DecisionRule.verdict(state).name());
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    return StreamSupport.stream(array.spliterator(), false).map(element).toList();
  }
}
