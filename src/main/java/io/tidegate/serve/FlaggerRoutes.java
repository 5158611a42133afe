package io.tidegate.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import io.tidegate.serve.Answer.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Flagger's webhooks. A hook succeeds with 200 and fails with 403; the body is one sentence, which
 * Flagger writes into its events and log.
 */
final class FlaggerRoutes {

  private static final int YES = 200;
  private static final int NO = 403;

  /** Which answers let a hook succeed. */
  private static final Map<String, Predicate<Answer>> HOOKS =
      Map.of(
          "confirm-rollout", FlaggerRoutes::mayBegin,
          "pre-rollout", FlaggerRoutes::mayBegin,
          // A failure counts towards Flagger's rollback, so waiting must not be one.
          "rollout", answer -> answer.outcome() != Outcome.FAIL,
          "confirm-traffic-increase", answer -> answer.outcome() == Outcome.PASS,
          "confirm-promotion", answer -> answer.outcome() == Outcome.PASS,
          "post-rollout", answer -> true,
          // Success means: roll back.
          "rollback", answer -> answer.outcome() == Outcome.FAIL);

  // What Flagger's scheduler says in its events.
  private static final Pattern WEIGHT = Pattern.compile("^Advance \\S+ canary weight (\\d{1,3})$");
  private static final Pattern DONE = Pattern.compile("^Promotion completed!.*");
  private static final Pattern FAILED = Pattern.compile("^Canary failed!.*");

  private final Situation situation;
  private final EventDesk desk;

  FlaggerRoutes(Situation situation, EventDesk desk) {
    this.situation = situation;
    this.desk = desk;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String hook : HOOKS.keySet()) {
      routes.add(Route.ask("/flagger/{id}/" + hook, request -> ask(hook, request)));
    }
    routes.add(Route.decide("/flagger/{id}/event", this::event));
    return routes;
  }

  private Reply ask(String hook, Request request) {
    ObjectNode body = EventDesk.object(request.body());
    if (body == null) {
      return Reply.text(400, "the body is not one JSON object in UTF-8");
    }
    String id = request.path("id");
    Answer answer = situation.answer(id, body.path("metadata").path("stage").asText(""));
    String text = answer.sentence() + checksum(body);
    if (situation.state(id) == null) {
      return Reply.text(situation.ready().getAsBoolean() ? 404 : 503, text);
    }
    Predicate<Answer> succeeds = HOOKS.getOrDefault(hook, unknown -> false);
    return Reply.text(succeeds.test(answer) ? YES : NO, text);
  }

  /** A rollout that is defined and not at a ROLLBACK; after a rollback a new attempt may begin. */
  private static boolean mayBegin(Answer answer) {
    return switch (answer.code()) {
      case "NOT_DEFINED", "UNKNOWN_STAGE", "STARTING", "ROLLBACK" -> false;
      default -> true;
    };
  }

  private static String checksum(ObjectNode body) {
    String checksum = body.path("checksum").asText("");
    return checksum.isEmpty() ? "" : " [checksum " + Text.plain(checksum) + "]";
  }

  /** Turns what Flagger did into events; what says nothing about stages is taken and left. */
  private Reply event(Request request) throws InterruptedException {
    ObjectNode body = EventDesk.object(request.body());
    if (body == null) {
      return Reply.text(400, "the body is not one JSON object in UTF-8");
    }
    RolloutState state = situation.state(request.path("id"));
    if (state == null) {
      return Reply.text(404, situation.answer(request.path("id"), "").sentence());
    }
    ObjectNode event = translate(body.path("metadata").path("eventMessage").asText(""), state);
    if (event == null) {
      return Reply.text(YES, "nothing to record");
    }
    JsonNode metadata = body.path("metadata");
    event.put("actor", "flagger");
    event.put("note", metadata.path("eventMessage").asText("") + checksum(body));
    event.put("event_id", eventId(body));
    Reply reply = desk.take(event, request, FlaggerRoutes::firstStageFirst);
    return reply.status() < 300 ? Reply.text(YES, "recorded") : reply;
  }

  /** Flagger calls again after a timeout: the same event must count once. */
  private static String eventId(ObjectNode body) {
    JsonNode metadata = body.path("metadata");
    return String.join(
        "/",
        "flagger",
        body.path("namespace").asText(""),
        body.path("name").asText(""),
        body.path("checksum").asText(""),
        metadata.path("timestamp").asText(""),
        metadata.path("eventMessage").asText(""));
  }

  private static @Nullable ObjectNode translate(String message, RolloutState state) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    Matcher weight = WEIGHT.matcher(message);
    if (weight.matches()) {
      String stage = stageAt(Integer.parseInt(weight.group(1)), state);
      return stage == null ? null : event.put("kind", "STAGE_ENTERED").put("stage", stage);
    }
    boolean running = state.phase() == RolloutState.Phase.RUNNING;
    if (running && DONE.matcher(message).matches()) {
      return event.put("kind", "COMPLETED");
    }
    if (running && FAILED.matcher(message).matches()) {
      return event.put("kind", "ROLLED_BACK");
    }
    return null;
  }

  /** An event that comes after the end of an attempt must not begin another half-way. */
  private static List<Problem> firstStageFirst(RolloutEvent event, RolloutState state) {
    Definition definition = definition(state);
    if (event.kind() != RolloutEvent.Kind.STAGE_ENTERED
        || state.phase() == RolloutState.Phase.RUNNING
        || definition == null) {
      return List.of();
    }
    String first = definition.spec().stages().get(0).name();
    return event.stage().equals(first)
        ? List.of()
        : List.of(
            new Problem("body", "stage", event.stage(), first + ", where a new attempt begins"));
  }

  /** What the next stage is entered with. */
  private static @Nullable Definition definition(RolloutState state) {
    return state.phase() == RolloutState.Phase.RUNNING
        ? state.definition()
        : state.timeline().definition();
  }

  /** The stage with exactly this percentage, or null: a weight between stages is no stage. */
  private static @Nullable String stageAt(int percent, RolloutState state) {
    Definition definition = definition(state);
    if (definition == null) {
      return null;
    }
    for (Stage stage : definition.spec().stages()) {
      if (stage.percent() == percent) {
        return stage.name();
      }
    }
    return null;
  }
}
