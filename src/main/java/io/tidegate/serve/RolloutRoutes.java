package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import java.util.List;

/** Plain JSON, and what Argo Rollouts' web provider reads. */
final class RolloutRoutes {

  private final Situation situation;

  RolloutRoutes(Situation situation) {
    this.situation = situation;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/rollouts", request -> list()),
        Route.get("/api/rollouts/{id}", this::one),
        Route.get("/argo/{id}", this::argo));
  }

  private Reply list() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("ready", situation.ready().getAsBoolean());
    ArrayNode rollouts = json.putArray("rollouts");
    for (RolloutState state : situation.board().shown()) {
      rollouts.add(
          RolloutJson.summary(state, situation.answer(state.id(), ""), situation.age(state)));
    }
    return Reply.json(200, json);
  }

  private Reply one(Request request) {
    String id = request.path("id");
    Answer answer = situation.answer(id, request.query("stage"));
    RolloutState state = situation.state(id);
    if (state == null) {
      return Reply.error(
          situation.ready().getAsBoolean() ? 404 : 503, answer.code(), answer.sentence());
    }
    return Reply.json(200, RolloutJson.full(state, answer, situation.age(state)));
  }

  /** Always 200: Argo calls anything else an error of the measurement, not a verdict. */
  private Reply argo(Request request) {
    String id = request.path("id");
    Answer answer = situation.answer(id, request.query("stage"));
    ObjectNode data = RolloutJson.answer(answer);
    data.put("ok", answer.outcome() == Answer.Outcome.PASS);
    data.put("rollout", id);
    RolloutState state = situation.state(id);
    if (state != null) {
      argo(state, data);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("data", data);
    return Reply.json(200, json);
  }

  private void argo(RolloutState state, ObjectNode data) {
    data.setAll(RolloutJson.age(situation.age(state)));
    Attempt attempt = state.attempt();
    data.put("attempt", attempt == null ? 0 : attempt.number());
    GateSignal signal = state.signal();
    if (signal != null) {
      data.put("gate", signal.verdict().name());
      data.put("score", signal.verdict().score());
      data.put("stage", signal.stage());
      data.put("boundary", RolloutJson.time(signal.boundaryMs()));
      data.put("next_percent", signal.nextPercent());
      data.put("signal_id", signal.signalId());
      ArrayNode reasons = data.putArray("reasons");
      for (Reason reason : signal.reasons()) {
        reasons
            .addObject()
            .put("code", reason.code())
            .put("sentence", reason.sentence())
            .put("observed", reason.observed())
            .put("threshold", reason.threshold());
      }
    }
  }
}
