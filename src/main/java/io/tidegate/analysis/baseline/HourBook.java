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
 * segment and day of entry. Books of the same series add up, in any order. Mutable.
 */
public final class HourBook {

  private static final int FORMAT = 2;
  private static final int HOURS_PER_DAY = 24;

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
  private final Map<Segment, Map<Integer, LogHistogram>> values = new TreeMap<>();
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

  /** Days since 1970-01-01, UTC, of an instant. */
  static int day(long timeMs) {
    return Math.toIntExact(Math.floorDiv(timeMs, HistoryPlan.DAY_MS));
  }

  LogHistogram values(Segment segment, int day) {
    return values
        .computeIfAbsent(segment, s -> new TreeMap<>())
        .computeIfAbsent(
            day,
            d -> {
              size++;
              return new LogHistogram();
            });
  }

  /** The values of a segment on all days; empty for none. */
  LogHistogram values(Segment segment) {
    LogHistogram all = new LogHistogram();
    values.getOrDefault(segment, Map.of()).values().forEach(all::add);
    return all;
  }

  Map<Segment, Map<Integer, HourCell>> cells() {
    return cells;
  }

  /**
   * Adds a day that was kept, as {@link #ofDay} made it, as far as a request's history has it.
   *
   * @param dayMs start of the day
   */
  public void addDay(HourBook day, long dayMs, HistoryRequest request) {
    int before = (int) Math.floorDiv(dayMs - request.startMs(), HistoryPlan.HOUR_MS);
    day.cells.forEach(
        (segment, hours) ->
            hours.forEach(
                (hour, cell) -> {
                  if (before + hour >= 0 && before + hour < request.hours()) {
                    cell(segment, before + hour).add(cell);
                  }
                }));
  }

  /** Adds the values of another book of the series. */
  public void addValues(HourBook other) {
    other.values.forEach(
        (segment, days) -> days.forEach((day, found) -> values(segment, day).add(found)));
  }

  /**
   * What is known of a day, its hours counted from the day's first.
   *
   * @param dayMs start of the day
   */
  public HourBook ofDay(long dayMs, HistoryRequest request) {
    HourBook day = new HourBook();
    int before = (int) Math.floorDiv(dayMs - request.startMs(), HistoryPlan.HOUR_MS);
    cells.forEach(
        (segment, hours) -> {
          for (int hour = 0; hour < HOURS_PER_DAY; hour++) {
            HourCell cell = hours.get(before + hour);
            if (cell != null) {
              day.cell(segment, hour).add(cell);
            }
          }
        });
    values.forEach(
        (segment, days) -> {
          LogHistogram found = days.get(day(dayMs));
          if (found != null) {
            day.values(segment, day(dayMs)).add(found);
          }
        });
    return day;
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
    Map<Integer, LogHistogram> days = values.remove(from);
    if (days != null) {
      size -= days.size();
      days.forEach((day, found) -> values(into, day).add(found));
    }
  }

  /** Number of cells and histograms held. */
  public int size() {
    return size;
  }

  public void add(HourBook other) {
    other.cells.forEach(
        (segment, hours) -> hours.forEach((hour, cell) -> cell(segment, hour).add(cell)));
    addValues(other);
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
      for (Map.Entry<Segment, Map<Integer, LogHistogram>> entry : values.entrySet()) {
        write(entry.getKey(), out);
        out.writeInt(entry.getValue().size());
        for (Map.Entry<Integer, LogHistogram> day : entry.getValue().entrySet()) {
          out.writeInt(day.getKey());
          day.getValue().writeTo(out);
        }
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
        Segment segment = new Segment(in.readUTF(), in.readUTF());
        for (int d = in.readInt(); d > 0; d--) {
          book.values(segment, in.readInt()).add(LogHistogram.read(in));
        }
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
