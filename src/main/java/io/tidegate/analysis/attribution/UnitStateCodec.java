package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a {@link UnitState}: a version, then times relative to each other, ids by slice, each
 * text of the open points once, and only such numbers of a rollout as are not 0.
 */
final class UnitStateCodec {

  private static final int VERSION = 6;

  /** Hashes of contents and values of the open points as numbers in full. */
  private static final int FULL_NUMBERS = 5;

  /** Each open point by itself, its texts where they are new. */
  private static final int SINGLE_POINTS = 4;

  /** The same; each id with its slice, every number in full. */
  private static final int OLDEST_VERSION = 3;

  private static final ThreadLocal<StateBytes> BYTES = ThreadLocal.withInitial(StateBytes::new);

  private UnitStateCodec() {}

  static void write(UnitState state, DataOutput target) throws IOException {
    StateBytes out = BYTES.get();
    out.clear();
    out.putByte(VERSION);
    out.putNumber(state.foldedToMs);
    long originMs = state.foldedToMs == Long.MIN_VALUE ? 0 : state.foldedToMs;
    out.putNumber(state.bases().length);
    for (RolloutUnit unit : state.bases()) {
      unit.writeTo(originMs, out);
    }
    writeSeen(state, out);
    writeOpen(state, originMs, out);
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
    RolloutUnit[] bases = new RolloutUnit[VarLong.readInt(in)];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = RolloutUnit.readFrom(originMs, version > OLDEST_VERSION, in);
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
    return UnitState.restored(
        foldedToMs, bases, readOpen(version, originMs, in), seenIds, seenSlices);
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

  private static void writeOpen(UnitState state, long originMs, StateBytes out) {
    OpenPoints open = state.open();
    out.putNumber(open == null ? 0 : open.size());
    if (open != null) {
      open.writeTo(originMs, out);
    }
  }

  private static @Nullable OpenPoints readOpen(int version, long originMs, DataInput in)
      throws IOException {
    int size = VarLong.readInt(in);
    if (size == 0) {
      return null;
    }
    if (version > FULL_NUMBERS) {
      return OpenPoints.readFrom(size, originMs, in, BYTES.get());
    }
    return OpenPoints.of(
        version > SINGLE_POINTS ? readFull(size, originMs, in) : readSingly(size, originMs, in),
        new StateBytes());
  }

  private static List<Point> readFull(int size, long originMs, DataInput in) throws IOException {
    long timeMs = originMs + VarLong.read(in);
    VarLong.read(in); // until the last
    String[] texts = new String[VarLong.readInt(in)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = Texts.read(in);
    }
    List<Point> open = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Point point = new Point();
      point.idHash = in.readLong();
      open.add(point);
    }
    VarLong.read(in); // bytes of all
    for (Point point : open) {
      int flags = in.readByte();
      timeMs += VarLong.read(in);
      point.timeMs = timeMs;
      point.exposure = (flags & 1) != 0;
      if ((flags & 2) == 0) {
        point.arrivalMs = timeMs + VarLong.read(in);
      }
      readContent(point, () -> texts[VarLong.readInt(in)], in);
    }
    return open;
  }

  private static List<Point> readSingly(int size, long originMs, DataInput in) throws IOException {
    List<Point> open = new ArrayList<>(size);
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
      readContent(point, () -> text(texts, in), in);
      open.add(point);
    }
    return open;
  }

  /** The next text of a point. */
  private interface NextText {
    String read() throws IOException;
  }

  /** What follows a point's flags, times and id. */
  private static void readContent(Point point, NextText text, DataInput in) throws IOException {
    point.contentHash = (int) VarLong.read(in);
    point.valueMicros = VarLong.read(in);
    point.name = text.read();
    if (point.exposure) {
      point.variant = text.read();
      point.flagVersion = text.read();
    }
    point.attributes = new String[VarLong.readInt(in)];
    for (int a = 0; a < point.attributes.length; a++) {
      point.attributes[a] = text.read();
    }
  }

  /** A text by its number; the text follows where it is new. */
  private static String text(List<String> texts, DataInput in) throws IOException {
    int number = VarLong.readInt(in);
    if (number == texts.size()) {
      texts.add(Texts.read(in));
    }
    return texts.get(number);
  }
}
