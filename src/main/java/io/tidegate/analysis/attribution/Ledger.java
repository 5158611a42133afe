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
  private final StateBytes scratch = new StateBytes();

  /** What the call asks that is under way; {@link #close} sets it, which every call begins with. */
  private RolloutIndex index = RolloutIndex.of(List.of());

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
      UnitState state, Point point, RolloutIndex rollouts, long watermarkMs, long closedMs) {
    close(state, rollouts, closedMs);
    // A watermark before the point says nothing of it and is not kept.
    point.arrivalMs = watermarkMs < point.timeMs ? Long.MIN_VALUE : watermarkMs;
    fold(state);
    if (watermarkMs != Long.MIN_VALUE && point.timeMs < watermarkMs - horizonSlices * SLICE_MS) {
      count(state, point, CellKey.BEYOND);
      return Fate.BEYOND_HORIZON;
    }
    List<Point> open = hasId(state, point) ? state.openPoints() : null;
    Point kept = open == null ? null : copyOf(open, point);
    if (kept != null ? !replaces(state, point, kept) : seen(state, point)) {
      count(state, point, CellKey.DUPLICATE);
      return Fate.DUPLICATE;
    }
    boolean late = isLate(point);
    if (kept != null || late || state.anyLate) {
      rearrange(state, point, open == null ? state.openPoints() : open, kept, late);
    } else if (state.comesAfterAll(point)) {
      append(state, point);
    } else {
      insert(state, point);
    }
    Fate fate = kept != null ? Fate.DUPLICATE : late ? Fate.LATE : Fate.USED;
    count(
        state,
        point,
        switch (fate) {
          case DUPLICATE -> CellKey.DUPLICATE;
          case LATE -> CellKey.LATE;
          default -> CellKey.USED;
        });
    return fate;
  }

  /** Folds what closed boundaries have settled and forgets what is past the horizon. */
  public void close(UnitState state, RolloutIndex rollouts, long closedMs) {
    index = rollouts;
    if (closedMs == Long.MIN_VALUE) {
      return;
    }
    long toMs = index.settledMs(closedMs);
    if (toMs > state.foldedToMs) {
      OpenPoints open = state.open();
      if (open != null && (state.anyLate || open.firstMs() < toMs)) {
        fold(state);
        settle(state, open, toMs);
      }
      state.foldedToMs = toMs;
    }
    state.forgetBefore(slice(closedMs) - 2 * horizonSlices - 1);
  }

  private void settle(UnitState state, OpenPoints open, long toMs) {
    // Where none is late each counts when it happened: the boundaries up to its arrival were known.
    if (!state.anyLate && open.lastMs() < toMs) {
      OpenPoints.Reader all = open.reader();
      for (Point point = new Point(); all.nextWithoutTexts(point); ) {
        state.remember(point.idHash, slice(point.timeMs));
      }
      state.adoptFolded();
      return;
    }
    List<Point> points = open.list();
    List<Point> still = new ArrayList<>(0);
    for (Point point : points) {
      if (lastEffectiveMs(point) < toMs) {
        state.remember(point.idHash, slice(point.timeMs));
      } else {
        still.add(point);
      }
    }
    if (still.isEmpty()) {
      state.adoptFolded();
      return;
    }
    RolloutUnit[] bases = state.folded().clone();
    for (int i = 0; i < bases.length; i++) {
      RolloutContext context = index.byOrdinal(bases[i].rollout);
      if (context == null) {
        continue;
      }
      RolloutUnit base = state.base(context.ordinal());
      base = base == null ? new RolloutUnit(context.ordinal()) : base.copy();
      poster.on(context, state.base(context.ordinal())).signed(0);
      for (Point point : state.anyLate ? ordered(context, points) : points) {
        long timeMs = context.effectiveMs(point);
        if (timeMs >= state.foldedToMs && timeMs < toMs && index.concerns(context, point)) {
          RolloutFold.step(context, base, point, poster);
        }
      }
      bases[i] = base;
    }
    state.settleTo(bases, still, scratch);
  }

  /** When a point counts in the rollout where it counts last. */
  private long lastEffectiveMs(Point point) {
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

  private boolean isLate(Point point) {
    return point.arrivalMs >= point.timeMs && lastEffectiveMs(point) > point.timeMs;
  }

  /** Makes the figures with all open points known, where a restore has lost them. */
  private void fold(UnitState state) {
    if (!state.mustFold()) {
      return;
    }
    List<Point> open = state.openPoints();
    state.anyLate = false;
    for (Point point : open) {
      state.anyLate |= isLate(point);
    }
    for (Point point : open) {
      beginWith(state, point);
    }
    for (RolloutUnit unit : state.folded().clone()) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      if (context != null) {
        RolloutUnit now = state.writable(unit.rollout);
        poster.on(context, state.base(context.ordinal())).signed(0);
        for (Point point : state.anyLate ? ordered(context, open) : open) {
          stepOpen(state, context, now, point);
        }
      }
    }
  }

  private void stepOpen(UnitState state, RolloutContext context, RolloutUnit unit, Point point) {
    if (index.concerns(context, point) && context.effectiveMs(point) >= state.foldedToMs) {
      RolloutFold.step(context, unit, point, poster);
    }
  }

  /** A point after every other. */
  private void append(UnitState state, Point point) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        if (context.startedBy(point.timeMs)) {
          poster.on(context, state.base(context.ordinal())).signed(1);
          RolloutFold.step(context, state.writable(context.ordinal()), point, poster);
        }
      }
    } else {
      for (RolloutUnit unit : state.folded()) {
        RolloutContext context = index.byOrdinal(unit.rollout);
        if (context != null && !unit.isBlank() && index.concerns(context, point)) {
          poster.on(context, state.base(context.ordinal())).signed(1);
          RolloutFold.step(context, state.writable(unit.rollout), point, poster);
        }
      }
    }
    state.append(point, scratch);
  }

  /** A point that counts when it happened, before others that do. */
  private void insert(UnitState state, Point point) {
    beginWith(state, point);
    int place = state.insert(point, scratch);
    for (RolloutUnit unit : state.folded().clone()) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      if (context != null && index.concerns(context, point)) {
        insert(state, context, unit, point, place);
      }
    }
  }

  /** An exposure gives its unit figures in the rollouts that read it. */
  private void beginWith(UnitState state, Point point) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        if (context.startedBy(point.timeMs)) {
          state.writable(context.ordinal());
        }
      }
    }
  }

  private void insert(
      UnitState state, RolloutContext context, RolloutUnit known, Point point, int place) {
    RolloutUnit base = state.base(context.ordinal());
    boolean oneBucket =
        point.timeMs >= state.foldedToMs
            && context.floorBoundary(point.timeMs) == context.floorBoundary(state.lastOpenMs());
    if (oneBucket && comesInAnyOrder(context, known, point)) {
      poster.on(context, base).signed(1);
      RolloutFold.step(context, state.writable(context.ordinal()), point, poster);
      return;
    }
    RolloutUnit before = base == null ? new RolloutUnit(context.ordinal()) : base.copy();
    poster.on(context, base).signed(0);
    OpenPoints.Reader reader = state.readOpen();
    Point other = new Point();
    while (reader.place() < place && reader.next(other)) {
      stepOpen(state, context, before, other);
    }
    reader.next(other); // the point itself
    RolloutUnit now = before.copy();
    if (!oneBucket || !postAtOnce(state, context, before, now, point, reader.copy())) {
      now = before.copy();
      poster.signed(1);
      stepOpen(state, context, now, point);
      while (reader.next(other)) {
        poster.signed(-1);
        stepOpen(state, context, before, other);
        poster.signed(1);
        stepOpen(state, context, now, other);
      }
    }
    state.replace(now);
  }

  /**
   * Whether a point between others, all from it on in one bucket, may be taken as if it came after
   * them: an outcome whose order no metric asks for, of a unit that has been where it is since
   * before it.
   *
   * @param unit figures of all others
   */
  private static boolean comesInAnyOrder(RolloutContext context, RolloutUnit unit, Point point) {
    if (point.exposure || !unit.entered || point.timeMs <= unit.entryMs) {
      return false;
    }
    Plan.Reading reading = context.plan(unit.attempt).reading(point.name);
    return reading == null || reading.inAnyOrder();
  }

  /**
   * Posts a point between others as one move a channel, where it changes nothing but numbers of a
   * unit that stays where it is: all from it on fall into one bucket, and the moves of the points
   * after it would cancel but for that. False, and nothing posted, where it is otherwise.
   *
   * @param before figures of the points before it
   * @param now the same, to become those of all
   * @param after the points after it
   */
  private boolean postAtOnce(
      UnitState state,
      RolloutContext context,
      RolloutUnit before,
      RolloutUnit now,
      Point point,
      OpenPoints.Reader after) {
    stepOpen(state, context, now, point);
    if (!now.differsInNumbersOnly(before)) {
      return false;
    }
    boolean known = !now.isBlank();
    RolloutUnit old = before.copy();
    long[] oldSlots = old.slots;
    long[] nowSlots = now.slots;
    for (Point other = new Point(); after.next(other); ) {
      stepOpen(state, context, old, other);
      stepOpen(state, context, now, other);
    }
    if (old.slots != oldSlots || now.slots != nowSlots) {
      return false;
    }
    poster.signed(1);
    if (known && !point.exposure) {
      poster.used(point, point.timeMs);
    }
    if (now.entered) {
      poster.moved(now, context.plan(now.attempt), oldSlots, point.timeMs);
    }
    return true;
  }

  /**
   * A point among others of which some, or it, count later than they happened, or in the place of a
   * copy: what follows it is posted again.
   */
  private void rearrange(
      UnitState state, Point point, List<Point> before, @Nullable Point kept, boolean late) {
    beginWith(state, point);
    List<Point> after = new ArrayList<>(before);
    boolean lateBefore = state.anyLate;
    if (kept != null) {
      after.remove(kept);
    }
    int at = after.size();
    while (at > 0 && Point.ORDER.compare(after.get(at - 1), point) > 0) {
      at--;
    }
    after.add(at, point);
    state.setOpen(after, scratch);
    state.anyLate |= late;
    for (RolloutUnit unit : state.folded().clone()) {
      RolloutContext context = index.byOrdinal(unit.rollout);
      if (context != null
          && (index.concerns(context, point) || (kept != null && index.concerns(context, kept)))) {
        repost(
            state,
            context,
            lateBefore ? ordered(context, before) : before,
            state.anyLate ? ordered(context, after) : after);
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

  /** Points by the time at which a rollout counts them. */
  private static List<Point> ordered(RolloutContext context, List<Point> points) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(Comparator.<Point>comparingLong(context::effectiveMs).thenComparing(Point.ORDER));
    return sorted;
  }

  private static boolean hasId(UnitState state, Point point) {
    OpenPoints open = state.open();
    for (int i = 0; open != null && i < open.size(); i++) {
      if (open.id(i) == point.idHash) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Point copyOf(List<Point> open, Point point) {
    for (Point other : open) {
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
  private boolean replaces(UnitState state, Point point, Point kept) {
    if (point.timeMs > kept.timeMs
        || (point.timeMs == kept.timeMs && point.contentHash >= kept.contentHash)) {
      return false;
    }
    for (RolloutUnit base : state.bases()) {
      RolloutContext context = index.byOrdinal(base.rollout);
      if (context != null
          && index.concerns(context, kept)
          && context.effectiveMs(kept) < state.foldedToMs) {
        return false;
      }
    }
    return true;
  }

  /**
   * Counts an event where its unit takes part: an exposure in the rollouts of its flag, an outcome
   * in those to which its unit was exposed. Outcomes that came in time are counted by the fold.
   */
  private void count(UnitState state, Point point, int channel) {
    if (point.exposure) {
      for (RolloutContext context : index.readersOf(point)) {
        count(state, context, point, channel);
      }
    } else if (channel != CellKey.USED) {
      for (RolloutUnit unit : state.folded()) {
        RolloutContext context = index.byOrdinal(unit.rollout);
        if (context != null && !unit.isBlank()) {
          count(state, context, point, channel);
        }
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
      state.markLate(context.ordinal());
    }
  }

  private static int slice(long timeMs) {
    return (int) Math.floorDiv(timeMs, SLICE_MS);
  }
}
