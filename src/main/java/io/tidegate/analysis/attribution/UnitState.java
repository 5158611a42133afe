package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a unit: its points in buckets still open, the ids of older ones within the
 * horizon, and each rollout's figures up to the last closed boundary. Its figures with the open
 * points are kept beside them and made anew after a restore. Mutable.
 */
public final class UnitState {

  private static final long[] NO_IDS = {};
  private static final int[] NO_SLICES = {};

  /** In event-time order. */
  final List<Point> open = new ArrayList<>(2);

  /** Points with an effective time before this are inside {@link #bases}. */
  long foldedToMs = Long.MIN_VALUE;

  /** Whether an open point may count later than it happened. */
  boolean anyLate;

  /** The first {@link #seen} places are in use. */
  long[] seenIds = NO_IDS;

  int[] seenSlices = NO_SLICES;
  int seen;
  private int oldestSlice = Integer.MAX_VALUE;

  private List<RolloutUnit> bases = new ArrayList<>(1);

  /** Null after a restore; the same list as {@link #bases} while nothing is open. */
  private @Nullable List<RolloutUnit> folded = bases;

  /** Figures up to {@link #foldedToMs}. */
  List<RolloutUnit> bases() {
    return bases;
  }

  @Nullable RolloutUnit base(int ordinal) {
    return find(bases, ordinal);
  }

  private static @Nullable RolloutUnit find(List<RolloutUnit> units, int ordinal) {
    for (int i = 0; i < units.size(); i++) {
      if (units.get(i).rollout == ordinal) {
        return units.get(i);
      }
    }
    return null;
  }

  /** Whether the figures with the open points have to be made. */
  boolean mustFold() {
    return folded == null;
  }

  /** Figures with the open points; to be changed through {@link #writable} only. */
  List<RolloutUnit> folded() {
    return folded == null ? bases : folded;
  }

  /** A rollout's figures with the open points, made where there are none. */
  RolloutUnit writable(int ordinal) {
    List<RolloutUnit> units = apart();
    for (int i = 0; i < units.size(); i++) {
      RolloutUnit unit = units.get(i);
      if (unit.rollout == ordinal) {
        if (unit == base(ordinal)) {
          unit = unit.copy();
          units.set(i, unit);
        }
        return unit;
      }
    }
    RolloutUnit unit = new RolloutUnit(ordinal);
    units.add(unit);
    return unit;
  }

  /** Puts a rollout's figures with the open points in the place of those it has. */
  void replace(RolloutUnit unit) {
    List<RolloutUnit> units = apart();
    for (int i = 0; i < units.size(); i++) {
      if (units.get(i).rollout == unit.rollout) {
        units.set(i, unit);
      }
    }
  }

  /** Figures with the open points in a list of their own, so that the settled ones stay. */
  private List<RolloutUnit> apart() {
    List<RolloutUnit> units = folded;
    if (units == null || units == bases) {
      units = new ArrayList<>(bases);
      folded = units;
    }
    return units;
  }

  /** Every open point is settled. */
  void adoptFolded() {
    open.clear();
    anyLate = false;
    bases = folded();
    bases.removeIf(RolloutUnit::isForgettable);
    folded = bases;
  }

  /** Some open points are settled. */
  void settleTo(List<RolloutUnit> newBases, List<Point> stillOpen) {
    open.clear();
    open.addAll(stillOpen);
    newBases.removeIf(RolloutUnit::isForgettable);
    bases = newBases;
  }

  /** From now on the unit's events are not a sign of lateness, being after its first late one. */
  void markLate(RolloutUnit base) {
    base.late = true;
    RolloutUnit now = find(folded(), base.rollout);
    if (now != null && now.epoch == base.epoch && now.attempt == base.attempt) {
      now.late = true;
    }
  }

  boolean comesAfterAll(Point point) {
    return open.isEmpty() || Point.ORDER.compare(open.get(open.size() - 1), point) < 0;
  }

  void insert(Point point) {
    int at = open.size();
    while (at > 0 && Point.ORDER.compare(open.get(at - 1), point) > 0) {
      at--;
    }
    open.add(at, point);
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

  /** Whether nothing is left to keep. */
  public boolean isEmpty() {
    return open.isEmpty() && bases.isEmpty() && seen == 0;
  }

  public UnitState copy() {
    UnitState c = new UnitState();
    c.open.addAll(open);
    c.foldedToMs = foldedToMs;
    c.anyLate = anyLate;
    bases.forEach(r -> c.bases.add(r.copy()));
    c.seenIds = Arrays.copyOf(seenIds, seen);
    c.seenSlices = Arrays.copyOf(seenSlices, seen);
    c.seen = seen;
    c.oldestSlice = oldestSlice;
    c.folded = open.isEmpty() ? c.bases : null;
    return c;
  }

  /** Writes a version, then the fields. */
  public void writeTo(DataOutput out) throws IOException {
    UnitStateCodec.write(this, out);
  }

  public static UnitState readFrom(DataInput in) throws IOException {
    return UnitStateCodec.read(in);
  }

  /** A state as it was written. */
  static UnitState restored(
      long foldedToMs, List<RolloutUnit> bases, List<Point> open, long[] ids, int[] slices) {
    UnitState state = new UnitState();
    state.foldedToMs = foldedToMs;
    state.bases.addAll(bases);
    state.open.addAll(open);
    state.seenIds = ids;
    state.seenSlices = slices;
    state.seen = ids.length;
    for (int slice : slices) {
      state.oldestSlice = Math.min(state.oldestSlice, slice);
    }
    if (!open.isEmpty()) {
      state.folded = null;
    }
    return state;
  }
}
