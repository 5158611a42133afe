package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;

/** What a rollout knows of one unit, up to a boundary. Mutable. */
final class RolloutUnit {

  static final int NONE = -1;

  /** Slots that come from memory together. */
  private static final int LINE = 8;

  private static final long[] NO_SLOTS = {};

  final int rollout;

  /** Whether a unit's state has it that must stay as it is; so it must itself. */
  boolean shared;

  /** Epoch of the newest exposure: attempt × 1000 + position. */
  int epoch = NONE;

  boolean entered;

  /** Whether it was exposed, at {@link #entryMs}, and enters at its trigger. */
  boolean waiting;

  /** {@code matched}: the first that it is seen in, entering or not. */
  int attempt;

  int process;
  int stratum;
  int variant;
  long entryMs;
  boolean mixed;

  /** Whether an event of it came late since it entered. */
  boolean late;

  int[] segments = UnitDelta.NO_SEGMENTS;
  long[] slots = NO_SLOTS;

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
    c.set(this);
    return c;
  }

  /** Takes over what another knows of the same rollout. */
  void set(RolloutUnit other) {
    epoch = other.epoch;
    entered = other.entered;
    waiting = other.waiting;
    attempt = other.attempt;
    process = other.process;
    stratum = other.stratum;
    variant = other.variant;
    entryMs = other.entryMs;
    mixed = other.mixed;
    late = other.late;
    segments = other.segments;
    if (slots.length == other.slots.length) {
      System.arraycopy(other.slots, 0, slots, 0, slots.length);
    } else {
      slots = other.slots.clone();
    }
    controlShare = other.controlShare;
    treatedEarlier = other.treatedEarlier;
    controlHere = other.controlHere;
    treatedHere = other.treatedHere;
    barredFrom = other.barredFrom;
    clearedBy = other.clearedBy;
  }

  /** Reads a number of each of its lines of memory; see {@link UnitState#readAhead}. */
  long readAhead() {
    long read = segments.length;
    for (int i = 0; i < slots.length; i += LINE) {
      read += slots[i];
    }
    return read;
  }

  /** Whether another's slots may differ from its own, but no more. */
  boolean differsInNumbersOnly(RolloutUnit other) {
    return epoch == other.epoch
        && entered == other.entered
        && waiting == other.waiting
        && attempt == other.attempt
        && process == other.process
        && stratum == other.stratum
        && variant == other.variant
        && entryMs == other.entryMs
        && mixed == other.mixed
        && late == other.late
        && Arrays.equals(segments, other.segments)
        && controlShare == other.controlShare
        && treatedEarlier == other.treatedEarlier
        && controlHere == other.controlHere
        && treatedHere == other.treatedHere
        && barredFrom == other.barredFrom
        && clearedBy == other.clearedBy;
  }

  /** Whether nothing is known: it was shown nothing that the rollout compares. */
  boolean isBlank() {
    return !entered
        && !waiting
        && epoch == NONE
        && !mixed
        && !late
        && controlShare == 0
        && !treatedEarlier
        && !controlHere
        && !treatedHere
        && barredFrom == NONE;
  }

  /** Whether no later event asks for what is known. */
  boolean isForgettable() {
    return isBlank() && attempt == 0;
  }

  /**
   * @param originMs times are written relative to it
   */
  void writeTo(long originMs, StateBytes out) {
    out.putNumber(rollout);
    out.putByte(
        (entered ? 1 : 0)
            | (mixed ? 2 : 0)
            | (treatedEarlier ? 4 : 0)
            | (controlHere ? 8 : 0)
            | (treatedHere ? 16 : 0)
            | (late ? 32 : 0)
            | (waiting ? 64 : 0));
    out.putNumber(epoch);
    out.putNumber(attempt);
    out.putNumber(process);
    out.putNumber(stratum);
    out.putNumber(variant);
    out.putNumber(entryMs - originMs);
    out.putNumber(segments.length);
    for (int segment : segments) {
      out.putNumber(segment);
    }
    writeSlots(out);
    out.putNumber(controlShare);
    out.putNumber(barredFrom);
    out.putNumber(clearedBy);
  }

  /**
   * Eight slots share a byte that says which are not 0, and one that says which of these are whole:
   * such a number is written without its millionths.
   */
  private void writeSlots(StateBytes out) {
    out.putNumber(slots.length);
    for (int from = 0; from < slots.length; from += Byte.SIZE) {
      int to = Math.min(slots.length, from + Byte.SIZE);
      int used = 0;
      int whole = 0;
      for (int i = from; i < to; i++) {
        used |= slots[i] == 0 ? 0 : 1 << (i - from);
        whole |= slots[i] % UnitFold.ONE == 0 ? 1 << (i - from) : 0;
      }
      out.putByte(used);
      if (used == 0) {
        continue;
      }
      out.putByte(whole & used);
      for (int i = from; i < to; i++) {
        if (slots[i] != 0) {
          out.putNumber((whole & (1 << (i - from))) == 0 ? slots[i] : slots[i] / UnitFold.ONE);
        }
      }
    }
  }

  /**
   * @param wholes whether whole numbers were written without their millionths
   */
  static RolloutUnit readFrom(long originMs, boolean wholes, DataInput in) throws IOException {
    RolloutUnit u = new RolloutUnit(VarLong.readInt(in));
    int flags = in.readByte();
    u.entered = (flags & 1) != 0;
    u.mixed = (flags & 2) != 0;
    u.treatedEarlier = (flags & 4) != 0;
    u.controlHere = (flags & 8) != 0;
    u.treatedHere = (flags & 16) != 0;
    u.late = (flags & 32) != 0;
    u.waiting = (flags & 64) != 0;
    u.epoch = VarLong.readInt(in);
    u.attempt = VarLong.readInt(in);
    u.process = VarLong.readInt(in);
    u.stratum = VarLong.readInt(in);
    u.variant = VarLong.readInt(in);
    u.entryMs = originMs + VarLong.read(in);
    u.segments = new int[VarLong.readInt(in)];
    for (int i = 0; i < u.segments.length; i++) {
      u.segments[i] = VarLong.readInt(in);
    }
    u.slots = new long[VarLong.readInt(in)];
    for (int from = 0; from < u.slots.length; from += Byte.SIZE) {
      int used = in.readByte();
      int whole = wholes && used != 0 ? in.readByte() : 0;
      for (int i = from; i < Math.min(u.slots.length, from + Byte.SIZE); i++) {
        int bit = 1 << (i - from);
        u.slots[i] =
            (used & bit) == 0 ? 0 : VarLong.read(in) * ((whole & bit) == 0 ? 1 : UnitFold.ONE);
      }
    }
    u.controlShare = VarLong.readInt(in);
    u.barredFrom = VarLong.readInt(in);
    u.clearedBy = VarLong.readInt(in);
    return u;
  }
}
