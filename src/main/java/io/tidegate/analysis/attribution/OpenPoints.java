package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The points of one unit in buckets still open, in event-time order: ids in an array, each text
 * once in a dictionary, all else as bytes. They take a third of what as many objects take, the
 * garbage collector does not follow them, and a checkpoint copies them as they are. Mutable.
 */
final class OpenPoints {

  private static final int EXPOSURE = 1;
  private static final int IN_TIME = 2;

  /** Whether the value is a whole number, written without its millionths. */
  private static final int WHOLE = 4;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final long[] NO_IDS = {};
  private static final byte[] NO_BYTES = {};
  private static final String[] NO_TEXTS = {};

  /** Of the first {@link #size} points. */
  private long[] ids = NO_IDS;

  private int size;
  private byte[] bytes = NO_BYTES;
  private int length;
  private TextDictionary texts = new TextDictionary();
  private long firstMs;
  private long lastMs;

  static OpenPoints of(List<Point> points, StateBytes scratch) {
    OpenPoints open = new OpenPoints();
    for (Point point : points) {
      open.append(point, scratch);
    }
    return open;
  }

  /** Event time of the first. */
  long firstMs() {
    return firstMs;
  }

  /** Event time of the last. */
  long lastMs() {
    return lastMs;
  }

  int size() {
    return size;
  }

  long id(int at) {
    return ids[at];
  }

  boolean comesAfterAll(Point point) {
    return point.timeMs == lastMs
        ? Point.ORDER.compare(list().get(size - 1), point) < 0
        : point.timeMs > lastMs;
  }

  /**
   * Puts a point after the others; it is not kept itself.
   *
   * @param out where its bytes are gathered
   */
  void append(Point point, StateBytes out) {
    out.clear();
    put(point, size == 0 ? point.timeMs : lastMs, out);
    splice(size, length, length, point.idHash, out);
    if (size == 1) {
      firstMs = point.timeMs;
    }
    lastMs = point.timeMs;
  }

  /**
   * Puts a point where its time wants it; it is not kept itself.
   *
   * @param out where its bytes are gathered
   * @return how many come before it
   */
  int insert(Point point, StateBytes out) {
    if (comesAfterAll(point)) {
      append(point, out);
      return size - 1;
    }
    Reader reader = reader();
    Point next = new Point();
    int at;
    long beforeMs;
    do {
      at = reader.at;
      beforeMs = reader.timeMs;
      reader.nextWithoutTexts(next);
    } while (Point.ORDER.compare(next, point) <= 0);
    int place = reader.read - 1;
    out.clear();
    put(point, place == 0 ? point.timeMs : beforeMs, out);
    // The one after it says how much later than the one before it is.
    out.putByte(bytes[at]);
    out.putNumber(next.timeMs - point.timeMs);
    splice(place, at, VarLong.end(bytes, at + 1), point.idHash, out);
    if (place == 0) {
      firstMs = point.timeMs;
    }
    return place;
  }

  private void put(Point point, long beforeMs, StateBytes out) {
    boolean inTime = point.arrivalMs == Long.MIN_VALUE;
    boolean whole = point.valueMicros % UnitFold.ONE == 0;
    out.putByte((point.exposure ? EXPOSURE : 0) | (inTime ? IN_TIME : 0) | (whole ? WHOLE : 0));
    out.putNumber(point.timeMs - beforeMs);
    if (!inTime) {
      out.putNumber(point.arrivalMs - point.timeMs);
    }
    out.putInt(point.contentHash);
    out.putNumber(whole ? point.valueMicros / UnitFold.ONE : point.valueMicros);
    out.putNumber(texts.number(point.name));
    if (point.exposure) {
      out.putNumber(texts.number(point.variant));
      out.putNumber(texts.number(point.flagVersion));
    }
    out.putNumber(point.attributes.length);
    for (String text : point.attributes) {
      out.putNumber(texts.number(text));
    }
  }

