package io.tidegate.analysis.baseline;

import static io.tidegate.analysis.baseline.HistoryPlan.DAY_MS;
import static io.tidegate.analysis.baseline.HistoryPlan.HOUR_MS;
import static io.tidegate.analysis.baseline.HistoryPlan.WEEK_MS;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.baseline.HistoryPlan.Before;
import io.tidegate.analysis.baseline.HistoryPlan.Group;
import io.tidegate.analysis.baseline.HistoryPlan.Tracked;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HourBook.Segment;
import io.tidegate.analysis.metric.Money;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.model.MetricKind.Quantile;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.UnitCovariate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Puts units through make-believe rollouts of a week, one after the other: a unit enters at its
 * first trigger in each week and is followed as the metric says. The weeks of different units begin
 * at different hours (by hash), so that every hour of the week has entries from every part of a
 * ramp; a unit's week that began before the archive is left out. Mutable.
 *
 * <p>A unit served a treatment is not followed past that exposure until the change is everybody's,
 * or it was not served one for eight weeks.
 *
 * <p>What an hour's units come to depends on events from eight weeks before it to the end of the
 * metric's window after it, not on where the history begins.
 */
public final class UnitCohorts {

  /** Hours at which the weeks of units begin. */
  static final int STARTS = 168;

  private final HistoryPlan plan;
  private final Map<String, HourBook> books = new TreeMap<>();

  public UnitCohorts(HistoryPlan plan) {
    this.plan = plan;
  }

  /** The series so far, by metric key. */
  public Map<String, HourBook> books() {
    return books;
  }

  /** Number of cells held. */
  public int size() {
    return books.values().stream().mapToInt(HourBook::size).sum();
  }

  /** Forgets what was counted. */
  public void clear() {
    books.clear();
  }

  /** Share of the units whose week began inside the archive, at an hour since its begin. */
  static double share(long hour) {
    return StrictMath.min(1, (hour + 1.0) / STARTS);
  }

  /**
   * Adds one unit.
   *
   * @param points its events in event-time order, once each
   */
  public void add(List<Point> points) {
    List<long[]> treated = treated(points);
    for (Group group : plan.groups()) {
      if (!group.tracked().isEmpty()) {
        for (int entry : entries(group, points)) {
          enter(group, points, entry, treated);
        }
      }
    }
  }

  /** Adds one unit's values of quantile metrics, of which the thresholds are made. */
  public void addValues(List<Point> points) {
    List<long[]> treated = treated(points);
    for (Group group : plan.groups()) {
      if (group.tracked().stream().anyMatch(t -> t.metric().kind() instanceof Quantile)) {
        for (int entry : entries(group, points)) {
          measure(group, points, entry, treated);
        }
      }
    }
  }

  private void enter(Group group, List<Point> points, int entry, List<long[]> treated) {
    Point trigger = points.get(entry);
    int hour = (int) ((trigger.timeMs - plan.request().startMs()) / HOUR_MS);
    for (Tracked tracked : group.tracked()) {
      if (trigger.timeMs < plan.request().foldFromMs(tracked.key())) {
        continue;
      }
      boolean whole = whole(tracked, trigger, treated);
      HourBook book = books.computeIfAbsent(tracked.key(), k -> new HourBook());
      long[] slots = new long[tracked.fold().slots()];
      if (whole) {
        fold(tracked, slots, points, entry, trigger.timeMs + tracked.followMs());
      }
      boolean unknown = Money.converts(tracked.metric().kind()) && tracked.fold().d(slots, 0) > 0;
      for (Segment segment : segments(tracked, trigger)) {
        HourCell cell = book.cell(segment, hour);
        cell.enter();
        if (whole && unknown) {
          cell.refuse();
        } else if (whole) {
          cell.follow(tracked.fold().y(slots, 0), tracked.fold().d(slots, 0));
        }
      }
    }
  }

  private void measure(Group group, List<Point> points, int entry, List<long[]> treated) {
    Point trigger = points.get(entry);
    for (Tracked tracked : group.tracked()) {
      if (tracked.metric().kind() instanceof Quantile kind
          && trigger.timeMs >= plan.request().foldFromMs(tracked.key())
          && whole(tracked, trigger, treated)) {
        measure(tracked, kind, points.subList(entry, points.size()));
      }
    }
  }

  /** Whether a unit is followed to the end of the window and untreated until then. */
  private boolean whole(Tracked tracked, Point trigger, List<long[]> treated) {
    long endMs = trigger.timeMs + tracked.followMs();
    return endMs <= plan.request().endMs() && !meets(treated, trigger.timeMs, endMs);
  }

  private static void fold(
      Tracked tracked, long[] slots, List<Point> points, int entry, long endMs) {
    long entryMs = points.get(entry).timeMs;
    for (int i = entry; i < points.size() && points.get(i).timeMs < endMs; i++) {
      Point point = points.get(i);
      if (!point.exposure) {
        tracked.fold().outcome(slots, 0, point, point.timeMs - entryMs);
      }
    }
  }

