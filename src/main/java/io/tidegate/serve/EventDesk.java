package io.tidegate.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.EventCheck;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes events of rollouts, checks them as the gate will, writes them to topic {@code rollouts} and
 * waits until they are on the board, so that the next answer knows of them.
 */
final class EventDesk {

  /** Where events go. */
  @FunctionalInterface
  interface Sink {
    /** Writes an event; returns when the broker has it, else throws. */
    void write(RolloutEvent event);
  }

  /** What a route asks of an event beyond what the gate does. */
  @FunctionalInterface
  interface Demand {
    List<Problem> problems(RolloutEvent event, RolloutState state);
  }

  static final List<String> KINDS =
      List.of("STAGE_ENTERED", "PAUSED", "RESUMED", "ROLLED_BACK", "COMPLETED", "DECISION", "NOTE");
  static final List<String> FIELDS =
      List.of(
          "event_id",
          "event_time",
          "rollout_id",
          "kind",
          "stage",
          "actor",
          "attempt",
          "note",
          "links",
          "action_items",
          "decision",
          "environment");

  /** Callers that may wait for the broker at once, so that threads are left to answer others. */
  static final int MOST_WAITING = 8;

  private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);
  private static final long FUTURE_MS = 60_000;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Situation situation;
  private final Sink sink;
  private final Audit audit;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private volatile boolean stopping;

  EventDesk(Situation situation, Sink sink, Audit audit) {
    this.situation = situation;
    this.sink = sink;
    this.audit = audit;
  }

  List<Route> routes() {
    return List.of(Route.decide("/api/rollouts/{id}/events", this::post));
  }

  /** From now on answers once the broker has an event, without waiting to see it on the board. */
  void stop() {
    stopping = true;
  }

  private Reply post(Request request) throws InterruptedException {
    ObjectNode body = object(request.body());
    if (body == null) {
      audit.line(request.caller().name(), request.from(), request.path("id"), "event", "not JSON");
      return Reply.error(400, "BAD_REQUEST", "the body is not one JSON object in UTF-8");
    }
    return take(body, request, (event, state) -> List.of());
  }

  /** A body as an object, or null where it is none. */
  static @Nullable ObjectNode object(byte[] body) {
    try {
      JsonNode read = MAPPER.readTree(body);
      return read instanceof ObjectNode object ? object : null;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Fills in what the caller left out, checks, writes; one at a time. */
  Reply take(ObjectNode body, Request request, Demand demand) throws InterruptedException {
    if (!waiting.tryAcquire()) {
      audit.line(request.caller().name(), request.from(), request.path("id"), "event", "busy");
      return Reply.error(503, "BUSY", "other events are still being written; try again");
    }
    try {
      return takeNext(body, request, demand);
    } finally {
      waiting.release();
    }
  }

  private synchronized Reply takeNext(ObjectNode body, Request request, Demand demand)
      throws InterruptedException {
    String id = request.path("id");
    List<Problem> problems = new ArrayList<>();
    boolean timed = body.hasNonNull("event_time");
    complete(body, id, request.caller(), problems);
    RolloutEvent event = problems.isEmpty() ? decode(body, problems) : null;
    String what = body.path("kind").asText("") + " " + body.path("stage").asText("");
    if (event == null) {
      return refuse(request, what, 400, problems);
    }
    RolloutState state = situation.state(id);
    if (state == null) {
      String known = Answer.unknownRollout(id, situation.board().ids()).sentence();
      audit.line(request.caller().name(), request.from(), id, what, known);
      return Reply.error(404, "UNKNOWN_ROLLOUT", known);
    }
    RolloutEvent known = situation.board().event(id, event.eventId());
    if (known != null) {
      return again(event, timed, known, request, what);
    }
    time(event, problems);
    problems.addAll(EventCheck.problems("body", event, state.timeline()));
    problems.addAll(demand.problems(event, state));
    if (!problems.isEmpty()) {
      return refuse(request, what, 409, problems);
    }
    String warning = EventCheck.warning(EventCheck.skipped(event, state.timeline()), event.stage());
    return write(event, warning, request, what);
  }

  /** The same event sent again counts once; another one under its id is refused. */
  private Reply again(
      RolloutEvent event, boolean timed, RolloutEvent known, Request request, String what) {
    ObjectNode stored = RolloutJson.event(known);
    ObjectNode sent = RolloutJson.event(event);
    if (!timed) {
      sent.set("event_time", stored.get("event_time"));
    }
    boolean same = sent.equals(stored);
    String outcome = same ? "known already" : "its id is taken by another event";
    audit.line(request.caller().name(), request.from(), request.path("id"), what, outcome);
    String message =
        "nothing was written: event_id "
            + event.eventId()
            + " is on record with other content; send this under a new one";
    return same ? Reply.json(200, stored) : Reply.error(409, "EVENT_ID_TAKEN", message);
  }

  private Reply write(RolloutEvent event, String warning, Request request, String what)
      throws InterruptedException {
    String id = event.rolloutId();
    try {
      sink.write(event);
    } catch (RuntimeException e) {
      audit.line(request.caller().name(), request.from(), id, what, "not written: " + e);
      String message =
          "the broker did not confirm the event in time; try again with event_id "
              + event.eventId()
              + ", which counts once";
      return Reply.error(503, "NOT_WRITTEN", message);
    }
    String written =
        "written event_id="
            + event.eventId()
            + " actor="
            + event.actor()
            + (warning.isEmpty() ? "" : ": " + warning);
    audit.line(request.caller().name(), request.from(), id, what, written);
    Board board = situation.board();
    board.await(() -> stopping || board.knows(id, event.eventId()), SEEN_WITHIN);
    boolean seen = board.knows(id, event.eventId());
    ObjectNode reply = RolloutJson.event(event);
    if (!warning.isEmpty()) {
      reply.put("warning", warning);
    }
    return Reply.json(seen ? 201 : 202, reply);
  }

  private Reply refuse(Request request, String what, int status, List<Problem> problems) {
    String first = problems.get(0).toString();
    audit.line(request.caller().name(), request.from(), request.path("id"), what, first);
    String code = status == 409 ? "DOES_NOT_FIT" : "BAD_REQUEST";
    return Reply.error(status, code, "nothing was written: " + first, problems);
  }

  private void complete(ObjectNode body, String id, Access.Caller caller, List<Problem> problems) {
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!FIELDS.contains(name)) {
        String expected = "one of " + String.join(", ", FIELDS);
        problems.add(new Problem("body", name, name, Nearest.suggest(expected, name, FIELDS)));
      }
    }
    String kind = body.path("kind").asText("");
    if (!KINDS.contains(kind)) {
      String expected = "one of " + String.join(", ", KINDS);
      problems.add(new Problem("body", "kind", kind, Nearest.suggest(expected, kind, KINDS)));
    }
    if (body.hasNonNull("rollout_id") && !body.path("rollout_id").asText().equals(id)) {
      String found = body.path("rollout_id").asText();
      problems.add(new Problem("body", "rollout_id", found, id + ", as in the path, or nothing"));
    }
    body.put("rollout_id", id);
    if (!body.hasNonNull("event_id")) {
      body.put("event_id", UUID.randomUUID().toString());
    }
    if (!body.hasNonNull("event_time")) {
      body.put("event_time", defaultTime());
    }
    body.put("actor", caller.actor(body.path("actor").asText("")));
  }

  /** Now; where time is the data's own, the newest TICK. */
  private long defaultTime() {
    long frontierMs = situation.board().frontierMs();
    boolean wall = situation.ageing().wallClock() || frontierMs == Long.MIN_VALUE;
    return wall ? situation.now() : frontierMs;
  }

  private void time(RolloutEvent event, List<Problem> problems) {
    if (situation.ageing().wallClock() && event.eventTimeMs() > situation.now() + FUTURE_MS) {
      String found = RolloutJson.time(event.eventTimeMs());
      problems.add(new Problem("body", "event_time", found, "a time that is not in the future"));
    }
  }

  private static @Nullable RolloutEvent decode(ObjectNode body, List<Problem> problems) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    Decoded<RolloutEvent> decoded = RolloutEventCodec.decode(bytes);
    if (decoded instanceof Decoded.Event<RolloutEvent> usable) {
      return usable.event();
    }
    String detail =
        decoded instanceof Decoded.Unusable<RolloutEvent> unusable ? unusable.detail() : "";
    problems.add(new Problem("body", "", detail, "an event as in docs/serve.md"));
    return null;
  }
}
