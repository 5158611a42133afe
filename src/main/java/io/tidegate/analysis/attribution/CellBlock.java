package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSums;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums of what the units of one variant and stratum change in one bucket, found by number and not
 * by key. Mutable.
 */
final class CellBlock {

  /** Names a block. */
  record Home(String rolloutId, long bucketMs, int attempt, int process, int stratum, int variant) {

    static Home of(UnitDelta delta) {
      return new Home(
          delta.rolloutId,
          delta.bucketMs,
          delta.attempt,
          delta.process,
          delta.stratum,
          delta.variant);
    }

    /** A hash of what {@link #isOf} compares. */
    static int hash(UnitDelta delta) {
      int hash = 31 * delta.rolloutId.hashCode() + Long.hashCode(delta.bucketMs);
      hash = 31 * (31 * hash + delta.variant) + delta.stratum;
      hash = 31 * (31 * hash + delta.process) + delta.attempt;
      return hash ^ (hash >>> 16);
    }

    boolean isOf(UnitDelta delta) {
      return bucketMs == delta.bucketMs
          && variant == delta.variant
          && stratum == delta.stratum
          && process == delta.process
          && attempt == delta.attempt
          && rolloutId.equals(delta.rolloutId);
    }
  }

  private static final int COUNTERS = -CellKey.VERSION;

  /** Its objects but for sums and waiting deltas. */
  private static final int LONGS = 64;

  private final Home home;

  /** By channel, counters first. */
  private @Nullable ChannelSums[] channels = new ChannelSums[COUNTERS];

  private final WaitingDeltas waiting;
  private final int[] segmentStarts;
  private int longsOfSums;
  private long dueMs;

  /**
   * @param first of those that are its own
   * @param waiting empty
   */
  CellBlock(Home home, UnitDelta first, WaitingDeltas waiting) {
    this.home = home;
    this.waiting = waiting;
    this.segmentStarts = first.segmentStarts;
    this.dueMs = first.dueMs;
  }

  Home home() {
    return home;
  }

  /** Number of longs that it takes, about. */
  int size() {
    return LONGS + longsOfSums + waiting.room();
  }

  /** The first boundary that reads a sum, as far as boundaries were known. */
  long dueMs() {
    return dueMs;
  }

  void dueAt(long newDueMs) {
    dueMs = newDueMs;
  }

  /** Where deltas wait; empty once the block was written. */
  WaitingDeltas waiting() {
    return waiting;
  }

  /**
   * Adds a delta to the overall cell and to the cell of each dimension.
   *
   * @return by how many longs it has grown
   */
  int add(UnitDelta delta) {
    int before = size();
    if (!waiting.add(delta)) {
      settle();
      waiting.add(delta);
    }
    return size() - before;
  }

  private void settle() {
    UnitDelta scratch = new UnitDelta();
    scratch.segmentStarts = segmentStarts;
    waiting.release(scratch, this::settle);
  }

  private void settle(UnitDelta delta) {
    int channel = delta.channel + COUNTERS;
    if (channel >= channels.length) {
      channels = Arrays.copyOf(channels, Math.max(channel + 1, 2 * COUNTERS));
    }
    ChannelSums sums = channels[channel];
    if (sums == null) {
      sums = new ChannelSums(delta);
      channels[channel] = sums;
    } else {
      longsOfSums -= sums.size();
    }
    sums.add(delta);
    longsOfSums += sums.size();
  }

  /** Puts the sums that are not zero; {@link CellBatch#read} reads them. */
  void writeTo(StateBytes out) {
    settle();
    byte[] scratch = new byte[UnitSums.MOST_BYTES];
    for (int c = 0; c < channels.length; c++) {
      ChannelSums sums = channels[c];
      if (sums != null) {
        int channel = c - COUNTERS;
        sums.visit(
            (dimension, segment, all, index) -> {
              out.putLong(home.bucketMs());
              out.putNumber(home.attempt());
              out.putNumber(home.process());
              out.putNumber(home.stratum());
              out.putNumber(home.variant());
              out.putNumber(dimension);
              out.putNumber(segment);
              out.putNumber(channel);
              out.write(scratch, 0, all.put(index, scratch, 0));
            });
      }
    }
  }
}
