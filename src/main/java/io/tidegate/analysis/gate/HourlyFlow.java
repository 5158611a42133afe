package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each of the last hours brought: events that took part, units that entered by segment, and
 * what outcomes added to metrics' sums. Integers only; mutable.
 */
final class HourlyFlow {

  static final long HOUR_MS = HistoryPlan.HOUR_MS;

  /** Complete hours that are kept. */
  static final int HOURS = 24;

  /**
   * What is counted.
   *
   * @param process as in {@link CellKey}; every stratum of it
   * @param segment of {@link CellKey#USED} the outcome's number
   * @param channel {@link CellKey#USED}, {@link CellKey#UNITS}, or a channel of the plan
   */
  record Key(int attempt, int process, int variant, int dimension, int segment, int channel)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = Integer.compare(attempt, other.attempt);
      order = order != 0 ? order : Integer.compare(process, other.process);
      order = order != 0 ? order : Integer.compare(variant, other.variant);
      order = order != 0 ? order : Integer.compare(dimension, other.dimension);
      order = order != 0 ? order : Integer.compare(segment, other.segment);
      return order != 0 ? order : Integer.compare(channel, other.channel);
    }
  }

  /**
   * Totals of an hour.
   *
   * @param units units or events; may fall where one is taken back
   * @param y numerator ×10⁶
   * @param d denominator ×10⁶
   */
  record Total(long units, long y, long d) {
    static final Total NONE = new Total(0, 0, 0);

    Total plus(Total other) {
      return new Total(units + other.units, y + other.y, d + other.d);
    }
  }

  private final TreeMap<Long, Map<Key, Total>> hours = new TreeMap<>();

  /** Start of the last hour that a boundary completes. */
  static long lastComplete(long boundaryMs) {
    return Math.floorDiv(boundaryMs, HOUR_MS) * HOUR_MS - HOUR_MS;
  }

  void add(long bucketMs, CellKey cell, UnitSums sums) {
    boolean counted =
        cell.channel() == CellKey.UNITS
            || (cell.dimension() == -1 && (cell.channel() == CellKey.USED || cell.channel() >= 0));
    if (counted) {
      long hourMs = Math.floorDiv(bucketMs, HOUR_MS) * HOUR_MS;
      Key key =
          new Key(
              cell.attempt(),
              cell.process(),
              cell.variant(),
              cell.dimension(),
              cell.segment(),
              cell.channel());
      Total total = new Total(sums.units(), sums.sumY().longValue(), sums.sumD().longValue());
      hours.computeIfAbsent(hourMs, h -> new TreeMap<>()).merge(key, total, Total::plus);
    }
  }

  /** Forgets the hours that no check at a boundary looks at. */
  void forgetBefore(long boundaryMs) {
    hours.headMap(lastComplete(boundaryMs) - (HOURS - 1) * HOUR_MS, false).clear();
  }

  Total of(long hourMs, Key key) {
    Map<Key, Total> hour = hours.get(hourMs);
    return hour == null ? Total.NONE : hour.getOrDefault(key, Total.NONE);
  }

  /** Events that took part in an hour, of whatever variant. */
  long used(long hourMs, int attempt) {
    long used = 0;
    for (Map.Entry<Key, Total> total : hours.getOrDefault(hourMs, Map.of()).entrySet()) {
      Key key = total.getKey();
      if (key.attempt() == attempt && key.channel() == CellKey.USED && key.dimension() == -1) {
        used += total.getValue().units();
      }
    }
    return used;
  }

  /** Units of a segment that entered in the complete hours kept and after. */
  long entered(long boundaryMs, int attempt, int process, int variant, int dimension, int segment) {
    Key key = new Key(attempt, process, variant, dimension, segment, CellKey.UNITS);
    long entered = 0;
    long fromMs = lastComplete(boundaryMs) - (HOURS - 1) * HOUR_MS;
    for (Map<Key, Total> hour : hours.subMap(fromMs, boundaryMs).values()) {
      entered += hour.getOrDefault(key, Total.NONE).units();
    }
    return entered;
  }

  /**
   * What happened in hours [from, to).
   *
   * @param variants of the rollout; of units not known yet only {@link Activity#ALL} counts
   */
  Activity activity(long fromMs, long toMs, int attempt, int variants) {
    Activity found = new Activity(variants);
    for (Map<Key, Total> hour : hours.subMap(fromMs, toMs).values()) {
      hour.forEach(
          (key, total) -> {
            if (key.attempt() == attempt && key.dimension() == -1) {
              found.add(key.variant(), key.segment(), key.channel(), total.units());
            }
          });
    }
    return found;
  }

  /** How many of the hours [from, to) had an outcome, by its number. */
  int hoursWith(int outcome, long fromMs, long toMs, int attempt) {
    int found = 0;
    for (Map<Key, Total> hour : hours.subMap(fromMs, toMs).values()) {
      boolean came =
          hour.entrySet().stream()
              .anyMatch(
                  total ->
                      total.getKey().attempt() == attempt
                          && total.getKey().channel() == CellKey.USED
                          && total.getKey().segment() == outcome
                          && total.getValue().units() > 0);
      found += came ? 1 : 0;
    }
    return found;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(hours.size());
    for (Map.Entry<Long, Map<Key, Total>> hour : hours.entrySet()) {
      out.writeLong(hour.getKey());
      out.writeInt(hour.getValue().size());
      for (Map.Entry<Key, Total> total : hour.getValue().entrySet()) {
        Key key = total.getKey();
        out.writeInt(key.attempt());
        out.writeInt(key.process());
        out.writeInt(key.variant());
        out.writeInt(key.dimension());
        out.writeInt(key.segment());
        out.writeInt(key.channel());
        out.writeLong(total.getValue().units());
        out.writeLong(total.getValue().y());
        out.writeLong(total.getValue().d());
      }
    }
  }

  static HourlyFlow readFrom(DataInput in) throws IOException {
    HourlyFlow flow = new HourlyFlow();
    for (int left = in.readInt(); left > 0; left--) {
      Map<Key, Total> hour = new TreeMap<>();
      flow.hours.put(in.readLong(), hour);
      for (int keys = in.readInt(); keys > 0; keys--) {
        Key key =
            new Key(
                in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
        hour.put(key, new Total(in.readLong(), in.readLong(), in.readLong()));
      }
    }
    return flow;
  }
}
