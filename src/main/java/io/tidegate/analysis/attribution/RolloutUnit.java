package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What a rollout knows of one unit, up to a boundary. Mutable. */
final class RolloutUnit {

  static final int NONE = -1;

  final int rollout;

  /** Points with an effective time before this are inside. */
  long foldedToMs = Long.MIN_VALUE;

  /** Epoch of the newest exposure: attempt × 1000 + position. */
  int epoch = NONE;

  boolean entered;
  int attempt;
  int process;
  int stratum;
  int variant;
  long entryMs;
  boolean mixed;

  /** Whether an event of it came late since it entered. */
  boolean late;

  int[] segments = {};
  long[] slots = {};

  /** Largest share (millionths) at which it was served control in an earlier epoch. */
  int controlShare;

  boolean treatedEarlier;
  boolean controlHere;
  boolean treatedHere;
  int barredFrom = NONE;
  int clearedBy = NONE;

  RolloutUnit(int rollout) {
    this.rollout = rollout;
  }

  RolloutUnit copy() {
    RolloutUnit c = new RolloutUnit(rollout);
    c.foldedToMs = foldedToMs;
    c.epoch = epoch;
    c.entered = entered;
    c.attempt = attempt;
    c.process = process;
    c.stratum = stratum;
    c.variant = variant;
    c.entryMs = entryMs;
    c.mixed = mixed;
    c.late = late;
    c.segments = segments;
    c.slots = slots.clone();
    c.controlShare = controlShare;
    c.treatedEarlier = treatedEarlier;
    c.controlHere = controlHere;
    c.treatedHere = treatedHere;
    c.barredFrom = barredFrom;
    c.clearedBy = clearedBy;
    return c;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(rollout);
    out.writeLong(foldedToMs);
    out.writeInt(epoch);
    out.writeByte(
        (entered ? 1 : 0)
            | (mixed ? 2 : 0)
            | (treatedEarlier ? 4 : 0)
            | (controlHere ? 8 : 0)
            | (treatedHere ? 16 : 0)
            | (late ? 32 : 0));
    out.writeInt(attempt);
    out.writeInt(process);
    out.writeInt(stratum);
    out.writeInt(variant);
    out.writeLong(entryMs);
    out.writeByte(segments.length);
    for (int segment : segments) {
      out.writeInt(segment);
    }
    out.writeShort(slots.length);
    for (long slot : slots) {
      out.writeLong(slot);
    }
    out.writeInt(controlShare);
    out.writeInt(barredFrom);
    out.writeInt(clearedBy);
  }

  static RolloutUnit readFrom(DataInput in) throws IOException {
    RolloutUnit u = new RolloutUnit(in.readInt());
    u.foldedToMs = in.readLong();
    u.epoch = in.readInt();
    int flags = in.readByte();
    u.entered = (flags & 1) != 0;
    u.mixed = (flags & 2) != 0;
    u.treatedEarlier = (flags & 4) != 0;
    u.controlHere = (flags & 8) != 0;
    u.treatedHere = (flags & 16) != 0;
    u.late = (flags & 32) != 0;
    u.attempt = in.readInt();
    u.process = in.readInt();
    u.stratum = in.readInt();
    u.variant = in.readInt();
    u.entryMs = in.readLong();
    u.segments = new int[in.readByte()];
    for (int i = 0; i < u.segments.length; i++) {
      u.segments[i] = in.readInt();
    }
    u.slots = new long[in.readShort()];
    for (int i = 0; i < u.slots.length; i++) {
      u.slots[i] = in.readLong();
    }
    u.controlShare = in.readInt();
    u.barredFrom = in.readInt();
    u.clearedBy = in.readInt();
    return u;
  }
}
