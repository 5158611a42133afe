package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The points of one unit in buckets still open, in event-time order: all in one array, each text
 * once. They take a third of what as many objects take and few cache misses, the garbage collector
 * does not follow them, and a checkpoint copies them as they are. Mutable.
 */
final class OpenPoints {

  private static final int EXPOSURE = 1;
  private static final int IN_TIME = 2;

  /** Whether the value is a whole number, written without its millionths. */
  private static final int WHOLE = 4;

  private static final int UNKNOWN = -1;
  private static final byte[] NO_BYTES = {};

  /** Bytes that come from memory together. */
  private static final int LINE = 64;

  private static final int LEAST_GROWTH = 96;

  /** A {@link TextDictionary}, the points, then the id of each. */
  private byte[] bytes = NO_BYTES;

  private int textCount;
  private int textsEnd;

  /** Texts were there when the first outcome came, so many; it and others look at them last. */
  private int earlyTexts = UNKNOWN;

  private int earlyTextsEnd;
  private int pointsEnd;
  private int size;
  private long firstMs;
  private long lastMs;

  static OpenPoints of(List<Point> points, StateBytes scratch) {
    OpenPoints open = new OpenPoints();
    for (Point point : points) {
      open.append(point, scratch);
    }
    return open;
  }

  /** Lets go of all points but keeps the room that they took. */
  void clear() {
    textCount = 0;
    textsEnd = 0;
    earlyTexts = UNKNOWN;
    earlyTextsEnd = 0;
    pointsEnd = 0;
    size = 0;
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
    return (long) StateBytes.LONG.get(bytes, pointsEnd + at * Long.BYTES);
  }

  boolean comesAfterAll(Point point) {
    if (point.timeMs != lastMs) {
      return point.timeMs > lastMs;
    }
    Point last = new Point();
    for (Reader reader = reader(); reader.nextWithoutTexts(last); ) {
      // The order asks for no text.
    }
    return Point.ORDER.compare(last, point) < 0;
  }

  /**
   * Puts a point after the others; it is not kept itself.
   *
   * @param out where its bytes are gathered
   */
  void append(Point point, StateBytes out) {
    out.clear();
    put(point, size == 0 ? point.timeMs : lastMs, out);
    splice(size, pointsEnd, pointsEnd, point.idHash, out);
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
    int from = textsEnd + at;
    out.putByte(bytes[from]);
    out.putNumber(next.timeMs - point.timeMs);
    splice(place, from, VarLong.end(bytes, from + 1), point.idHash, out);
    if (place == 0) {
      firstMs = point.timeMs;
    }
    return place;
  }

  private void put(Point point, long beforeMs, StateBytes out) {
    if (!point.exposure && earlyTexts == UNKNOWN) {
      earlyTexts = textCount;
      earlyTextsEnd = textsEnd;
    }
    boolean inTime = point.arrivalMs == Long.MIN_VALUE;
    boolean whole = point.valueMicros % UnitFold.ONE == 0;
    out.putByte((point.exposure ? EXPOSURE : 0) | (inTime ? IN_TIME : 0) | (whole ? WHOLE : 0));
    out.putNumber(point.timeMs - beforeMs);
    if (!inTime) {
      out.putNumber(point.arrivalMs - point.timeMs);
    }
    out.putInt(point.contentHash);
    out.putNumber(whole ? point.valueMicros / UnitFold.ONE : point.valueMicros);
    out.putNumber(number(point.name, point.exposure));
    if (point.exposure) {
      out.putNumber(number(point.variant, point.exposure));
      out.putNumber(number(point.flagVersion, point.exposure));
    }
    out.putNumber(point.attributes.length);
    for (String text : point.attributes) {
      out.putNumber(number(text, point.exposure));
    }
  }

  /** A text's number, made where it has none. */
  private int number(String text, boolean exposure) {
    int known =
        exposure ? -1 : TextDictionary.find(bytes, earlyTexts, earlyTextsEnd, textCount, text);
    if (known < 0) {
      known = TextDictionary.find(bytes, 0, 0, exposure ? textCount : earlyTexts, text);
    }
    if (known >= 0) {
      return known;
    }
    int count = TextDictionary.count(text);
    int longer = VarLong.length(count) + count;
    shift(textsEnd, longer);
    TextDictionary.put(text, count, bytes, textsEnd);
    textsEnd += longer;
    pointsEnd += longer;
    return textCount++;
  }

  /** Puts bytes in the place of those from one place to another, and an id before another. */
  private void splice(int place, int from, int to, long id, StateBytes out) {
    int longer = out.size() - (to - from);
    shift(to, longer);
    out.copyTo(bytes, from);
    pointsEnd += longer;
    int at = pointsEnd + place * Long.BYTES;
    shift(at, Long.BYTES);
    StateBytes.LONG.set(bytes, at, id);
    size++;
  }

