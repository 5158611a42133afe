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
 * horizon, and each rollout's figures up to the last closed boundary. Mutable.
 */
public final class UnitState {

  private static final int VERSION = 2;
  private static final long[] NO_IDS = {};
  private static final int[] NO_SLICES = {};

  /** In event-time order. */
  final List<Point> open = new ArrayList<>(2);

  final List<RolloutUnit> rollouts = new ArrayList<>(1);
  long[] seenIds = NO_IDS;
  int[] seenSlices = NO_SLICES;

  @Nullable RolloutUnit rollout(int ordinal) {
    for (RolloutUnit unit : rollouts) {
      if (unit.rollout == ordinal) {
        return unit;
      }
    }
    return null;
  }

  void keep(RolloutUnit unit) {
    for (int i = 0; i < rollouts.size(); i++) {
      if (rollouts.get(i).rollout == unit.rollout) {
        rollouts.set(i, unit);
        return;
      }
    }
    rollouts.add(unit);
  }

  void remember(long idHash, int slice) {
    int n = seenIds.length;
    seenIds = Arrays.copyOf(seenIds, n + 1);
    seenSlices = Arrays.copyOf(seenSlices, n + 1);
    seenIds[n] = idHash;
    seenSlices[n] = slice;
  }

  /** Drops ids of slices before one. */
  void forgetBefore(int slice) {
    int kept = 0;
    for (int i = 0; i < seenIds.length; i++) {
      if (seenSlices[i] >= slice) {
        kept++;
      }
    }
    if (kept == seenIds.length) {
      return;
    }
    long[] ids = new long[kept];
    int[] slices = new int[kept];
    int at = 0;
    for (int i = 0; i < seenIds.length; i++) {
      if (seenSlices[i] >= slice) {
        ids[at] = seenIds[i];
        slices[at++] = seenSlices[i];
      }
    }
    seenIds = ids;
    seenSlices = slices;
  }

  /** Whether nothing is left to keep. */
  public boolean isEmpty() {
    return open.isEmpty() && rollouts.isEmpty() && seenIds.length == 0;
  }

  public UnitState copy() {
    UnitState c = new UnitState();
    c.open.addAll(open);
    rollouts.forEach(r -> c.rollouts.add(r.copy()));
    c.seenIds = seenIds.clone();
    c.seenSlices = seenSlices.clone();
    return c;
  }

  /** Writes a version, then the fields. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeInt(open.size());
    for (Point point : open) {
      PointCodec.write(point, out);
    }
    out.writeInt(seenIds.length);
    for (int i = 0; i < seenIds.length; i++) {
      out.writeLong(seenIds[i]);
      out.writeInt(seenSlices[i]);
    }
    out.writeShort(rollouts.size());
    for (RolloutUnit unit : rollouts) {
      unit.writeTo(out);
    }
  }

  public static UnitState readFrom(DataInput in) throws IOException {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException(
          "unit state of version " + version + "; this build reads version " + VERSION);
    }
    UnitState state = new UnitState();
    int points = in.readInt();
    for (int i = 0; i < points; i++) {
      state.open.add(PointCodec.read(in));
    }
    int ids = in.readInt();
    state.seenIds = new long[ids];
    state.seenSlices = new int[ids];
    for (int i = 0; i < ids; i++) {
      state.seenIds[i] = in.readLong();
      state.seenSlices[i] = in.readInt();
    }
    int rollouts = in.readShort();
    for (int i = 0; i < rollouts; i++) {
      state.rollouts.add(RolloutUnit.readFrom(in));
    }
    return state;
  }
}
