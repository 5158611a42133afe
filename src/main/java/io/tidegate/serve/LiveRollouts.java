package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import io.tidegate.report.LiveFacts;
import io.tidegate.report.LiveReport;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rollouts as the live board shows them: no small segment is named. Thread-safe. */
final class LiveRollouts {

  /** Pages kept so that many viewers of one rollout cost as much as one. */
  private static final int PAGES = 32;

  private final Situation situation;
  private final Map<String, Page> pages =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Page> eldest) {
          return size() > PAGES;
        }
      };

  private record Page(long version, byte[] json) {}

  LiveRollouts(Situation situation) {
    this.situation = situation;
  }

  List<Route> routes() {
    return List.of(Route.get("/live/rollouts/{id}", this::one));
  }

  private Reply one(Request request) {
    String id = request.path("id");
    Showing showing = situation.board().showing(id);
    if (showing == null) {
      Answer answer = situation.answer(id, "");
      return Reply.error(
          situation.ready().getAsBoolean() ? 404 : 503, answer.code(), answer.sentence());
    }
    return new Reply(200, Reply.JSON, page(id, showing));
  }

  private synchronized byte[] page(String id, Showing showing) {
    Page known = pages.get(id);
    if (known == null || known.version() != showing.version()) {
      known =
          new Page(showing.version(), page(showing).toString().getBytes(StandardCharsets.UTF_8));
      pages.put(id, known);
    }
    return known.json();
  }

  private static ObjectNode page(Showing showing) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rollout_id", showing.state().id());
    json.put("version", showing.version());
    PublishedRows rows = showing.rows();
    json.set("page", rows == null ? json.nullNode() : LiveReport.page(rows, showing.facts()));
    json.set("decide", decide(showing.state()));
    ArrayNode refused = json.putArray("refused");
    Attempt attempt = showing.state().attempt();
    if (attempt != null) {
      attempt.remarks().stream()
          .filter(remark -> !remark.refused().isEmpty())
          .forEach(remark -> refused.add(RolloutJson.remark(attempt.number(), remark)));
    }
    return json;
  }

  /** What a person may decide on now. */
  private static ObjectNode decide(RolloutState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode codes = json.putArray("codes");
    GateSignal signal = state.currentSignal();
    if (signal != null) {
      for (Reason reason : signal.reasons()) {
        if (!reason.approvable()) {
          continue;
        }
        codes.addObject().put("code", reason.code()).put("sentence", reason.sentence());
      }
    }
    ArrayNode signOffs = json.putArray("sign_offs");
    Definition definition = state.definition();
    if (definition != null) {
      definition.spec().signOffs().forEach(asked -> signOffs.add(asked.name()));
    }
    return json;
  }

  /** One line of the overview, or null where no topic names the rollout. */
  @Nullable ObjectNode line(String id) {
    Showing showing = situation.board().showing(id);
    if (showing == null) {
      return null;
    }
    RolloutState state = showing.state();
    Answer answer = Answer.of(state, "", situation.ageing(), situation.now());
    ObjectNode json = RolloutJson.summary(state, answer, situation.age(state));
    json.put("version", showing.version());
    boolean judged = state.currentSignal() != null && !answer.code().equals(Answer.NOT_JUDGED);
    json.set("headline", headline(showing.rows(), answer));
    Definition definition = state.definition();
    json.put("hypothesis", definition == null ? "" : definition.spec().hypothesis().statement());
    stages(state, json);
    json.put("judged", judged);
    signal(state, judged, json);
    incidents(showing.facts(), json);
    return json;
  }

  /** The report's first screen; where the answer is that no verdict counts now, that instead. */
  private static @Nullable ObjectNode headline(@Nullable PublishedRows rows, Answer answer) {
    if (rows == null) {
      return null;
    }
    return answer.code().equals(Answer.NOT_JUDGED)
        ? LiveReport.unjudged(rows, answer.sentence())
        : LiveReport.headline(rows);
  }

  /** In place of a line that cannot be made. */
  static ObjectNode brokenLine(String id) {
    String why = "this rollout cannot be shown now: the server's log says why";
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rollout_id", id);
    json.put("phase", "undefined");
    json.put("version", -1);
    json.put("judged", false);
    json.set("answer", RolloutJson.answer(Answer.unjudgeable(why)));
    json.set("freshness", RolloutJson.age(new Ageing.Age(null, null, null, why)));
    json.putNull("headline");
    json.putArray("stages");
    json.putArray("missing");
    json.putArray("incidents");
    return json;
  }

  private static void stages(RolloutState state, ObjectNode json) {
    Definition definition = state.definition();
    Attempt attempt = state.attempt();
    Epoch epoch = state.epoch();
    ArrayNode stages = json.putArray("stages");
    if (definition != null) {
      definition
          .spec()
          .stages()
          .forEach(
              stage ->
                  stages
                      .addObject()
                      .put("name", stage.name())
                      .put("percent", stage.percent())
                      .put("entered", attempt != null && attempt.entered(stage)));
    }
    json.put("stage_index", epoch == null ? -1 : epoch.index());
    json.put("paused", attempt != null && attempt.pausedBefore(Long.MAX_VALUE));
  }

  /** Incidents that are open now. */
  private static void incidents(LiveFacts facts, ObjectNode json) {
    ArrayNode open = json.putArray("incidents");
    for (Incident incident : facts.incidents()) {
      if (incident.closedAtMs() == null) {
        open.add(incident.sentence());
      }
    }
  }

  private static void signal(RolloutState state, boolean judged, ObjectNode json) {
    GateSignal signal = state.currentSignal();
    ArrayNode missing = json.putArray("missing");
    if (signal != null) {
      json.put("boundary_ms", signal.boundaryMs());
      if (judged) {
        json.put("respond_by_ms", signal.respondByMs());
        if (signal.verdict() != Verdict.ROLLBACK) {
          signal.missing().forEach(missing::add);
        }
      }
    }
  }
}