  /** Moves all from a place on, so that there is room before it. */
  private void shift(int from, int by) {
    int end = end();
    byte[] source = bytes;
    if (end + by > bytes.length) {
      bytes = new byte[end + by + Math.max(end / 2, LEAST_GROWTH)];
      System.arraycopy(source, 0, bytes, 0, from);
    }
    System.arraycopy(source, from, bytes, from + by, end - from);
  }

  private int end() {
    return pointsEnd + size * Long.BYTES;
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
    private TextDictionary.@Nullable Lookup lookup;

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
      copy.lookup = lookup;
      return copy;
    }

    /** Puts the next into a point, but for the unit's key; false where there is none. */
    boolean next(Point point) {
      if (!head(point)) {
        return false;
      }
      TextDictionary.Lookup known = lookup;
      if (known == null) {
        known = new TextDictionary.Lookup(bytes, textCount);
        lookup = known;
      }
      point.name = known.text((int) number());
      point.variant = point.exposure ? known.text((int) number()) : "";
      point.flagVersion = point.exposure ? known.text((int) number()) : "";
      int count = (int) number();
      point.attributes = count == 0 ? Point.NO_TEXTS : new String[count];
      for (int i = 0; i < count; i++) {
        point.attributes[i] = known.text((int) number());
      }
      return true;
    }

    /** As {@link #next}, but the point's texts stay what they are. */
    boolean nextWithoutTexts(Point point) {
      if (!head(point)) {
        return false;
      }
      skip(point.exposure ? 3 : 1);
      skip(number());
      return true;
    }

    private boolean head(Point point) {
      if (read == size) {
        return false;
      }
      int flags = bytes[textsEnd + at++];
      timeMs += number();
      point.timeMs = timeMs;
      point.exposure = (flags & EXPOSURE) != 0;
      point.arrivalMs = (flags & IN_TIME) != 0 ? Long.MIN_VALUE : timeMs + number();
      point.idHash = id(read++);
      point.contentHash = (int) StateBytes.INT.get(bytes, textsEnd + at);
      at += Integer.BYTES;
      point.valueMicros = number() * ((flags & WHOLE) != 0 ? UnitFold.ONE : 1);
      return true;
    }

    private long number() {
      int first = textsEnd + at;
      at = VarLong.end(bytes, first) - textsEnd;
      return VarLong.get(bytes, first);
    }

    private void skip(long numbers) {
      int next = textsEnd + at;
      for (long left = numbers; left > 0; left--) {
        next = VarLong.end(bytes, next);
      }
      at = next - textsEnd;
    }
  }

  /** Reads a byte of each of its lines of memory; see {@link UnitState#readAhead}. */
  long readAhead() {
    long read = 0;
    for (int i = 0; i < bytes.length; i += LINE) {
      read += bytes[i];
    }
    return read;
  }

  /** A copy without room for more. */
  OpenPoints copy() {
    return copy(end());
  }

  /** A copy with as much room; with these where there are no points, as nothing is read of them. */
  OpenPoints successor() {
    if (size > 0) {
      return copy(bytes.length);
    }
    OpenPoints c = new OpenPoints();
    c.bytes = bytes;
    return c;
  }

  private OpenPoints copy(int room) {
    OpenPoints c = new OpenPoints();
    c.bytes = Arrays.copyOf(bytes, room);
    c.textCount = textCount;
    c.textsEnd = textsEnd;
    c.earlyTexts = earlyTexts;
    c.earlyTextsEnd = earlyTextsEnd;
    c.pointsEnd = pointsEnd;
    c.size = size;
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
    out.putNumber(textCount);
    out.write(bytes, 0, textsEnd);
    out.write(bytes, pointsEnd, size * Long.BYTES);
    out.putNumber(pointsEnd - textsEnd);
    out.write(bytes, textsEnd, pointsEnd - textsEnd);
  }

  /**
   * @param size how many there are, at least 1
   * @param all where their bytes are gathered
   */
  static OpenPoints readFrom(int size, long originMs, DataInput in, StateBytes all)
      throws IOException {
    OpenPoints open = new OpenPoints();
    open.size = size;
    open.firstMs = originMs + VarLong.read(in);
    open.lastMs = open.firstMs + VarLong.read(in);
    open.textCount = VarLong.readInt(in);
    all.clear();
    for (int n = 0; n < open.textCount; n++) {
      all.takeText(in);
    }
    open.textsEnd = all.size();
    byte[] ids = new byte[size * Long.BYTES];
    in.readFully(ids);
    all.take(VarLong.readInt(in), in);
    open.pointsEnd = all.size();
    all.write(ids, 0, ids.length);
    open.bytes = all.toBytes();
    return open;
  }
}
