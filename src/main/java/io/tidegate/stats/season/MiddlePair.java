package io.tidegate.stats.season;

import java.util.Arrays;

/**
 * The two middle values of many without sorting them: values are counted by exponent and leading
 * bits, and only what shares them with the middle is sorted. Not thread-safe.
 */
final class MiddlePair {
  private static final int FEW = 64;

  /** The exponent and seven bits more tell a bin. */
  private static final int SHIFT = 45;

  private static final int OCTAVE = 1 << 7;
  private static final int BINS = 16 * OCTAVE;
  private static final int SAMPLE = 8;

  private final int[] bins = new int[BINS];
  private double[] kept = new double[FEW];
  private double lower;
  private double upper;

  /** The middle value, or the smaller of two. */
  double lower() {
    return lower;
  }

  /** The middle value, or the larger of two. */
  double upper() {
    return upper;
  }

  double mean() {
    return (lower + upper) / 2;
  }

  /** Finds them among the first {@code count}, at least one, of values that are at least 0. */
  void find(double[] values, int count) {
    if (kept.length < count) {
      kept = new double[count];
    }
    int low = (count - 1) / 2;
    int high = count / 2;
    int below = 0;
    int left = count;
    if (count > FEW) {
      int first = firstBin(values, count);
      count(values, count, first);
      int to = BINS - 1;
      int down = bins[to];
      while (down < count - high) {
        down += bins[--to];
      }
      int from = to;
      while (down < count - low) {
        down += bins[--from];
      }
      below = count - down;
      left = keep(values, count, first, from, to);
    } else {
      System.arraycopy(values, 0, kept, 0, count);
    }
    Arrays.sort(kept, 0, left);
    lower = kept[low - below];
    upper = kept[high - below];
  }

  /** Most bins are for what is smaller than a few of the values. */
  private static int firstBin(double[] values, int count) {
    double largest = 0;
    for (int i = 0; i < SAMPLE; i++) {
      largest = StrictMath.max(largest, values[i * (count / SAMPLE)]);
    }
    return (int) (Double.doubleToRawLongBits(largest) >>> SHIFT) - BINS + 2 * OCTAVE;
  }

  private static int bin(double value, int first) {
    int at = (int) (Double.doubleToRawLongBits(value) >>> SHIFT) - first;
    return StrictMath.min(BINS - 1, StrictMath.max(0, at));
  }

  private void count(double[] values, int count, int first) {
    Arrays.fill(bins, 0);
    for (int i = 0; i < count; i++) {
      bins[bin(values[i], first)]++;
    }
  }

  /** Bits of values from 0 on are in their order. */
  private int keep(double[] values, int count, int first, int from, int to) {
    long least = from == 0 ? 0 : (long) (first + from) << SHIFT;
    long beyond = to == BINS - 1 ? Long.MAX_VALUE : (long) (first + to + 1) << SHIFT;
    int left = 0;
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      kept[left] = values[i];
      left += (int) (((least - 1 - bits) & (bits - beyond)) >>> 63);
    }
    return left;
  }
}
