package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.UserError;
import io.tidegate.report.LiveReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a rollout did, from the tables, for who looks farther back than the topics or an attempt
 * reach. What was read is good for a minute, so that many viewers cost as much as one; one reading
 * at a time.
 */
final class PastRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(PastRoutes.class);

  /** How long rows that were read are shown again. */
  static final long GOOD_FOR_MS = 60_000;

  /** Attempts kept. */
  private static final int MOST_KEPT = 4;

  private final Situation situation;
  private final Archive archive;
  private final Map<List<Object>, Past> kept =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Past> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /**
   * An attempt without its segments.
   *
   * @param readMs wall time of the reading
   */
  private record Past(ReportData data, long readMs) {}

  PastRoutes(Situation situation, Archive archive) {
    this.situation = situation;
    this.archive = archive;
  }

  List<Route> routes() {
    return List.of(Route.get("/live/rollouts/{id}/past", this::past));
  }

  private Reply past(Request request) {
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
    try {
      Past past = read(id, attempt.intValue());
      return Reply.json(200, json(past, newest.number(), from, to));
    } catch (UserError e) {
      return unreadable(e.problems().get(0).toString());
    } catch (RuntimeException e) {
      LOG.warn("the tables cannot be read for {}", Text.plain(id), e);
      return unreadable("the log says why");
    }
  }

  /** No error: a server shows the topics with or without tables. */
  private static Reply unreadable(String why) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("unreadable", "the tables cannot be read: " + why);
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

  private synchronized Past read(String id, int attempt) {
    List<Object> key = List.of(id, attempt);
    Past known = kept.get(key);
    if (known == null || situation.now() - known.readMs() > GOOD_FOR_MS) {
      PublishedRows all = PublishedRows.of(archive.attempt(id, attempt));
      known = new Past(all.data().overall(), situation.now());
      kept.put(key, known);
    }
    return known;
  }

  private static ObjectNode json(Past past, int attempts, long fromMs, long toMs) {
    ObjectNode json = LiveReport.past(past.data().between(fromMs, toMs));
    json.put("attempt", past.data().attempt());
    json.put("attempts", attempts);
    json.put("read_ms", past.readMs());
    List<GateSignal> signals = past.data().signals();
    if (!signals.isEmpty()) {
      json.put("first_ms", signals.get(0).boundaryMs());
      json.put("last_ms", signals.get(signals.size() - 1).boundaryMs());
    }
    return json;
  }
}
