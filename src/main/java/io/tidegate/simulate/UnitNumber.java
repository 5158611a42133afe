package io.tidegate.simulate;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.model.OutcomeFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A unit's number for a metric, straight from its definition. */
final class UnitNumber {

  private static final long ONE = 1_000_000;
  private static final long[] NOT_COUNTED = {};

  private final long entryMs;
  private final long untilMs;
  private final List<Outcome> outcomes;

  private UnitNumber(long entryMs, long untilMs, List<Outcome> outcomes) {
    this.entryMs = entryMs;
    this.untilMs = untilMs;
    this.outcomes = outcomes;
  }

  /**
   * Numerator and denominator ×10⁶ of a unit that entered at {@code entryMs}, of outcomes before
   * {@code untilMs}; empty where the unit does not count (not old enough for a retention, never
   * started, or a quantile, whose threshold history decides).
   */
  static long[] of(MetricKind kind, long entryMs, long untilMs, List<Outcome> outcomes) {
    UnitNumber unit = new UnitNumber(entryMs, untilMs, outcomes);
    if (kind instanceof MetricKind.Proportion k) {
      return unit.whole(unit.in(k.outcome(), k.window()).isEmpty() ? 0 : 1);
    } else if (kind instanceof MetricKind.Count k) {
      long n = unit.in(k.outcome(), k.window()).size();
      return unit.whole(k.cap() == null ? n : Math.min(n, k.cap()));
    } else if (kind instanceof MetricKind.Sum k) {
      long sum = sum(unit.in(k.outcome(), k.window()));
      return new long[] {k.capMicros() == null ? sum : Math.min(sum, k.capMicros()), ONE};
    } else if (kind instanceof MetricKind.Mean k) {
      List<Outcome> all = unit.in(k.outcome(), k.window());
      return new long[] {sum(all), all.size() * ONE};
    } else if (kind instanceof MetricKind.Ratio k) {
      return new long[] {
        unit.term(k.numerator(), k.window()), unit.term(k.denominator(), k.window())
      };
    } else if (kind instanceof MetricKind.Retention k) {
      return unit.retention(k);
    } else if (kind instanceof MetricKind.Depth k) {
      return unit.depth(k);
    } else if (kind instanceof MetricKind.Funnel k) {
      return unit.whole(unit.finishes(k) ? 1 : 0);
    } else if (kind instanceof MetricKind.Elapsed k) {
      return unit.elapsed(k);
    }
    return NOT_COUNTED;
  }

  private long[] whole(long number) {
    return new long[] {number * ONE, ONE};
  }

  private long term(MetricKind.Term term, @Nullable Duration window) {
    List<Outcome> all = in(term.outcome(), window);
    return term.sumOfValues() ? sum(all) : all.size() * ONE;
  }

  private long[] retention(MetricKind.Retention kind) {
    long fromMs = entryMs + kind.fromDay() * DAY_MS;
    long toMs = entryMs + kind.toDay() * DAY_MS;
    if (toMs > untilMs) {
      return NOT_COUNTED;
    }
    boolean came =
        in(kind.outcome(), null).stream()
            .anyMatch(o -> o.eventTimeMs() >= fromMs && o.eventTimeMs() < toMs);
    return whole(came ? 1 : 0);
  }

  private long[] depth(MetricKind.Depth kind) {
    return whole(
        in(kind.outcome(), Duration.ofDays(kind.days())).stream()
            .mapToLong(o -> (o.eventTimeMs() - entryMs) / DAY_MS)
            .distinct()
            .count());
  }

  /** Whether some first step is followed in order by all others, each within the time of it. */
  private boolean finishes(MetricKind.Funnel kind) {
    for (Outcome first : in(kind.steps().get(0), null)) {
      long limitMs = first.eventTimeMs() + kind.within().toMillis();
      long atMs = first.eventTimeMs();
      int step = 1;
      while (step < kind.steps().size()) {
        Outcome next = after(kind.steps().get(step), atMs, limitMs);
        if (next == null) {
          break;
        }
        atMs = next.eventTimeMs();
        step++;
      }
      if (step == kind.steps().size()) {
        return true;
      }
    }
    return false;
  }

  private long[] elapsed(MetricKind.Elapsed kind) {
    List<Outcome> starts = in(kind.from(), null);
    if (starts.isEmpty()) {
      return NOT_COUNTED;
    }
    long startMs = starts.get(0).eventTimeMs();
    long withinMs = kind.within().toMillis();
    Outcome end = after(kind.to(), startMs, startMs + withinMs);
    long took = end == null ? withinMs : end.eventTimeMs() - startMs;
    return new long[] {took * (ONE / 1000), ONE};
  }

  private @Nullable Outcome after(OutcomeFilter filter, long fromMs, long beforeMs) {
    return in(filter, null).stream()
        .filter(o -> o.eventTimeMs() >= fromMs && o.eventTimeMs() < beforeMs)
        .findFirst()
        .orElse(null);
  }

  /** Outcomes from the entry on, before the window's end, in the order of time. */
  private List<Outcome> in(OutcomeFilter filter, @Nullable Duration window) {
    long endMs = window == null ? untilMs : Math.min(untilMs, entryMs + window.toMillis());
    List<Outcome> found = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.eventTimeMs() >= entryMs
          && outcome.eventTimeMs() < endMs
          && outcome.name().equals(filter.outcome())
          && passes(filter, outcome)) {
        found.add(outcome);
      }
    }
    found.sort(Comparator.comparingLong(Outcome::eventTimeMs).thenComparing(Outcome::eventId));
    return found;
  }

  private static boolean passes(OutcomeFilter filter, Outcome outcome) {
    return filter.where().entrySet().stream()
        .allMatch(
            e -> e.getValue().contains(outcome.attributes().getOrDefault(e.getKey(), "(unknown)")));
  }

  private static long sum(List<Outcome> outcomes) {
    return outcomes.stream().mapToLong(Outcome::valueMicros).sum();
  }
}
