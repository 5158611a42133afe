package io.tidegate.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Better;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Metric;
import io.tidegate.model.Problem;
import io.tidegate.model.Role;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kayenta's API that Argo Rollouts and Spinnaker's Orca call. A canary config is a
 * rollout, or {@code rollout:stage}; an execution is a question about it, kept in its own id.
 */
final class KayentaRoutes {

  private static final double MOST = 100;

  private final Situation situation;

  KayentaRoutes(Situation situation) {
    this.situation = situation;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/canaryConfig", this::configs),
        Route.get("/canaryConfig/{config}", this::config),
        Route.ask("/canary/{config}", this::start),
        Route.get("/canary/{execution}", this::result),
        // Orca cancels what it no longer waits for; nothing runs here.
        new Route(
            "PUT",
            "/pipelines/{execution}/cancel",
            Right.READ,
            request -> Reply.json(200, JsonNodeFactory.instance.objectNode())));
  }

  private Reply configs(Request request) {
    if (!situation.ready().getAsBoolean()) {
      return starting();
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (RolloutState state : situation.board().shown()) {
      Definition definition = state.definition();
      if (definition != null) {
        list.add(entry(state, state.id(), request.query("application")));
        for (Stage stage : definition.spec().stages()) {
          list.add(entry(state, state.id() + ":" + stage.name(), request.query("application")));
        }
      }
    }
    return Reply.json(200, list);
  }

  private static ObjectNode entry(RolloutState state, String id, String application) {
    GateSignal signal = state.signal();
    long updatedMs = signal == null ? 0 : signal.boundaryMs();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id).put("name", id);
    json.put("updatedTimestamp", updatedMs);
    json.put("updatedTimestampIso", RolloutJson.time(updatedMs));
    ArrayNode applications = json.putArray("applications");
    if (!application.isEmpty()) {
      applications.add(application);
    }
    return json;
  }

  private Reply config(Request request) {
    Asked asked = asked(request.path("config"));
    if (asked.definition() == null) {
      return asked.refusal();
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", request.path("config")).put("name", request.path("config"));
    json.put("description", asked.definition().spec().hypothesis().statement());
    json.put("configVersion", "1");
    json.putArray("applications");
    ObjectNode judge = json.putObject("judge");
    judge.put("name", CanaryResult.JUDGE).putObject("judgeConfigurations");
    ArrayNode metrics = json.putArray("metrics");
    for (Metric metric : asked.definition().spec().metrics()) {
      metrics.add(metric(metric));
    }
    json.putObject("templates");
    json.putObject("classifier").putObject("groupWeights");
    return Reply.json(200, json);
  }

  private static ObjectNode metric(Metric metric) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", metric.name());
    json.putObject("query").put("type", "tidegate");
    json.putArray("groups").add(metric.role().name().toLowerCase(Locale.ROOT));
    ObjectNode canary = json.putObject("analysisConfigurations").putObject("canary");
    canary.put("direction", metric.better() == Better.UP ? "decrease" : "increase");
    canary.put("critical", metric.role() == Role.GUARDRAIL);
    canary.put("mustHaveData", metric.role() == Role.GUARDRAIL);
    json.put("scopeName", "default");
    return json;
  }

  private Reply start(Request request) {
    Asked asked = asked(request.path("config"));
    if (asked.definition() == null) {
      return asked.refusal();
    }
    ObjectNode body = EventDesk.object(request.body());
    if (body == null) {
      return Reply.error(400, "BAD_REQUEST", "the body is not one JSON object in UTF-8");
    }
    JsonNode thresholds = body.path("thresholds");
    double pass = thresholds.path("pass").asDouble(Double.NaN);
    double marginal = thresholds.path("marginal").asDouble(Double.NaN);
    List<Problem> problems = new ArrayList<>();
    if (!(pass <= MOST)) {
      problems.add(problem("pass", thresholds, "a number up to 100, the score of ADVANCE"));
    }
    if (!(marginal > 0 && (marginal < pass || Double.isNaN(pass)))) {
      problems.add(
          problem(
              "marginal",
              thresholds,
              "a number above 0, the score of ROLLBACK, and below pass, so that REVIEW has one"));
    }
    if (!problems.isEmpty()) {
      return Reply.error(400, "BAD_REQUEST", problems.get(0).toString(), problems);
    }
    CanaryExecution execution =
        new CanaryExecution(asked.rollout(), asked.stage(), pass, marginal, situation.now());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return Reply.json(200, json.put("canaryExecutionId", execution.id()));
  }

  private static Problem problem(String name, JsonNode thresholds, String expected) {
    String found = thresholds.path(name).toString();
    return new Problem("body", "thresholds." + name, found, expected);
  }

  private Reply result(Request request) {
    CanaryExecution execution = CanaryExecution.of(request.path("execution"));
    if (execution == null) {
      return Reply.error(404, "UNKNOWN_EXECUTION", "this is no canaryExecutionId of this server");
    }
    Answer answer = situation.answer(execution.rollout(), execution.stage());
    RolloutState state = situation.state(execution.rollout());
    if (state == null && situation.ready().getAsBoolean()) {
      return Reply.error(404, answer.code(), answer.sentence());
    }
    return Reply.json(200, CanaryResult.of(execution, answer, state, situation.now()));
  }

  private Reply starting() {
    Answer starting = Answer.starting();
    return Reply.error(503, starting.code(), starting.sentence());
  }

  /** What a config id names, or why it names nothing. */
  private record Asked(
      String rollout, String stage, @Nullable Definition definition, Reply refusal) {}

  private Asked asked(String config) {
    int colon = config.indexOf(':');
    String rollout = colon < 0 ? config : config.substring(0, colon);
    String stage = colon < 0 ? "" : config.substring(colon + 1);
    if (!situation.ready().getAsBoolean()) {
      return new Asked(rollout, stage, null, starting());
    }
    RolloutState state = situation.state(rollout);
    Definition definition = state == null ? null : state.definition();
    boolean known = definition != null && (colon < 0 || definition.spec().stageIndex(stage) >= 0);
    if (known) {
      return new Asked(rollout, stage, definition, starting());
    }
    Answer answer = situation.answer(rollout, stage);
    return new Asked(rollout, stage, null, Reply.error(404, answer.code(), answer.sentence()));
  }
}
