package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a {@link UnitState}: a version, then times relative to each other, ids by slice, each
 * text of the open points once, and only such numbers of a rollout as are not 0.
 */
final class UnitStateCodec {

  private static final int VERSION = 4;

  /** Each id with its slice, every number in full. */
  private static final int OLDEST_VERSION = 3;

  private static final ThreadLocal<StateBytes> BYTES = ThreadLocal.withInitial(StateBytes::new);

  private UnitStateCodec() {}

  static void write(UnitState state, DataOutput target) throws IOException {
    StateBytes out = BYTES.get();
    out.clear();
    out.putByte(VERSION);
    out.putNumber(state.foldedToMs);
    long originMs = state.foldedToMs == Long.MIN_VALUE ? 0 : state.foldedToMs;
    out.putNumber(state.bases().size());
    for (RolloutUnit unit : state.bases()) {
      unit.writeTo(originMs, out);
    }
    writeSeen(state, out);
    writeOpen(state.open, originMs, out);
    out.writeTo(target);
  }

  static UnitState read(DataInput in) throws IOException {
    int version = in.readByte();
    if (version < OLDEST_VERSION || version > VERSION) {
      throw new IOException(
          "unit state of version "
              + version
              + "; this build reads versions "
              + OLDEST_VERSION
              + " to "
              + VERSION);
    }
    long foldedToMs = VarLong.read(in);
    long originMs = foldedToMs == Long.MIN_VALUE ? 0 : foldedToMs;
    int rollouts = VarLong.readInt(in);
    List<RolloutUnit> bases = new ArrayList<>(rollouts);
    for (int i = 0; i < rollouts; i++) {
      bases.add(RolloutUnit.readFrom(originMs, version > OLDEST_VERSION, in));
    }
    int ids = VarLong.readInt(in);
    long[] seenIds = new long[ids];
    int[] seenSlices = new int[ids];
    long slice = 0;
    int run = 0;
    for (int i = 0; i < ids; i++) {
      if (run == 0) {
        slice += VarLong.read(in);
        run = version == OLDEST_VERSION ? 1 : VarLong.readInt(in);
      }
      run--;
      seenIds[i] = in.readLong();
      seenSlices[i] = (int) slice;
    }
    return UnitState.restored(foldedToMs, bases, readOpen(originMs, in), seenIds, seenSlices);
  }

  private static void writeSeen(UnitState state, StateBytes out) {
    out.putNumber(state.seen);
    long before = 0;
    int runEnd = 0;
    for (int i = 0; i < state.seen; i++) {
      if (i == runEnd) {
        runEnd = runEnd(state, i);
        out.putNumber(state.seenSlices[i] - before);
        out.putNumber(runEnd - i);
        before = state.seenSlices[i];
      }
      out.putLong(state.seenIds[i]);
    }
  }

  /** The place after the ids that follow each other in one slice. */
  private static int runEnd(UnitState state, int from) {
    int end = from + 1;
    while (end < state.seen && state.seenSlices[end] == state.seenSlices[from]) {
      end++;
    }
    return end;
  }

  private static void writeOpen(List<Point> open, long originMs, StateBytes out) {
    out.putNumber(open.size());
    if (open.isEmpty()) {
      return;
    }
    out.putLong(open.get(0).unitKey);
    List<String> texts = new ArrayList<>();
    long beforeMs = originMs;
    for (Point point : open) {
      out.putNumber(point.timeMs - beforeMs);
      beforeMs = point.timeMs;
      out.putByte((point.exposure ? 1 : 0) | (point.arrivalMs == Long.MIN_VALUE ? 2 : 0));
      if (point.arrivalMs != Long.MIN_VALUE) {
        out.putNumber(point.arrivalMs - point.timeMs);
      }
      out.putLong(point.idHash);
      out.putNumber(point.contentHash);
      out.putNumber(point.valueMicros);
      text(point.name, texts, out);
      if (point.exposure) {
        text(point.variant, texts, out);
        text(point.flagVersion, texts, out);
      }
      out.putNumber(point.attributes.length);
      for (String text : point.attributes) {
        text(text, texts, out);
      }
    }
  }

  private static List<Point> readOpen(long originMs, DataInput in) throws IOException {
    int size = VarLong.readInt(in);
    List<Point> open = new ArrayList<>(size);
    if (size == 0) {
      return open;
    }
    long unitKey = in.readLong();
    List<String> texts = new ArrayList<>();
    long timeMs = originMs;
    for (int i = 0; i < size; i++) {
      Point point = new Point();
      point.unitKey = unitKey;
      timeMs += VarLong.read(in);
      point.timeMs = timeMs;
      int flags = in.readByte();
      point.exposure = (flags & 1) != 0;
      if ((flags & 2) == 0) {
        point.arrivalMs = timeMs + VarLong.read(in);
      }
      point.idHash = in.readLong();
      point.contentHash = VarLong.read(in);
      point.valueMicros = VarLong.read(in);
      point.name = text(texts, in);
      if (point.exposure) {
        point.variant = text(texts, in);
        point.flagVersion = text(texts, in);
      }
      point.attributes = new String[VarLong.readInt(in)];
      for (int a = 0; a < point.attributes.length; a++) {
        point.attributes[a] = text(texts, in);
      }
      open.add(point);
    }
    return open;
  }

  /** A text's number; the text follows where it is new. */
  private static void text(String text, List<String> texts, StateBytes out) {
    int number = texts.indexOf(text);
    if (number < 0) {
      out.putNumber(texts.size());
      out.putText(text);
      texts.add(text);
    } else {
      out.putNumber(number);
    }
  }

  private static String text(List<String> texts, DataInput in) throws IOException {
    int number = VarLong.readInt(in);
    if (number == texts.size()) {
      texts.add(Texts.read(in));
    }
    return texts.get(number);
  }
}
