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
    boolean shorts = areShort(segments);
    int needed = 5 + (shorts ? 1 : (segments.length + 1) / 2);
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
    head |= shorts ? SHORT_SEGMENTS : 0;
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
    if (shorts) {
      long all = 0;
      for (int i = segments.length - 1; i >= 0; i--) {
        all = all << BITS | segments[i];
      }
      longs[at++] = all;
    } else {
      for (int i = 0; i < segments.length; i += 2) {
        longs[at++] = segments[i] | (i + 1 < segments.length ? (long) segments[i + 1] << 32 : 0);
      }
    }
    used = at;
    return true;
  }

  /** Whether there are segments that fit into one long. */
  private static boolean areShort(int[] segments) {
    if (segments.length == 0 || segments.length > Long.SIZE / BITS) {
      return false;
    }
    int all = 0;
    for (int segment : segments) {
      all |= segment;
    }
    return (all & ~MASK) == 0;
  }

  /**
   * Lets go of all.
   *
   * @param delta given for each, filled anew but for what is the block's
   */
  void release(UnitDelta delta, Consumer<UnitDelta> taker) {
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
      if (delta.segments.length != count) {
        delta.segments = new int[count];
      }
      if ((head & SHORT_SEGMENTS) != 0) {
        long all = longs[at++];
        for (int i = 0; i < count; i++) {
          delta.segments[i] = (int) (all >>> (i * BITS)) & MASK;
        }
      } else {
        for (int i = 0; i < count; i += 2) {
          long two = longs[at++];
          delta.segments[i] = (int) two;
          if (i + 1 < count) {
            delta.segments[i + 1] = (int) (two >>> 32);
          }
        }
      }
      taker.accept(delta);
    }
    used = 0;
  }
}