  /** The values of a unit from its entry on. */
  private void measure(Tracked tracked, Quantile kind, List<Point> points) {
    HourBook book = books.computeIfAbsent(tracked.key(), k -> new HourBook());
    long entryMs = points.get(0).timeMs;
    List<Segment> segments = segments(tracked, points.get(0));
    for (Point point : points) {
      if (point.timeMs >= entryMs + tracked.followMs()) {
        return;
      }
      if (!point.exposure && UnitFolds.matches(kind.outcome(), point)) {
        double found = UnitFolds.measured(point, kind.measure());
        if (Double.isFinite(found)) {
          segments.forEach(segment -> book.values(segment, HourBook.day(entryMs)).add(found, 1));
        }
      }
    }
  }

  /** Indices of the events at which the unit enters a week. */
  private List<Integer> entries(Group group, List<Point> points) {
    List<Integer> entries = new ArrayList<>();
    if (points.isEmpty()) {
      return entries;
    }
    HistoryRequest request = plan.request();
    long offsetMs = offsetMs(points.get(0).unitKey);
    long entered = Long.MIN_VALUE;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      long week = Math.floorDiv(point.timeMs - offsetMs, WEEK_MS);
      if (week > entered && point.timeMs < request.endMs() && lets(group, point)) {
        entered = week;
        if (point.timeMs >= request.startMs()
            && week * WEEK_MS + offsetMs >= request.kept().knownFromMs()) {
          entries.add(i);
        }
      }
    }
    return entries;
  }

  /** The spec's trigger if it has one, else an exposure or any outcome. */
  private static boolean lets(Group group, Point point) {
    OutcomeFilter trigger = group.spec().trigger();
    if (trigger != null) {
      return !point.exposure && UnitFolds.matches(trigger, point);
    }
    return group.byExposure()
        ? point.exposure && point.name.equals(group.spec().flag().key())
        : !point.exposure;
  }

  private static long offsetMs(long unitKey) {
    long mixed = unitKey * 0x9E3779B97F4A7C15L;
    return Math.floorMod(mixed >>> 20, (long) STARTS) * HOUR_MS;
  }

  private static List<Segment> segments(Tracked tracked, Point trigger) {
    List<Segment> segments = new ArrayList<>();
    segments.add(HourBook.WHOLE);
    for (SplitDimension dimension : tracked.dimensions()) {
      String value = dimension.segmentOf(trigger.attribute(dimension.name()));
      segments.add(new Segment(dimension.name(), value));
    }
    return segments;
  }

  /**
   * A unit served a treatment.
   *
   * @return when, and when the change became everybody's
   */
  private List<long[]> treated(List<Point> points) {
    List<long[]> treated = new ArrayList<>();
    for (Treatment treatment : plan.treatments()) {
      for (Point point : points) {
        if (point.exposure
            && point.timeMs < treatment.untilMs()
            && point.name.equals(treatment.flag())
            && point.variant.equals(treatment.variant())) {
          treated.add(new long[] {point.timeMs, treatment.untilMs()});
        }
      }
    }
    return treated;
  }

  /** Whether a unit has a change that not everybody has within half-open times. */
  private static boolean meets(List<long[]> treated, long fromMs, long toMs) {
    return treated.stream()
        .anyMatch(t -> t[0] >= fromMs - HistoryPlan.TREATED_MS && t[0] < toMs && fromMs < t[1]);
  }

  /**
   * The unit's numbers over the days before a rollout; nothing of a unit that history does not know
   * there, and no money that has no rate.
   */
  public void covariates(String unitId, List<Point> points, Consumer<UnitCovariate> out) {
    for (Group group : plan.groups()) {
      if (!group.before().isEmpty()) {
        covariates(group, unitId, points, out);
      }
    }
  }

  private static void covariates(
      Group group, String unitId, List<Point> points, Consumer<UnitCovariate> out) {
    long endMs = group.beforeEndMs();
    long startMs = endMs - HistoryPlan.COVARIATE_DAYS * DAY_MS;
    List<Point> window =
        points.stream().filter(p -> p.timeMs >= startMs && p.timeMs < endMs).toList();
    if (window.isEmpty()) {
      return;
    }
    for (Before before : group.before()) {
      long[] slots = new long[before.fold().slots()];
      for (Point point : window) {
        if (!point.exposure) {
          before.fold().outcome(slots, 0, point, point.timeMs - startMs);
        }
      }
      long y = before.fold().y(slots, 0);
      long d = before.fold().d(slots, 0);
      if (d == 0 || !Money.converts(before.kind())) {
        out.accept(
            new UnitCovariate(
                unitId, before.key(), before.metric(), endMs, HistoryPlan.COVARIATE_DAYS, y, d));
      }
    }
  }
}
