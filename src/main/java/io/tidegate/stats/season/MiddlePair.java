package io.tidegate.stats.season;

import java.util.Arrays;

/**
 * The two middle values of many without sorting them: looked for among what lies near a guess if
 * the middle is there; else values are counted by exponent and leading bits, and it is looked for
 * among what shares the middle's. Not thread-safe.
 */
final class MiddlePair {
  private static final int FEW = 64;

  /** Sorted at once. */
  private static final int SORTED = 16;

  /** The exponent and seven bits more tell a bin. */
  private static final int SHIFT = 45;

  private static final int OCTAVE = 1 << 7;
  private static final int BINS = 16 * OCTAVE;
  private static final int SAMPLE = 8;

  /**
   * How the width that counts as near changes once the middle was not near, and each time it was.
   */
  private static final double WIDER = 2;

  private static final double NARROWER = 0.96;
  private static final double WIDEST = 1 / 16.0;
  private static final double NARROWEST = 1e-9;

  private final int[] bins = new int[BINS];
  private double[] kept = new double[FEW];
  private double width = WIDEST;
  private int below;
  private int left;
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

  double meanLog() {
    return (StrictMath.log(lower) + StrictMath.log(upper)) / 2;
  }

  /**
   * Finds them among the first {@code count}, at least one, of values that are at least 0.
   *
   * @param centre where the middle may be, which costs least if it is
   */
  void find(double[] values, int count, double centre) {
    if (kept.length < count) {
      kept = new double[count];
    }
    if (count <= FEW) {
      System.arraycopy(values, 0, kept, 0, count);
      left = count;
      below = 0;
    } else if (!near(centre, values, count)) {
      amongBins(values, count);
    }
    select((count - 1) / 2 - below, count / 2 - below);
  }

  /** Parts what was kept until few are left around the two ranks, and sorts those. */
  private void select(int low, int high) {
    int from = 0;
    int to = left;
    boolean parted = true;
    while (parted && to - from > SORTED) {
      int split = split(from, to);
      parted = split > from && (high < split || low >= split);
      if (parted && high < split) {
        to = split;
      } else if (parted) {
        from = split;
      }
    }
    Arrays.sort(kept, from, to);
    lower = kept[low];
    upper = kept[high];
  }

  /** Puts what is smaller than one of them first; returns where the others begin. */
  private int split(int from, int to) {
    double[] values = kept;
    long pivot = Double.doubleToRawLongBits(values[(from + to) >>> 1]);
    int at = from;
    for (int i = from; i < to; i++) {
      double value = values[i];
      values[i] = values[at];
      values[at] = value;
      at += (int) ((Double.doubleToRawLongBits(value) - pivot) >>> 63);
    }
    return at;
  }

  private boolean near(double centre, double[] values, int count) {
    keep(
        values,
        count,
        Double.doubleToRawLongBits(centre * (1 - width)),
        Double.doubleToRawLongBits(centre * (1 + width)));
    boolean found = below <= (count - 1) / 2 && count / 2 < below + left;
    double change = !found ? WIDER : left > FEW ? 1 / WIDER : NARROWER;
    width = StrictMath.max(NARROWEST, StrictMath.min(WIDEST, width * change));
    return found;
  }

  private void amongBins(double[] values, int count) {
    int first = firstBin(values, count);
    count(values, count, first);
    int to = BINS - 1;
    int down = bins[to];
    while (down < count - count / 2) {
      down += bins[--to];
    }
    int from = to;
    while (down < count - (count - 1) / 2) {
      down += bins[--from];
    }
    keep(
        values,
        count,
        from == 0 ? 0 : (long) (first + from) << SHIFT,
        to == BINS - 1 ? Long.MAX_VALUE : (long) (first + to + 1) << SHIFT);
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
  private void keep(double[] values, int count, long least, long beyond) {
    int smaller = 0;
    int some = 0;
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      int less = (int) ((bits - least) >>> 63);
      kept[some] = values[i];
      some += (int) ((bits - beyond) >>> 63) - less;
      smaller += less;
    }
    below = smaller;
    left = some;
  }
}
