package io.tidegate.serve;

import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What Prometheus scrapes (text format 0.0.4). */
final class MetricsRoute {

  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Situation situation;
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  MetricsRoute(Situation situation) {
    this.situation = situation;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            "/metrics",
            request -> new Reply(200, TYPE, render().getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * Counts a request.
   *
   * @param route its template, never the path itself: the number of series stays bounded
   */
  void count(String route, int status) {
    String labels = labels("route", route, "status", Integer.toString(status));
    requests.computeIfAbsent(labels, unknown -> new LongAdder()).increment();
  }

  private String render() {
    Samples out = new Samples();
    List<RolloutState> states = situation.board().shown();
    verdicts(states, out);
    ages(states, out);
    long frontierMs = situation.board().frontierMs();
    out.family("tidegate_clock_timestamp_seconds", "Newest TICK of the rollouts' clock.");
    if (frontierMs != Long.MIN_VALUE) {
      out.sample("", frontierMs / 1000.0);
    }
    out.family("tidegate_serve_ready", "1 once the topics were read to their end.");
    out.sample("", situation.ready().getAsBoolean() ? 1 : 0);
    out.family("tidegate_serve_lag_records", "Committed records not yet read.");
    situation.lag().get().forEach((topic, lag) -> out.sample(labels("topic", topic), lag));
    out.counter("tidegate_serve_skipped_records_total", "Records that could not be read.");
    out.sample("", situation.board().skipped());
    out.counter("tidegate_serve_requests_total", "Requests answered.");
    requests.forEach((labels, count) -> out.sample(labels, count.sum()));
    return out.text();
  }

  private static void verdicts(List<RolloutState> states, Samples out) {
    out.family("tidegate_rollout_verdict", "1 for the newest verdict of a rollout, else 0.");
    for (RolloutState state : states) {
      GateSignal signal = state.signal();
      for (Verdict verdict : Verdict.values()) {
        String labels = labels("rollout", state.id(), "verdict", verdict.name());
        out.sample(labels, signal != null && signal.verdict() == verdict ? 1 : 0);
      }
    }
    out.family("tidegate_rollout_phase", "1 for the phase of a rollout, else 0.");
    for (RolloutState state : states) {
      for (RolloutState.Phase phase : RolloutState.Phase.values()) {
        String name = phase.name().toLowerCase(java.util.Locale.ROOT);
        String labels = labels("rollout", state.id(), "phase", name);
        out.sample(labels, state.phase() == phase ? 1 : 0);
      }
    }
    out.family("tidegate_rollout_stage_percent", "Share of traffic of the stage in force.");
    for (RolloutState state : states) {
      Epoch epoch = state.epoch();
      if (epoch != null) {
        String labels = labels("rollout", state.id(), "stage", epoch.stage().name());
        out.sample(labels, epoch.stage().percent());
      }
    }
  }

  private void ages(List<RolloutState> states, Samples out) {
    out.family(
        "tidegate_rollout_pass",
        "1 where a tool may go on, -1 where it must go back, 0 where it waits.");
    for (RolloutState state : states) {
      out.sample(
          labels("rollout", state.id()),
          switch (situation.answer(state.id(), "").outcome()) {
            case PASS -> 1;
            case INCONCLUSIVE -> 0;
            case FAIL -> -1;
          });
    }
    out.family("tidegate_rollout_stale", "1 where the newest verdict is too old to act on.");
    for (RolloutState state : states) {
      boolean stale = !situation.age(state).stale().isEmpty();
      out.sample(labels("rollout", state.id()), stale ? 1 : 0);
    }
    out.family("tidegate_rollout_boundary_age_seconds", "Age of the newest verdict's boundary.");
    for (RolloutState state : states) {
      Double age = situation.age(state).secondsSinceBoundary();
      if (age != null) {
        out.sample(labels("rollout", state.id()), age);
      }
    }
    out.family(
        "tidegate_rollout_respond_by_timestamp_seconds", "When a person must have answered.");
    for (RolloutState state : states) {
      GateSignal signal = state.signal();
      Long respondByMs = signal == null ? null : signal.respondByMs();
      if (respondByMs != null) {
        out.sample(labels("rollout", state.id()), respondByMs / 1000.0);
      }
    }
  }

  private static String labels(String... pairs) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < pairs.length; i += 2) {
      String escaped =
          pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      text.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"").append(escaped).append('"');
    }
    return text.append('}').toString();
  }

  /** Lines of the exposition. Mutable. */
  private static final class Samples {
    private final StringBuilder text = new StringBuilder();
    private String name = "";

    void family(String gauge, String help) {
      head(gauge, help, "gauge");
    }

    void counter(String counter, String help) {
      head(counter, help, "counter");
    }

    private void head(String named, String help, String type) {
      name = named;
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String labels, double value) {
      text.append(name).append(labels).append(' ');
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        text.append((long) value);
      } else {
        text.append(value);
      }
      text.append('\n');
    }

    String text() {
      return text.toString();
    }
  }
}
