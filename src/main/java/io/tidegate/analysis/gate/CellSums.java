package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * A rollout's sums: those of buckets before the last boundary added up, the others by bucket. What
 * comes for an older bucket is added to the next boundary. Mutable.
 */
final class CellSums {

  private static final UnitSums NONE = new UnitSums();

  /** Of counting channels, which are gone through whole; few beside the others. */
  private final Map<CellKey, UnitSums> counts = new HashMap<>();

  private final Map<CellKey, UnitSums> values = new HashMap<>();
  private final TreeMap<Long, Map<CellKey, UnitSums>> pending = new TreeMap<>();

  /** Adds sums to a cell of a bucket, which may keep the instance. */
  void add(long bucketMs, CellKey key, UnitSums sums) {
    put(pending.computeIfAbsent(bucketMs, b -> new HashMap<>()), key, sums);
  }

  private static void put(Map<CellKey, UnitSums> cells, CellKey key, UnitSums sums) {
    UnitSums known = cells.putIfAbsent(key, sums);
    if (known != null) {
      known.add(sums);
    }
  }

  /** Adds up every bucket that starts before a boundary, and tells the flow of each. */
  void moveTo(long boundaryMs, HourlyFlow flow) {
    Map<Long, Map<CellKey, UnitSums>> due = pending.headMap(boundaryMs, false);
    due.forEach(
        (bucketMs, cells) ->
            cells.forEach(
                (key, sums) -> {
                  flow.add(bucketMs, key, sums);
                  put(now(key), key, sums);
                }));
    due.clear();
  }

  private Map<CellKey, UnitSums> now(CellKey key) {
    return key.channel() < 0 ? counts : values;
  }

  /** The sum of a cell up to the last boundary; not to be changed. */
  UnitSums get(CellKey key) {
    return now(key).getOrDefault(key, NONE);
  }

  /**
   * Strata of a process in ascending order. One that units have entered and left again is none: in
   * sorted input they had not been there.
   */
  Set<Integer> strata(int attempt, int process) {
    Set<Integer> strata = new TreeSet<>();
    for (Map.Entry<CellKey, UnitSums> cell : counts.entrySet()) {
      CellKey key = cell.getKey();
      if (key.attempt() == attempt
          && key.process() == process
          && key.channel() == CellKey.UNITS
          && cell.getValue().units() != 0) {
        strata.add(key.stratum());
      }
    }
    return strata;
  }

  /** Numbers of the flag's versions that units joined a stage without control at, by day. */
  NavigableMap<Integer, Set<Integer>> versions(int attempt, int process) {
    NavigableMap<Integer, Set<Integer>> versions = new TreeMap<>();
    counts.forEach(
        (key, sums) -> {
          if (key.channel() == CellKey.VERSION
              && key.process() == process
              && key.attempt() == attempt
              && sums.units() != 0) {
            versions.computeIfAbsent(key.stratum(), d -> new TreeSet<>()).add(key.segment());
          }
        });
    return versions;
  }

  /** Units or events counted in a counting channel over an attempt. */
  long counted(int attempt, int channel) {
    long total = 0;
    for (Map.Entry<CellKey, UnitSums> cell : counts.entrySet()) {
      CellKey key = cell.getKey();
      if (key.attempt() == attempt && key.channel() == channel && key.dimension() == -1) {
        total += cell.getValue().units();
      }
    }
    return total;
  }

  /** What happened over an attempt. */
  Activity activity(int attempt, int variants) {
    Activity found = new Activity(variants);
    counts.forEach(
        (key, sums) -> {
          if (key.attempt() == attempt && key.dimension() == -1) {
            found.add(key.variant(), key.segment(), key.channel(), sums.units());
          }
        });
    return found;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(counts.size() + values.size());
    writeCells(counts, out);
    writeCells(values, out);
    out.writeInt(pending.size());
    for (Map.Entry<Long, Map<CellKey, UnitSums>> bucket : pending.entrySet()) {
      out.writeLong(bucket.getKey());
      out.writeInt(bucket.getValue().size());
      writeCells(bucket.getValue(), out);
    }
  }

  static CellSums readFrom(DataInput in) throws IOException {
    CellSums sums = new CellSums();
    read(in, (key, read) -> sums.now(key).put(key, read));
    int buckets = in.readInt();
    for (int i = 0; i < buckets; i++) {
      Map<CellKey, UnitSums> cells = new HashMap<>();
      sums.pending.put(in.readLong(), cells);
      read(in, cells::put);
    }
    return sums;
  }

  private static void writeCells(Map<CellKey, UnitSums> cells, DataOutput out) throws IOException {
    for (Map.Entry<CellKey, UnitSums> cell : cells.entrySet()) {
      CellBatch.writeCell(cell.getKey(), cell.getValue(), out);
    }
  }

  private static void read(DataInput in, BiConsumer<CellKey, UnitSums> taker) throws IOException {
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      CellKey key = CellBatch.readKey(in);
      UnitSums sums = new UnitSums();
      sums.readFrom(in);
      taker.accept(key, sums);
    }
  }
}
