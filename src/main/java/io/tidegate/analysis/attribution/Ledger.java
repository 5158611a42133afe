package io.tidegate.analysis.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a unit's account: takes its events in any order and posts, bucket by bucket, the
 * differences that the fold in event-time order makes. The posts so far always add up to the fold
 * of the points so far, whatever their order. An event that comes in order costs one step of the
 * fold; one that comes between others costs the steps from there on. Not thread-safe.
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
  private final Poster poster;

  /**
   * @param horizonSlices slices within which copies are known, and by which an event may be late
   */
  public Ledger(int horizonSlices, DeltaSink sink) {
    this.horizonSlices = horizonSlices;
    this.poster = new Poster(sink);
  }

  /**
   * Takes one event of a unit and keeps it.
   *
   * @param watermarkMs no earlier event is expected; {@link Long#MIN_VALUE} where nothing is late
   * @param closedMs boundaries up to here will see no other change; the watermark, or in sorted
   *     input the event's time
   */
  public Fate take(
      UnitState state, Point point, RolloutIndex index, long watermarkMs, long closedMs) {
    close(state, index, closedMs);
    // A watermark before the point says nothing of it and is not kept.
    point.arrivalMs = watermarkMs < point.timeMs ? Long.MIN_VALUE : watermarkMs;
    fold(state, index);
    if (watermarkMs != Long.MIN_VALUE && point.timeMs < watermarkMs - horizonSlices * SLICE_MS) {
      count(state, index, point, CellKey.BEYOND);
      return Fate.BEYOND_HORIZON;
    }
    Point kept = copyOf(state, point);
    if (kept != null ? !replaces(state, index, point, kept) : seen(state, point)) {
      count(state, index, point, CellKey.DUPLICATE);
      return Fate.DUPLICATE;
    }
    boolean late = isLate(index, point);
    if (kept == null && !late && !state.anyLate && state.comesAfterAll(point)) {
      append(state, index, point);
    } else {
      insert(state, index, point, kept, late);
    }
    Fate fate = kept != null ? Fate.DUPLICATE : late ? Fate.LATE : Fate.USED;
    count(
        state,
        index,
        point,
        switch (fate) {
          case DUPLICATE -> CellKey.DUPLICATE;
          case LATE -> CellKey.LATE;
          default -> CellKey.USED;
        });
    return fate;
  }

  /** Folds what closed boundaries have settled and forgets what is past the horizon. */
  public void close(UnitState state, RolloutIndex index, long closedMs) {
    if (closedMs == Long.MIN_VALUE) {
      return;
    }
    long toMs = index.settledMs(closedMs);
    if (toMs > state.foldedToMs) {
      if (!state.open.isEmpty() && (state.anyLate || state.open.get(0).timeMs < toMs)) {
        fold(state, index);
        settle(state, index, toMs);
      }
      state.foldedToMs = toMs;
    }
    state.forgetBefore(slice(closedMs) - 2 * horizonSlices - 1);
  }

  private void settle(UnitState state, RolloutIndex index, long toMs) {
    List<Point> still = new ArrayList<>(0);
    for (Point point : state.open) {
      if (lastEffectiveMs(index, point) < toMs) {
        state.remember(point.idHash, slice(point.timeMs));
      } else {
        still.add(point);
      }
    }
    if (still.isEmpty()) {
      state.adoptFolded();
      return;
    }
    List<RolloutUnit> bases = new ArrayList<>(state.folded().size());
    for (RolloutUnit unit : state.folded()) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      RolloutUnit base = state.base(unit.rollout);
      if (context == null) {
        bases.add(unit);
        continue;
      }
      base = base == null ? new RolloutUnit(unit.rollout) : base.copy();
      poster.on(context, state.base(context.ordinal())).signed(0);
      for (Point point : ordered(state, context)) {
        long timeMs = context.effectiveMs(point);
        if (timeMs >= state.foldedToMs && timeMs < toMs && context.concerns(point)) {
          RolloutFold.step(context, base, point, poster);
        }
      }
      bases.add(base);
    }
    state.settleTo(bases, still);
  }

  /** When a point counts in the rollout where it counts last. */
  private static long lastEffectiveMs(RolloutIndex index, Point point) {
    long last = point.timeMs;
    if (point.arrivalMs >= point.timeMs) {
      for (RolloutContext context : index.readersOf(point)) {
        if (context.runsAt(point.timeMs)) {
          last = Math.max(last, context.effectiveMs(point));
        }
      }
    }
    return last;
  }

  private static boolean isLate(RolloutIndex index, Point point) {
    return point.arrivalMs >= point.timeMs && lastEffectiveMs(index, point) > point.timeMs;
  }

  /** Makes the figures with all open points known, where a restore has lost them. */
  private void fold(UnitState state, RolloutIndex index) {
    if (!state.mustFold()) {
      return;
    }
    state.anyLate = false;
    for (Point point : state.open) {
      state.anyLate |= isLate(index, point);
    }
    for (Point point : state.open) {
      if (point.exposure) {
        for (RolloutContext context : index.readersOf(point)) {
          if (context.concerns(point)) {
            state.writable(context.ordinal());
          }
        }
      }
    }
    for (RolloutUnit unit : List.copyOf(state.folded())) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      if (context != null) {
        RolloutUnit now = state.writable(unit.rollout);
        poster.on(context, state.base(context.ordinal())).signed(0);
        for (Point point : ordered(state, context)) {
          stepOpen(state, context, now, point);
        }
      }
    }
  }

  private void stepOpen(UnitState state, RolloutContext context, RolloutUnit unit, Point point) {
    if (context.concerns(point) && context.effectiveMs(point) >= state.foldedToMs) {
      RolloutFold.step(context, unit, point, poster);
    }
  }

  /** A point after every other. */
  private void append(UnitState state, RolloutIndex index, Point point) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        if (context.concerns(point)) {
          poster.on(context, state.base(context.ordinal())).signed(1);
          RolloutFold.step(context, state.writable(context.ordinal()), point, poster);
        }
      }
    } else {
      List<RolloutUnit> units = state.folded();
      for (int i = 0; i < units.size(); i++) {
        RolloutContext context = index.byOrdinal(units.get(i).rollout);
        if (context != null && !units.get(i).isBlank() && context.concerns(point)) {
          poster.on(context, state.base(context.ordinal())).signed(1);
          RolloutFold.step(context, state.writable(units.get(i).rollout), point, poster);
        }
      }
    }
    state.open.add(point);
  }

  /** A point before others, or in the place of a copy: what follows it is posted again. */
  private void insert(
      UnitState state, RolloutIndex index, Point point, @Nullable Point kept, boolean late) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        if (context.concerns(point)) {
          state.writable(context.ordinal());
        }
      }
    }
    List<Point> before = List.copyOf(state.open);
    boolean lateBefore = state.anyLate;
    if (kept != null) {
      state.open.remove(kept);
    }
    state.insert(point);
    state.anyLate |= late;
    for (RolloutUnit unit : List.copyOf(state.folded())) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      if (context != null
          && (context.concerns(point) || (kept != null && context.concerns(kept)))) {
        repost(
            state,
            context,
            lateBefore ? ordered(context, before) : before,
            ordered(state, context));
      }
    }
  }

  private void repost(
      UnitState state, RolloutContext context, List<Point> before, List<Point> after) {
    RolloutUnit base = state.base(context.ordinal());
    RolloutUnit now = base == null ? new RolloutUnit(context.ordinal()) : base.copy();
    int same = 0;
    poster.on(context, state.base(context.ordinal())).signed(0);
    while (same < before.size() && same < after.size() && before.get(same) == after.get(same)) {
      stepOpen(state, context, now, before.get(same++));
    }
    if (same < before.size()) {
      RolloutUnit old = now.copy();
      poster.signed(-1);
      for (int i = same; i < before.size(); i++) {
        stepOpen(state, context, old, before.get(i));
      }
    }
    poster.signed(1);
    for (int i = same; i < after.size(); i++) {
      stepOpen(state, context, now, after.get(i));
    }
    state.replace(now);
  }

  /** The open points by the time at which a rollout counts them. */
  private static List<Point> ordered(UnitState state, RolloutContext context) {
    return state.anyLate ? ordered(context, state.open) : state.open;
  }

  private static List<Point> ordered(RolloutContext context, List<Point> points) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(Comparator.<Point>comparingLong(context::effectiveMs).thenComparing(Point.ORDER));
    return sorted;
  }

  private @Nullable Point copyOf(UnitState state, Point point) {
    for (int i = 0; i < state.open.size(); i++) {
      Point other = state.open.get(i);
      if (other.idHash == point.idHash && near(slice(other.timeMs), slice(point.timeMs))) {
        return other;
      }
    }
    return null;
  }

  private boolean seen(UnitState state, Point point) {
    int slice = slice(point.timeMs);
    for (int i = 0; i < state.seen; i++) {
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
  private static boolean replaces(UnitState state, RolloutIndex index, Point point, Point kept) {
    if (point.timeMs > kept.timeMs
        || (point.timeMs == kept.timeMs && point.contentHash >= kept.contentHash)) {
      return false;
    }
    for (RolloutUnit base : state.bases()) {
      RolloutContext context = index.byOrdinal(base.rollout);
      if (context != null
          && context.concerns(kept)
          && context.effectiveMs(kept) < state.foldedToMs) {
        return false;
      }
    }
    return true;
  }

  /**
   * Counts an event where its unit takes part: an exposure in the rollouts of its flag, an outcome
   * in those to which its unit was exposed.
   */
  private void count(UnitState state, RolloutIndex index, Point point, int channel) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        count(state, context, point, channel);
      }
      return;
    }
    List<RolloutUnit> units = state.folded();
    for (int i = 0; i < units.size(); i++) {
      RolloutContext context = index.byOrdinal(units.get(i).rollout);
      if (context != null && !units.get(i).isBlank()) {
        count(state, context, point, channel);
      }
    }
  }

  private void count(UnitState state, RolloutContext context, Point point, int fate) {
    if (!context.takes(point)) {
      return;
    }
    long timeMs = context.effectiveMs(point);
    int channel = fate == CellKey.LATE && timeMs == point.timeMs ? CellKey.USED : fate;
    if (channel == CellKey.USED && !point.exposure) {
      // The fold posts it.
      return;
    }
    RolloutUnit base = state.base(context.ordinal());
    poster.on(context, base).signed(1).event(channel, timeMs);
    if ((channel == CellKey.LATE || channel == CellKey.BEYOND)
        && base != null
        && poster.knows(timeMs)) {
      poster.event(CellKey.LATE_UNITS, timeMs);
      state.markLate(base);
    }
  }

  private static int slice(long timeMs) {
    return (int) Math.floorDiv(timeMs, SLICE_MS);
  }
}
