package io.tidegate.analysis.baseline;

import io.tidegate.model.HourlyCount;
import io.tidegate.model.SegmentDimension;
import io.tidegate.stats.sums.LogHistogram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cells of one series by segment and hour of the history, and the values of a quantile metric by
 * segment. Books of the same series add up, in any order. Mutable.
 */
public final class HourBook {

  private static final int FORMAT = 1;

  /** Every unit. */
  static final Segment WHOLE = new Segment(SegmentDimension.ALL, SegmentDimension.EVERY_UNIT);

  /** A value of a dimension. */
  record Segment(String dimension, String value) implements Comparable<Segment> {
    @Override
    public int compareTo(Segment other) {
      int byDimension = dimension.compareTo(other.dimension);
      return byDimension != 0 ? byDimension : value.compareTo(other.value);
    }
  }

  private final Map<Segment, Map<Integer, HourCell>> cells = new TreeMap<>();
  private final Map<Segment, LogHistogram> values = new TreeMap<>();
  private int size;

  /** A book with one outcome's count in one hour. */
  public static HourBook of(HourlyCount count, HistoryRequest request) {
    HourBook book = new HourBook();
    int hour = (int) Math.floorDiv(count.hourStartMs() - request.startMs(), HistoryPlan.HOUR_MS);
    HourCell cell = book.cell(new Segment(count.dimension(), count.segment()), hour);
    cell.follow(Math.multiplyExact(count.count(), 1_000_000L), 0);
    return book;
  }

  HourCell cell(Segment segment, int hour) {
    return cells
        .computeIfAbsent(segment, s -> new TreeMap<>())
        .computeIfAbsent(
            hour,
            h -> {
              size++;
              return new HourCell();
            });
  }

  LogHistogram values(Segment segment) {
    return values.computeIfAbsent(
        segment,
        s -> {
          size++;
          return new LogHistogram();
        });
  }

  Map<Segment, Map<Integer, HourCell>> cells() {
    return cells;
  }

  Map<Segment, LogHistogram> values() {
    return values;
  }

  /** Segments of which anything is known. */
  Set<Segment> segments() {
    Set<Segment> all = new TreeSet<>(cells.keySet());
    all.addAll(values.keySet());
    return all;
  }

  /** Moves what is known of a segment to another of the same series. */
  void merge(Segment from, Segment into) {
    Map<Integer, HourCell> hours = cells.remove(from);
    if (hours != null) {
      size -= hours.size();
      hours.forEach((hour, cell) -> cell(into, hour).add(cell));
    }
    LogHistogram found = values.remove(from);
    if (found != null) {
      size--;
      values(into).add(found);
    }
  }

  /** Number of cells and histograms held. */
  public int size() {
    return size;
  }

  public void add(HourBook other) {
    other.cells.forEach(
        (segment, hours) -> hours.forEach((hour, cell) -> cell(segment, hour).add(cell)));
    other.values.forEach((segment, found) -> values(segment).add(found));
  }

  /** The bytes that {@link #read} reads. */
  public byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(cells.size());
      for (Map.Entry<Segment, Map<Integer, HourCell>> entry : cells.entrySet()) {
        write(entry.getKey(), out);
        out.writeInt(entry.getValue().size());
        for (Map.Entry<Integer, HourCell> hour : entry.getValue().entrySet()) {
          out.writeInt(hour.getKey());
          hour.getValue().writeTo(out);
        }
      }
      out.writeInt(values.size());
      for (Map.Entry<Segment, LogHistogram> entry : values.entrySet()) {
        write(entry.getKey(), out);
        entry.getValue().writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static HourBook read(byte[] bytes) {
    HourBook book = new HourBook();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IOException("hour book of format " + format + ", known is " + FORMAT);
      }
      for (int s = in.readInt(); s > 0; s--) {
        Segment segment = new Segment(in.readUTF(), in.readUTF());
        for (int h = in.readInt(); h > 0; h--) {
          book.cell(segment, in.readInt()).add(HourCell.read(in));
        }
      }
      for (int s = in.readInt(); s > 0; s--) {
        book.values(new Segment(in.readUTF(), in.readUTF())).add(LogHistogram.read(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return book;
  }

  private static void write(Segment segment, DataOutputStream out) throws IOException {
    out.writeUTF(segment.dimension());
    out.writeUTF(segment.value());
  }
}
