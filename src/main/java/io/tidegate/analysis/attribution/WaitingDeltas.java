package io.tidegate.analysis.attribution;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Deltas of one block in a row of longs, not yet added to its sums: with a hundred rollouts these
 * lie far apart, and a delta alone would fetch ten places of memory. Mutable.
 */
final class WaitingDeltas {

  /** Longs that are held at most; the sums that so many change are in a processor's cache. */
  private static final int MOST = 4_096;

  private static final int FIRST = 64;
  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;
  private static final int COUNT_MASK = 0x7FF;
  private static final long SHORT_SEGMENTS = 1L << 59;
  private static final long ENTERS = 1L << 60;
  private static final long MAKES = 1L << 61;
  private static final long NUMERATORS = 1L << 62;
  private static final long DENOMINATORS = 1L << 63;

  private long[] longs = new long[FIRST];
  private int used;

  /** Number of longs that there is room for. */
  int room() {
    return longs.length;
  }

  /** Keeps a delta; false where it must be released before. */
  boolean add(UnitDelta delta) {
    int[] segments = delta.segments;
    int bits = segmentBits(segments);
    int needed = 5 + (segments.length * bits + Long.SIZE - 1) / Long.SIZE;
    if (used + needed > longs.length) {
      if (used + needed > MOST) {
        return false;
      }
      longs = Arrays.copyOf(longs, Math.min(MOST, 2 * longs.length));
    }
    // An entering unit has no pair before, whatever the reused delta says of one.
    boolean numerators = delta.yNew != 0 || (!delta.enters && delta.yOld != 0);
    boolean denominators = delta.dNew != 0 || (!delta.enters && delta.dOld != 0);
    long head = (delta.channel & MASK) | (long) delta.outcome << BITS;
    head |= (long) segments.length << (3 * BITS);
    head |= delta.enters ? ENTERS : 0;
    head |= delta.sign > 0 ? MAKES : 0;
    head |= bits == BITS ? SHORT_SEGMENTS : 0;
    head |= numerators ? NUMERATORS : 0;
    head |= denominators ? DENOMINATORS : 0;
    int at = used;
    longs[at++] = head;
    if (numerators) {
      longs[at++] = delta.yOld;
      longs[at++] = delta.yNew;
    }
    if (denominators) {
      longs[at++] = delta.dOld;
      longs[at++] = delta.dNew;
    }
    for (int i = 0; i < segments.length; ) {
      long word = 0;
      for (int shift = 0; shift < Long.SIZE && i < segments.length; shift += bits) {
        word |= (long) segments[i++] << shift;
      }
      longs[at++] = word;
    }
    used = at;
    return true;
  }

  /** Bits that each segment takes. */
  private static int segmentBits(int[] segments) {
    int all = 0;
    for (int segment : segments) {
      all |= segment;
    }
    return (all & ~MASK) == 0 ? BITS : Integer.SIZE;
  }

  /**
   * Lets go of all.
   *
   * @param delta given for each, filled anew but for what is the block's
   */
  void release(UnitDelta delta, Consumer<UnitDelta> taker) {
    int[] segments = UnitDelta.NO_SEGMENTS;
    int at = 0;
    while (at < used) {
      long head = longs[at++];
      delta.channel = (short) head;
      delta.outcome = (int) (head >>> BITS);
      delta.enters = (head & ENTERS) != 0;
      delta.sign = (head & MAKES) != 0 ? 1 : -1;
      boolean numerators = (head & NUMERATORS) != 0;
      delta.yOld = numerators ? longs[at++] : 0;
      delta.yNew = numerators ? longs[at++] : 0;
      boolean denominators = (head & DENOMINATORS) != 0;
      delta.dOld = denominators ? longs[at++] : 0;
      delta.dNew = denominators ? longs[at++] : 0;
      int count = (int) (head >>> (3 * BITS)) & COUNT_MASK;
      if (count > 0 && segments.length != count) {
        segments = new int[count];
      }
      delta.segments = count == 0 ? UnitDelta.NO_SEGMENTS : segments;
      int bits = (head & SHORT_SEGMENTS) != 0 ? BITS : Integer.SIZE;
      int mask = (int) ((1L << bits) - 1);
      for (int i = 0; i < count; ) {
        long word = longs[at++];
        for (int shift = 0; shift < Long.SIZE && i < count; shift += bits) {
          segments[i++] = (int) (word >>> shift) & mask;
        }
      }
      taker.accept(delta);
    }
    used = 0;
  }
}
