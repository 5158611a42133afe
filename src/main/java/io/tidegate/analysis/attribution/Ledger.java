package io.tidegate.analysis.attribution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a unit's account: takes its events in any order and posts, bucket by bucket, the
 * differences that the fold in event-time order makes. The posts so far always add up to the fold
 * of the points so far, whatever their order.
 */
public final class Ledger {

  /** Length of the slices of event time in which copies of an event are looked for. */
  public static final long SLICE_MS = 600_000L;

  /** What became of an event. */
  public enum Fate {
    USED,
    LATE,
    DUPLICATE,
    BEYOND_HORIZON
  }

  private final int horizonSlices;
  private final DeltaSink sink;

  /**
   * @param horizonSlices slices within which copies are known, and by which an event may be late
   */
  public Ledger(int horizonSlices, DeltaSink sink) {
    this.horizonSlices = horizonSlices;
    this.sink = sink;
  }

  /**
   * Takes one event of a unit.
   *
   * @param watermarkMs no earlier event is expected; {@link Long#MIN_VALUE} where nothing is late
   * @param closedMs boundaries up to here will see no other change; the watermark, or in sorted
   *     input the event's time
   */
  public Fate take(
      UnitState state,
      Point point,
      Collection<RolloutContext> contexts,
      long watermarkMs,
      long closedMs) {
    close(state, contexts, closedMs);
    point.arrivalMs = watermarkMs;
    if (watermarkMs != Long.MIN_VALUE && point.timeMs < watermarkMs - horizonSlices * SLICE_MS) {
      count(state, contexts, point, CellKey.BEYOND);
      return Fate.BEYOND_HORIZON;
    }
    Point kept = copyOf(state, point);
    if (kept != null && !replaces(state, contexts, point, kept)) {
      count(state, contexts, point, CellKey.DUPLICATE);
      return Fate.DUPLICATE;
    }
    if (kept == null && seen(state, point)) {
      count(state, contexts, point, CellKey.DUPLICATE);
      return Fate.DUPLICATE;
    }
    List<Point> before = List.copyOf(state.open);
    if (kept != null) {
      state.open.remove(kept);
    }
    insert(state.open, point);
    boolean late = false;
    for (RolloutContext context : contexts) {
      if (context.concerns(point)) {
        repost(state, context, before, point, kept == null);
        late |= context.effectiveMs(point) > point.timeMs;
      }
    }
    count(
        state,
        contexts,
        point,
        kept != null ? CellKey.DUPLICATE : late ? CellKey.LATE : CellKey.USED);
    return kept != null ? Fate.DUPLICATE : late ? Fate.LATE : Fate.USED;
  }

  /** Folds what closed boundaries have settled and forgets what is past the horizon. */
  public void close(UnitState state, Collection<RolloutContext> contexts, long closedMs) {
    if (closedMs == Long.MIN_VALUE) {
      return;
    }
    if (!state.open.isEmpty()) {
      for (RolloutContext context : contexts) {
        advance(state, context, context.floorBoundary(closedMs));
      }
      state.open.removeIf(point -> settled(state, contexts, point, closedMs));
    }
    state.forgetBefore(slice(closedMs) - 2 * horizonSlices - 1);
  }

  private static void advance(UnitState state, RolloutContext context, long boundaryMs) {
    RolloutUnit base = state.rollout(context.ordinal());
    long from = base == null ? Long.MIN_VALUE : base.foldedToMs;
    if (boundaryMs <= from) {
      return;
    }
    Poster silent = new Poster(context, delta -> {}).signed(0);
    for (Point point : ordered(context, state.open)) {
      long timeMs = context.effectiveMs(point);
      if (timeMs >= from && timeMs < boundaryMs && (base != null || point.exposure)) {
        if (base == null) {
          base = new RolloutUnit(context.ordinal());
          state.keep(base);
        }
        RolloutFold.step(context, base, point, silent);
      }
    }
    if (base != null) {
      base.foldedToMs = boundaryMs;
    }
  }

  private static boolean settled(
      UnitState state, Collection<RolloutContext> contexts, Point point, long closedMs) {
    for (RolloutContext context : contexts) {
      if (context.concerns(point)
          && context.effectiveMs(point) >= context.floorBoundary(closedMs)) {
        return false;
      }
    }
    state.remember(point.idHash, slice(point.timeMs));
    return true;
  }

