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

  private final Home home;

  /** By channel, counters first, then dimension, all units first, then segment. */
  private @Nullable UnitSums[] @Nullable [] @Nullable [] sums = new UnitSums[COUNTERS][][];

  CellBlock(Home home) {
    this.home = home;
  }

  Home home() {
    return home;
  }

  /**
   * Adds a delta to the overall cell and to the cell of each dimension.
   *
   * @return how many sums were made for it
   */
  int add(UnitDelta delta) {
    int channel = delta.channel + COUNTERS;
    if (channel >= sums.length) {
      sums = Arrays.copyOf(sums, Math.max(channel + 1, 2 * COUNTERS));
    }
    int size = 1 + delta.segments.length;
    @Nullable UnitSums[] @Nullable [] dimensions = sums[channel];
    if (dimensions == null || dimensions.length < size) {
      dimensions = dimensions == null ? new UnitSums[size][] : Arrays.copyOf(dimensions, size);
      sums[channel] = dimensions;
    }
    int made = apply(dimensions, 0, delta.outcome, delta);
    for (int i = 0; i < delta.segments.length; i++) {
      made += apply(dimensions, i + 1, delta.segments[i], delta);
    }
    return made;
  }

  private static int apply(
      @Nullable UnitSums[] @Nullable [] dimensions, int dimension, int segment, UnitDelta delta) {
    @Nullable UnitSums[] segments = dimensions[dimension];
    if (segments == null) {
      segments = new UnitSums[segment + 2];
      dimensions[dimension] = segments;
    } else if (segments.length <= segment) {
      segments = Arrays.copyOf(segments, 2 * segment);
      dimensions[dimension] = segments;
    }
    UnitSums known = segments[segment];
    boolean made = known == null;
    if (known == null) {
      known = new UnitSums();
      segments[segment] = known;
    }
    delta.applyTo(known);
    return made ? 1 : 0;
  }

  /** Visits the sums that are not zero. */
  void visit(CellBatch.CellVisitor visitor) {
    for (int c = 0; c < sums.length; c++) {
      @Nullable UnitSums[] @Nullable [] dimensions = sums[c];
      for (int d = 0; dimensions != null && d < dimensions.length; d++) {
        @Nullable UnitSums[] segments = dimensions[d];
        for (int s = 0; segments != null && s < segments.length; s++) {
          UnitSums cell = segments[s];
          if (cell != null && !cell.isZero()) {
            visitor.cell(home.bucketMs(), key(c - COUNTERS, d - 1, s), cell);
          }
        }
      }
    }
  }

  private CellKey key(int channel, int dimension, int segment) {
    return new CellKey(
        home.attempt(),
        home.process(),
        home.stratum(),
        home.variant(),
        dimension,
        segment,
        channel);
  }
}