  /** Puts bytes in the place of those from one place to another, and an id before another. */
  private void splice(int place, int from, int to, long id, StateBytes out) {
    int longer = out.size() - (to - from);
    byte[] source = bytes;
    if (length + longer > bytes.length) {
      bytes = new byte[length + longer + length / 2];
      System.arraycopy(source, 0, bytes, 0, from);
    }
    System.arraycopy(source, to, bytes, to + longer, length - to);
    out.copyTo(bytes, from);
    length += longer;
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size + size / 2 + 1);
    }
    System.arraycopy(ids, place, ids, place + 1, size - place);
    ids[place] = id;
    size++;
  }

  /** Every point as an object, without the unit's key. */
  List<Point> list() {
    List<Point> points = new ArrayList<>(size);
    Reader reader = reader();
    for (Point point = new Point(); reader.next(point); point = new Point()) {
      points.add(point);
    }
    return points;
  }

  Reader reader() {
    return new Reader();
  }

  /** Reads one point after the other. */
  final class Reader {
    private int read;
    private int at;
    private long timeMs = firstMs;
    private String @Nullable [] byNumber;

    /** How many were read. */
    int place() {
      return read;
    }

    /** One that goes on from here. */
    Reader copy() {
      Reader copy = new Reader();
      copy.read = read;
      copy.at = at;
      copy.timeMs = timeMs;
      copy.byNumber = byNumber;
      return copy;
    }

    /** Puts the next into a point, but for the unit's key; false where there is none. */
    boolean next(Point point) {
      if (!head(point)) {
        return false;
      }
      String[] known = byNumber;
      if (known == null) {
        known = texts.texts();
        byNumber = known;
      }
      point.name = known[(int) number()];
      point.variant = point.exposure ? known[(int) number()] : "";
      point.flagVersion = point.exposure ? known[(int) number()] : "";
      int count = (int) number();
      point.attributes = count == 0 ? NO_TEXTS : new String[count];
      for (int i = 0; i < count; i++) {
        point.attributes[i] = known[(int) number()];
      }
      return true;
    }

    /** As {@link #next}, but the point's texts stay what they are. */
    boolean nextWithoutTexts(Point point) {
      if (!head(point)) {
        return false;
      }
      for (int texts = point.exposure ? 3 : 1; texts > 0; texts--) {
        at = VarLong.end(bytes, at);
      }
      for (long texts = number(); texts > 0; texts--) {
        at = VarLong.end(bytes, at);
      }
      return true;
    }

    private boolean head(Point point) {
      if (read == size) {
        return false;
      }
      int flags = bytes[at++];
      timeMs += number();
      point.timeMs = timeMs;
      point.exposure = (flags & EXPOSURE) != 0;
      point.arrivalMs = (flags & IN_TIME) != 0 ? Long.MIN_VALUE : timeMs + number();
      point.idHash = ids[read++];
      point.contentHash = (int) INT.get(bytes, at);
      at += Integer.BYTES;
      point.valueMicros = number() * ((flags & WHOLE) != 0 ? UnitFold.ONE : 1);
      return true;
    }

    private long number() {
      int first = at;
      at = VarLong.end(bytes, first);
      return VarLong.get(bytes, first);
    }
  }

  OpenPoints copy() {
    OpenPoints c = new OpenPoints();
    c.ids = Arrays.copyOf(ids, size);
    c.size = size;
    c.bytes = Arrays.copyOf(bytes, length);
    c.length = length;
    c.texts = texts.copy();
    c.firstMs = firstMs;
    c.lastMs = lastMs;
    return c;
  }

  /**
   * @param originMs times are written relative to it
   */
  void writeTo(long originMs, StateBytes out) {
    out.putNumber(firstMs - originMs);
    out.putNumber(lastMs - firstMs);
    texts.writeTo(out);
    for (int i = 0; i < size; i++) {
      out.putLong(ids[i]);
    }
    out.putNumber(length);
    out.write(bytes, 0, length);
  }

  /**
   * @param size how many there are, at least 1
   */
  static OpenPoints readFrom(int size, long originMs, DataInput in) throws IOException {
    OpenPoints open = new OpenPoints();
    open.size = size;
    open.firstMs = originMs + VarLong.read(in);
    open.lastMs = open.firstMs + VarLong.read(in);
    open.texts = TextDictionary.readFrom(in);
    open.ids = new long[size];
    for (int i = 0; i < size; i++) {
      open.ids[i] = in.readLong();
    }
    open.length = VarLong.readInt(in);
    open.bytes = new byte[open.length];
    in.readFully(open.bytes);
    return open;
  }
}
