package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a unit: its points in buckets still open, the ids of older ones within the
 * horizon, and each rollout's figures up to the last closed boundary. Its figures with the open
 * points are kept beside them and made anew after a restore. Mutable.
 */
public final class UnitState {

  private static final long[] NO_IDS = {};
  private static final int[] NO_SLICES = {};
  private static final RolloutUnit[] NO_UNITS = {};

  /** Null or empty where none is open; an empty one keeps its room for the next. */
  private @Nullable OpenPoints open;

  /** Points with an effective time before this are inside {@link #bases}. */
  long foldedToMs = Long.MIN_VALUE;

  /** Whether an open point may count later than it happened. */
  boolean anyLate;

  /** The first {@link #seen} places are in use. */
  long[] seenIds = NO_IDS;

  int[] seenSlices = NO_SLICES;
  int seen;
  private int oldestSlice = Integer.MAX_VALUE;

  private RolloutUnit[] bases = NO_UNITS;

  /** Null after a restore; the same array as {@link #bases} while nothing is open. */
  private RolloutUnit @Nullable [] folded = bases;

  /** Checkpoints of its store that began before it was made; see {@link #generation}. */
  private int generation;

  /** Figures once settled, of which those that are no longer known serve as room for others. */
  private RolloutUnit[] retired = NO_UNITS;

  /** Points whose buckets are open, in event-time order; null where there are none. */
  @Nullable OpenPoints open() {
    return open == null || open.size() == 0 ? null : open;
  }

  /** The open points as objects, made anew. */
  List<Point> openPoints() {
    OpenPoints points = open();
    return points == null ? List.of() : points.list();
  }

  /** Puts a point after the open ones. */
  void append(Point point, StateBytes scratch) {
    if (open == null) {
      open = new OpenPoints();
    }
    open.append(point, scratch);
  }

  /**
   * Puts a point between the open ones.
   *
   * @return how many come before it
   */
  int insert(Point point, StateBytes scratch) {
    return opened().insert(point, scratch);
  }

  /** Reads the open points, of which there is at least one. */
  OpenPoints.Reader readOpen() {
    return opened().reader();
  }

  /** Event time of the last open point, of which there is at least one. */
  long lastOpenMs() {
    return opened().lastMs();
  }

  private OpenPoints opened() {
    return Objects.requireNonNull(open(), "no point is open");
  }

  void setOpen(List<Point> points, StateBytes scratch) {
    open = points.isEmpty() ? null : OpenPoints.of(points, scratch);
  }

  /** Figures up to {@link #foldedToMs}; not to be changed. */
  RolloutUnit[] bases() {
    return bases;
  }

  @Nullable RolloutUnit base(int ordinal) {
    return find(bases, ordinal);
  }

  private static @Nullable RolloutUnit find(RolloutUnit[] units, int ordinal) {
    for (RolloutUnit unit : units) {
      if (unit.rollout == ordinal) {
        return unit;
      }
    }
    return null;
  }

  /** Whether the figures with the open points have to be made. */
  boolean mustFold() {
    return folded == null;
  }

  /** Figures with the open points; to be changed through {@link #writable} only. */
  RolloutUnit[] folded() {
    return folded == null ? bases : folded;
  }

  /** A rollout's figures with the open points, made where there are none. */
  RolloutUnit writable(int ordinal) {
    RolloutUnit[] units = apart();
    for (int i = 0; i < units.length; i++) {
      RolloutUnit unit = units[i];
      if (unit.rollout == ordinal) {
        if (unit.shared || unit == base(ordinal)) {
          unit = copied(unit);
          units[i] = unit;
        }
        return unit;
      }
    }
    RolloutUnit unit = new RolloutUnit(ordinal);
    units = Arrays.copyOf(units, units.length + 1);
    units[units.length - 1] = unit;
    folded = units;
    return unit;
  }