  /** Posts what a point changes in one rollout. */
  private void repost(
      UnitState state, RolloutContext context, List<Point> before, Point point, boolean added) {
    Poster poster = new Poster(context, sink);
    List<Point> after = ordered(context, state.open);
    if (added && after.get(after.size() - 1) == point) {
      RolloutUnit unit = fold(state, context, after.subList(0, after.size() - 1), poster.signed(0));
      RolloutFold.step(context, unit, point, poster.signed(1));
    } else {
      fold(state, context, ordered(context, before), poster.signed(-1));
      fold(state, context, after, poster.signed(1));
    }
  }

  private static RolloutUnit fold(
      UnitState state, RolloutContext context, List<Point> points, Poster poster) {
    RolloutUnit base = state.rollout(context.ordinal());
    RolloutUnit unit = base == null ? new RolloutUnit(context.ordinal()) : base.copy();
    for (Point point : points) {
      if (context.effectiveMs(point) >= unit.foldedToMs) {
        RolloutFold.step(context, unit, point, poster);
      }
    }
    return unit;
  }

  /** The points a rollout reads, by the time at which they count. */
  private static List<Point> ordered(RolloutContext context, List<Point> points) {
    List<Point> concerned = new ArrayList<>(points.size());
    boolean late = false;
    for (Point point : points) {
      if (context.concerns(point)) {
        concerned.add(point);
        late |= point.arrivalMs >= point.timeMs;
      }
    }
    if (late) {
      concerned.sort(
          java.util.Comparator.<Point>comparingLong(context::effectiveMs)
              .thenComparing(Point.ORDER));
    }
    return concerned;
  }

  private static void insert(List<Point> open, Point point) {
    int at = open.size();
    while (at > 0 && Point.ORDER.compare(open.get(at - 1), point) > 0) {
      at--;
    }
    open.add(at, point);
  }

  private @Nullable Point copyOf(UnitState state, Point point) {
    for (Point other : state.open) {
      if (other.idHash == point.idHash && near(slice(other.timeMs), slice(point.timeMs))) {
        return other;
      }
    }
    return null;
  }

  private boolean seen(UnitState state, Point point) {
    int slice = slice(point.timeMs);
    for (int i = 0; i < state.seenIds.length; i++) {
      if (state.seenIds[i] == point.idHash && near(state.seenSlices[i], slice)) {
        return true;
      }
    }
    return false;
  }

  private boolean near(int slice, int other) {
    return Math.abs(slice - other) <= horizonSlices;
  }

  /**
   * While the kept copy's bucket is open, the smaller (event time, content) of two copies stays.
   */
  private static boolean replaces(
      UnitState state, Collection<RolloutContext> contexts, Point point, Point kept) {
    if (point.timeMs > kept.timeMs
        || (point.timeMs == kept.timeMs && point.contentHash >= kept.contentHash)) {
      return false;
    }
    for (RolloutContext context : contexts) {
      RolloutUnit base = state.rollout(context.ordinal());
      if (base != null && context.concerns(kept) && context.effectiveMs(kept) < base.foldedToMs) {
        return false;
      }
    }
    return true;
  }

  private void count(
      UnitState state, Collection<RolloutContext> contexts, Point point, int channel) {
    for (RolloutContext context : contexts) {
      if (context.concerns(point)) {
        Poster poster = new Poster(context, sink).signed(1);
        long timeMs = context.effectiveMs(point);
        int attempt = poster.attemptNumber(timeMs);
        if (attempt > 0) {
          RolloutUnit unit = state.rollout(context.ordinal());
          RolloutUnit known =
              unit != null && unit.entered && unit.attempt == attempt && !unit.late ? unit : null;
          poster.countEvent(known, attempt, channel, timeMs);
          if (known != null && (channel == CellKey.LATE || channel == CellKey.BEYOND)) {
            known.late = true;
            poster.countEvent(known, attempt, CellKey.LATE_UNITS, timeMs);
          }
        }
      }
    }
  }

  private static int slice(long timeMs) {
    return (int) Math.floorDiv(timeMs, SLICE_MS);
  }
}
