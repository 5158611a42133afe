package io.tidegate.analysis.alarm;

import io.tidegate.analysis.alarm.Judged.Span;
import io.tidegate.model.Incident;
import io.tidegate.model.Incident.Kind;
import io.tidegate.model.Incident.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The state of an episode as it is told. */
final class IncidentText {

  private static final double CRITICAL = 0.5;
  private static final double WARNING = 0.05;

  private IncidentText() {}

  static Incident state(Episode episode, int hour, Hours hours, AlarmSettings settings) {
    long openedMs = hours.startMs(episode.openedAt() + 1);
    long fromMs = hours.startMs(episode.from());
    Watched first = episode.first().series();
    Span span = episode.blamed().span(episode.from(), hour);
    double per = first.ofValues() ? StrictMath.max(1, span.weight()) : 1;
    boolean over = episode.closedAt() >= 0;
    long untilMs = hours.startMs((over ? episode.closedAt() : hour) + 1);
    return new Incident(
        Instant.ofEpochMilli(openedMs)
            + "/"
            + first.metric()
            + "/"
            + first.dimension()
            + "="
            + first.segment(),
        hours.startMs(hour + 1),
        fromMs,
        over ? untilMs : null,
        "",
        episode.kind(),
        severity(episode),
        sentence(episode, span, per, fromMs, over) + running(settings.rollouts(), fromMs, untilMs),
        episode.metrics(),
        episode.cause(),
        false,
        settings.owner(),
        openedMs + settings.respondWithin().toMillis(),
        span.observed() / per,
        span.expected() / per);
  }

  private static Severity severity(Episode episode) {
    double size = StrictMath.abs(episode.size());
    if (episode.kind() == Kind.MISSING_DATA || size >= CRITICAL) {
      return Severity.CRITICAL;
    }
    return size >= WARNING ? Severity.WARNING : Severity.INFO;
  }

  private static String sentence(
      Episode episode, Span span, double per, long fromMs, boolean over) {
    StringBuilder text = new StringBuilder();
    List<String> metrics = episode.metrics();
    text.append(metrics.get(0));
    for (Map.Entry<String, String> cause : episode.cause().entrySet()) {
      text.append(" of ").append(cause.getKey()).append('=').append(cause.getValue());
    }
    text.append(
        String.format(
            Locale.ROOT,
            " is %+.1f %% off what was expected since %s: %s instead of %s %s %d h",
            100 * span.relative(),
            Instant.ofEpochMilli(fromMs),
            figure(span.observed() / per),
            figure(span.expected() / per),
            per > 1 ? "on average over" : "in",
            span.hours()));
    if (metrics.size() > 1) {
      text.append("; ")
          .append(String.join(", ", metrics.subList(1, metrics.size())))
          .append(" too");
    }
    if (episode.kind() == Kind.LEVEL_SHIFT) {
      text.append(over ? "; a lasting shift, over or expected by now" : "; a lasting shift");
    } else if (over) {
      text.append("; over");
    }
    return text.toString();
  }

  /** An incident is of what came in all; which variant it came from is the gate's to judge. */
  private static String running(List<Running> rollouts, long fromMs, long untilMs) {
    List<String> ids =
        rollouts.stream()
            .filter(rollout -> rollout.within(fromMs, untilMs))
            .map(Running::rolloutId)
            .distinct()
            .sorted()
            .toList();
    return ids.isEmpty()
        ? ""
        : "; rollouts running: "
            + String.join(", ", ids)
            + " (whether one is the cause is the gate's to say)";
  }

  private static String figure(double number) {
    return String.format(Locale.ROOT, StrictMath.abs(number) < 100 ? "%.2f" : "%,.0f", number);
  }
}
