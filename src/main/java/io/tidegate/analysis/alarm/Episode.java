package io.tidegate.analysis.alarm;

import io.tidegate.analysis.alarm.Judged.Onset;
import io.tidegate.analysis.alarm.Judged.Span;
import io.tidegate.analysis.detect.Detection.Cause;
import io.tidegate.model.Incident.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Alarms that belong together, from the first on. Mutable. */
final class Episode {

  /** A departure that lasts as long is no longer short. */
  private static final int DAY = 24;

  /** The longest window of a shift: for as long the hours of an episode are in one. */
  static final int WEEK = 168;

  /** Alarms join without being of the cause itself for as long. */
  private static final int JOINING = 48;

  private static final int SHORTEST_RETURN = 6;
  private static final double CLEAR = 0.3;
  private static final double RETURNED = 0.5;

  private final List<Judged> all;
  private final boolean above;
  private final boolean overShift;
  private final int openedAt;
  private final int from;
  private final Set<Judged> struck = new LinkedHashSet<>();
  private final Judged first;
  private Map<String, String> cause = Map.of();
  private Kind kind;
  private final double size;
  private int lastAlarm;
  private int closedAt = -1;

  /**
   * Opens an episode.
   *
   * @param all every series
   * @param alarms series with an alarm in the hour, at least one
   * @param overShift whether it comes on top of a shift that is still expected otherwise
   */
  Episode(List<Judged> all, List<Judged> alarms, int hour, boolean overShift) {
    this.all = all;
    openedAt = hour;
    lastAlarm = hour;
    Judged strongest = alarms.get(0);
    Onset onset = strongest.onset(hour);
    for (Judged each : alarms) {
      Onset own = each.onset(hour);
      if (StrictMath.abs(own.score()) > StrictMath.abs(onset.score())) {
        strongest = each;
        onset = own;
      }
    }
    first = strongest;
    from = onset.hour();
    above = onset.score() > 0;
    struck.addAll(alarms);
    explain(hour);
    size = blamed().span(from, hour).relative();
    struck.removeIf(each -> each != first && !mayShare(each));
    boolean shift = first.alarm(hour) == Cause.SHIFT;
    kind = kind(hour, shift);
    this.overShift = overShift && !shift;
  }

  private Kind kind(int hour, boolean shift) {
    if (shift) {
      return Kind.LEVEL_SHIFT;
    }
    if (above) {
      return Kind.SPIKE;
    }
    Span hourNow = blamed().span(hour, hour);
    return hourNow.observed() <= 0 && !first.series().ofValues() ? Kind.MISSING_DATA : Kind.DIP;
  }

  /** Settles what is to blame from what is known by an hour; what was found before may stay. */
  private void explain(int hour) {
    List<Judged> metric = new ArrayList<>();
    for (Judged each : all) {
      if (each.series().sameMetric(first.series())) {
        metric.add(each);
      }
    }
    Map<String, String> found = CommonCause.of(metric, List.copyOf(struck), from, hour);
    if (!found.isEmpty()) {
      cause = found;
    }
  }

  /** The series of the first metric in what is to blame. */
  Judged blamed() {
    for (Judged each : all) {
      if (each.series().sameMetric(first.series()) && isCause(each)) {
        return each;
      }
    }
    return first;
  }

  private boolean isCause(Judged each) {
    Watched series = each.series();
    return cause.isEmpty()
        ? series.whole()
        : series.segment().equals(cause.get(series.dimension()));
  }

  /** Whether the cause may be the series' too: not where another value of its dimension is. */
  private boolean mayShare(Judged each) {
    String value = cause.get(each.series().dimension());
    return value == null || value.equals(each.series().segment());
  }

  /** Whether an alarm of this hour belongs here. */
  boolean accepts(Judged each, int hour) {
    boolean shift = each.alarm(hour) == Cause.SHIFT;
    boolean sameMetric = each.series().sameMetric(first.series());
    if (!mayShare(each)) {
      return false;
    }
    if (closedAt >= 0) {
      return shift
          ? concerns(each) && hour - closedAt <= WEEK && each.onset(hour).hour() < closedAt
          : hour - closedAt <= DAY;
    }
    if (kind == Kind.LEVEL_SHIFT && !shift && hour - from >= DAY) {
      return false;
    }
    return sameMetric || hour - openedAt <= JOINING;
  }

  /**
   * Takes an alarm that it accepts and is open again; but what is short is no shift because its
   * hours are among a shift's, and a shift that is over echoes the other way.
   */
  void join(Judged each, int hour) {
    boolean shift = each.alarm(hour) == Cause.SHIFT;
    boolean other = kind != Kind.LEVEL_SHIFT || each.onset(hour).score() > 0 != above;
    if (closedAt >= 0 && shift && other) {
      return;
    }
    closedAt = -1;
    lastAlarm = hour;
    struck.add(each);
  }

  /** Lets an hour pass after its alarms have joined. */
  void pass(int hour) {
    if (closedAt >= 0) {
      return;
    }
    int age = hour - openedAt;
    if (age > 0 && age <= DAY && Integer.bitCount(age) == 1) {
      explain(hour);
    }
    if (overShift ? hour - lastAlarm >= SHORTEST_RETURN : returned(hour)) {
      closedAt = hour;
    } else if (hour - from >= DAY && !overShift && !silent(hour)) {
      kind = Kind.LEVEL_SHIFT;
    }
  }

  private boolean silent(int hour) {
    return kind == Kind.MISSING_DATA && !(blamed().span(hour, hour).observed() > 0);
  }

  /** Whether hours since the opening, as many as it takes to see the departure, are without it. */
  private boolean returned(int hour) {
    int most = kind == Kind.LEVEL_SHIFT ? 2 * DAY : DAY;
    int fewest = kind == Kind.LEVEL_SHIFT ? most : SHORTEST_RETURN;
    Judged blamed = blamed();
    for (int n = fewest; n <= StrictMath.min(most, hour - openedAt); n++) {
      Span lately = blamed.span(hour - n + 1, hour);
      double departed = StrictMath.abs(size) * lately.expected();
      if (lately.sd() <= CLEAR * departed || n == most) {
        double direction = above ? 1 : -1;
        return direction * (lately.observed() - lately.expected()) < RETURNED * departed;
      }
    }
    return false;
  }

  /** Whether an alarm opened it or joined it. */
  boolean has(Judged each) {
    return struck.contains(each);
  }

  private boolean concerns(Judged each) {
    return struck.stream().anyMatch(one -> one.series().sameMetric(each.series()));
  }

  /** Whether it is a shift that a new alarm may come on top of. */
  boolean underlies(Judged each) {
    return closedAt < 0 && kind == Kind.LEVEL_SHIFT && mayShare(each);
  }

  int openedAt() {
    return openedAt;
  }

  int from() {
    return from;
  }

  /** The hour at whose end it was over; −1 while it is open. */
  int closedAt() {
    return closedAt;
  }

  Kind kind() {
    return kind;
  }

  Map<String, String> cause() {
    return cause;
  }

  Judged first() {
    return first;
  }

  /** Departure relative to what was expected, as it was seen when it opened. */
  double size() {
    return size;
  }

  /** Names of what is abnormal, the strongest first. */
  List<String> metrics() {
    Set<String> names = new LinkedHashSet<>();
    names.add(first.series().metric());
    struck.stream()
        .filter(this::mayShare)
        .map(each -> each.series().metric())
        .sorted()
        .forEach(names::add);
    return List.copyOf(names);
  }
}