  private RolloutUnit copied(RolloutUnit unit) {
    RolloutUnit room = find(retired, unit.rollout);
    // What did not change is known still, and what is shared is another's.
    if (room == null || room == unit || room.shared) {
      return unit.copy();
    }
    room.set(unit);
    return room;
  }

  /** Puts a rollout's figures with the open points in the place of those it has. */
  void replace(RolloutUnit unit) {
    RolloutUnit[] units = apart();
    for (int i = 0; i < units.length; i++) {
      if (units[i].rollout == unit.rollout) {
        units[i] = unit;
      }
    }
  }

  /** Figures with the open points in an array of their own, so that the settled ones stay. */
  private RolloutUnit[] apart() {
    RolloutUnit[] units = folded;
    if (units == null || units == bases) {
      units = bases.clone();
      folded = units;
    }
    return units;
  }

  /** Every open point is settled. */
  void adoptFolded() {
    if (open != null) {
      open.clear();
    }
    anyLate = false;
    RolloutUnit[] settled = bases;
    bases = remembered(folded());
    folded = bases;
    if (settled != bases) {
      retired = settled;
    }
  }

  /** Gives back the room that is kept for the next points; for a unit not heard of lately. */
  public void trim() {
    open = open();
    retired = NO_UNITS;
  }

  /** Some open points are settled. */
  void settleTo(RolloutUnit[] newBases, List<Point> stillOpen, StateBytes scratch) {
    setOpen(stillOpen, scratch);
    if (folded == bases) {
      // Points are open still, so that the two differ from now on.
      folded = bases.clone();
    }
    bases = remembered(newBases);
  }

  private static RolloutUnit[] remembered(RolloutUnit[] units) {
    for (RolloutUnit unit : units) {
      if (unit.isForgettable()) {
        return Arrays.stream(units).filter(u -> !u.isForgettable()).toArray(RolloutUnit[]::new);
      }
    }
    return units;
  }

  /** From now on the unit's events are not a sign of lateness, being after its first late one. */
  void markLate(int rollout) {
    RolloutUnit base = ownBase(rollout);
    base.late = true;
    RolloutUnit now = find(folded(), rollout);
    if (now != null
        && now.epoch == base.epoch
        && now.attempt == base.attempt
        && now.entered == base.entered
        && now.entryMs == base.entryMs) {
      (now.shared ? writable(rollout) : now).late = true;
    }
  }

  /** Settled figures that may be changed. */
  private RolloutUnit ownBase(int rollout) {
    RolloutUnit base = Objects.requireNonNull(base(rollout), "no figures are settled");
    if (!base.shared) {
      return base;
    }
    RolloutUnit own = base.copy();
    RolloutUnit[] settled = bases;
    bases = with(own, base, settled);
    folded = folded == settled ? bases : folded == null ? null : with(own, base, folded);
    return own;
  }

