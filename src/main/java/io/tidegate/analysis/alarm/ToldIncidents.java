package io.tidegate.analysis.alarm;

import io.tidegate.model.Incident;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States of incidents that were told, and what is left to tell when hours are judged anew. What is
 * found about a time long before the newest state stays untold, what was told then stands; but
 * whether an incident is open is told as it is now.
 */
public final class ToldIncidents implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Events come late and runs are missed for less than this. */
  private static final Duration RECENT = Duration.ofDays(2);

  /** History before an hour without which not every alarm is raised. */
  private static final Duration LEARNING = Duration.ofDays(6 * 7);

  private final HashMap<String, Incident> newest = new HashMap<>();
  private final HashSet<String> recent = new HashSet<>();
  private final long newestMs;

  /** Takes states in any order; those of rollouts are not the alarms'. */
  public ToldIncidents(Collection<Incident> states) {
    long latestMs = Long.MIN_VALUE;
    for (Incident state : states) {
      if (state.rolloutId().isEmpty()) {
        newest.merge(state.incidentId(), state, ToldIncidents::later);
        latestMs = Math.max(latestMs, state.eventTimeMs());
      }
    }
    newestMs = latestMs;
    for (Incident state : states) {
      if (state.eventTimeMs() > newestMs - RECENT.toMillis()) {
        recent.add(key(state));
      }
    }
  }

  /**
   * What is to be told.
   *
   * @param found the states of every incident in [startMs, endMs), in order of time
   * @param respondWithin time to answer an incident that is told long after it was opened
   */
  public List<Incident> news(
      List<Incident> found, long startMs, long endMs, Duration respondWithin) {
    List<Incident> news = new ArrayList<>();
    Map<String, Incident> told = new HashMap<>(newest);
    Map<String, Incident> now = new LinkedHashMap<>();
    long sinceMs = (newest.isEmpty() ? endMs : newestMs) - RECENT.toMillis();
    for (Incident state : found) {
      now.put(state.incidentId(), state);
      if (state.eventTimeMs() > sinceMs && !recent.contains(key(state))) {
        news.add(state);
        told.merge(state.incidentId(), state, ToldIncidents::later);
      }
    }
    now.forEach(
        (id, state) -> {
          Incident before = told.get(id);
          if (before == null && isOpen(state)) {
            news.add(at(state, endMs, null, state.sentence(), endMs + respondWithin.toMillis()));
          } else if (before != null && isOpen(before) != isOpen(state) && isBefore(before, endMs)) {
            news.add(at(state, endMs, state.closedAtMs(), state.sentence(), state.respondByMs()));
          }
        });
    newest.values().stream()
        .filter(before -> isOpen(before) && !now.containsKey(before.incidentId()))
        .filter(before -> before.openedAtMs() >= startMs + LEARNING.toMillis())
        .filter(before -> isBefore(before, endMs))
        .sorted((a, b) -> a.incidentId().compareTo(b.incidentId()))
        .forEach(before -> news.add(notFound(before, endMs)));
    return news;
  }

  private static Incident notFound(Incident before, long endMs) {
    String sentence = before.sentence() + "; over: with what is known now it is not found any more";
    return at(before, endMs, endMs, sentence, before.respondByMs());
  }

  private static Incident at(
      Incident state,
      long eventTimeMs,
      @Nullable Long closedAtMs,
      String sentence,
      @Nullable Long respondByMs) {
    return new Incident(
        state.incidentId(),
        eventTimeMs,
        state.openedAtMs(),
        closedAtMs,
        state.rolloutId(),
        state.kind(),
        state.severity(),
        sentence,
        state.metrics(),
        state.commonCause(),
        state.blamesRollout(),
        state.owner(),
        respondByMs,
        state.observed(),
        state.expected());
  }

  private static Incident later(Incident a, Incident b) {
    return b.eventTimeMs() >= a.eventTimeMs() ? b : a;
  }

  private static boolean isOpen(Incident state) {
    return state.closedAtMs() == null;
  }

  private static boolean isBefore(Incident state, long endMs) {
    return state.eventTimeMs() < endMs;
  }

  private static String key(Incident state) {
    return state.incidentId() + '@' + state.eventTimeMs();
  }
}
