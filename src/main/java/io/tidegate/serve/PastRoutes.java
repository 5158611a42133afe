package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.report.LiveReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout did, from the tables, for who looks farther back than the topics or an attempt
 * reach.
 */
final class PastRoutes {

  private final Situation situation;
  private final PastReader reader;

  PastRoutes(Situation situation, Archive archive) {
    this.situation = situation;
    this.reader = new PastReader(archive, situation::now);
  }

  List<Route> routes() {
    return List.of(Route.get("/live/rollouts/{id}/past", this::past));
  }

  private Reply past(Request request) throws InterruptedException {
    String id = request.path("id");
    RolloutState state = situation.state(id);
    Attempt newest = state == null ? null : state.attempt();
    if (newest == null) {
      return Reply.error(404, "NOT_ENTERED", "no stage of this rollout was entered yet");
    }
    Long attempt = number(request.query("attempt"), newest.number());
    Long from = number(request.query("from"), Long.MIN_VALUE);
    Long to = number(request.query("to"), Long.MAX_VALUE);
    if (attempt == null || from == null || to == null || attempt < 1 || attempt > newest.number()) {
      String expected = "attempt=1…%d, from= and to= epoch milliseconds".formatted(newest.number());
      return Reply.error(400, "BAD_REQUEST", "expected " + expected);
    }
    PastReader.Past past = reader.past(id, attempt.intValue());
    if (past == null) {
      return unreadable("the tables are still being read; try again in a minute");
    }
    ReportData data = past.data();
    return data == null
        ? unreadable("the tables cannot be read: " + past.unreadable())
        : Reply.json(200, json(data, past.readMs(), newest.number(), from, to));
  }

  /** No error: a server shows the topics with or without tables. */
  private static Reply unreadable(String why) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("unreadable", why);
    return Reply.json(200, json);
  }

  /** A number, what is said instead where there is none, or null where it is no number. */
  private static @Nullable Long number(String text, long otherwise) {
    try {
      return text.isEmpty() ? Long.valueOf(otherwise) : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static ObjectNode json(
      ReportData data, long readMs, int attempts, long fromMs, long toMs) {
    ObjectNode json = LiveReport.past(data.between(fromMs, toMs));
    json.put("attempt", data.attempt());
    json.put("attempts", attempts);
    json.put("read_ms", readMs);
    List<GateSignal> signals = data.signals();
    if (!signals.isEmpty()) {
      json.put("first_ms", signals.get(0).boundaryMs());
      json.put("last_ms", signals.get(signals.size() - 1).boundaryMs());
    }
    return json;
  }
}