  private static RolloutUnit[] with(RolloutUnit unit, RolloutUnit before, RolloutUnit[] units) {
    RolloutUnit[] changed = units.clone();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == before) {
        changed[i] = unit;
      }
    }
    return changed;
  }

  boolean comesAfterAll(Point point) {
    OpenPoints points = open();
    return points == null || points.comesAfterAll(point);
  }

  void remember(long idHash, int slice) {
    if (seen == seenIds.length) {
      int room = seen + (seen >> 1) + 2;
      seenIds = Arrays.copyOf(seenIds, room);
      seenSlices = Arrays.copyOf(seenSlices, room);
    }
    seenIds[seen] = idHash;
    seenSlices[seen++] = slice;
    oldestSlice = Math.min(oldestSlice, slice);
  }

  /** Drops ids of slices before one. */
  void forgetBefore(int slice) {
    if (oldestSlice >= slice) {
      return;
    }
    int kept = 0;
    oldestSlice = Integer.MAX_VALUE;
    for (int i = 0; i < seen; i++) {
      if (seenSlices[i] >= slice) {
        seenIds[kept] = seenIds[i];
        seenSlices[kept++] = seenSlices[i];
        oldestSlice = Math.min(oldestSlice, seenSlices[i]);
      }
    }
    seen = kept;
    if (2 * seen < seenIds.length) {
      seenIds = Arrays.copyOf(seenIds, seen);
      seenSlices = Arrays.copyOf(seenSlices, seen);
    }
  }

  /** How many checkpoints had begun when it was made, where its store counts them. */
  public int generation() {
    return generation;
  }

  public void bornIn(int newGeneration) {
    generation = newGeneration;
  }

  /** Whether nothing is left to keep. */
  public boolean isEmpty() {
    return open() == null && bases.length == 0 && seen == 0;
  }

  public UnitState copy() {
    UnitState c = new UnitState();
    OpenPoints points = open();
    c.open = points == null ? null : points.copy();
    c.foldedToMs = foldedToMs;
    c.anyLate = anyLate;
    c.bases = copies(bases);
    c.folded = folded == bases ? c.bases : folded == null ? null : copies(folded);
    c.seenIds = Arrays.copyOf(seenIds, seen);
    c.seenSlices = Arrays.copyOf(seenSlices, seen);
    c.seen = seen;
    c.oldestSlice = oldestSlice;
    return c;
  }

  /**
   * A state that goes on from here while what is written of this one stays as it is. It takes over
   * what is not written: this one must not be changed any more.
   */
  public UnitState successor() {
    UnitState c = new UnitState();
    c.open = open == null ? null : open.successor();
    c.foldedToMs = foldedToMs;
    c.anyLate = anyLate;
    for (RolloutUnit unit : bases) {
      unit.shared = true;
    }
    c.bases = bases;
    c.folded = folded;
    c.retired = retired;
    c.seenIds = seenIds.clone();
    c.seenSlices = seenSlices.clone();
    c.seen = seen;
    c.oldestSlice = oldestSlice;
    return c;
  }

  private static RolloutUnit[] copies(RolloutUnit[] units) {
    RolloutUnit[] copies = new RolloutUnit[units.length];
    Arrays.setAll(copies, i -> units[i].copy());
    return copies;
  }

  /** Writes a version, then the fields. */
  public void writeTo(DataOutput out) throws IOException {
    UnitStateCodec.write(this, out);
  }

  public static UnitState readFrom(DataInput in) throws IOException {
    return UnitStateCodec.read(in);
  }

  /**
   * Reads what the next event of each unit will, level by level, so that the units' waits for
   * memory overlap.
   *
   * @return a number to be kept, so that nothing is read for nothing
   */
  public static long readAhead(UnitState[] states, int count) {
    long read = 0;
    for (int i = 0; i < count; i++) {
      UnitState state = states[i];
      OpenPoints points = state.open;
      RolloutUnit[] units = state.folded;
      read += points == null ? 0 : points.size();
      read += units == null ? 0 : units.length;
      read += state.bases.length + state.seenIds.length + state.seenSlices.length;
    }
    for (int i = 0; i < count; i++) {
      UnitState state = states[i];
      OpenPoints points = state.open;
      RolloutUnit[] units = state.folded;
      if (points != null) {
        read += points.readAhead();
      }
      if (units != null && units.length > 0) {
        read += units[0].epoch;
      }
      if (state.bases.length > 0) {
        read += state.bases[0].epoch;
      }
    }
    for (int i = 0; i < count; i++) {
      RolloutUnit[] units = states[i].folded;
      if (units != null && units.length > 0) {
        read += units[0].readAhead();
      }
    }
    return read;
  }

  /** A state as it was written. */
  static UnitState restored(
      long foldedToMs, RolloutUnit[] bases, @Nullable OpenPoints open, long[] ids, int[] slices) {
    UnitState state = new UnitState();
    state.foldedToMs = foldedToMs;
    state.bases = bases;
    state.open = open;
    state.seenIds = ids;
    state.seenSlices = slices;
    state.seen = ids.length;
    for (int slice : slices) {
      state.oldestSlice = Math.min(state.oldestSlice, slice);
    }
    state.folded = open == null ? bases : null;
    return state;
  }
}
