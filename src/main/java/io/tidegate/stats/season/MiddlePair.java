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

  /** Kept more often than that, the width shrinks faster. */
  private static final int MANY = 128;

  private static final double WIDER = 1.3;
  private static final double NARROWER = 0.99;
  private static final double MUCH_NARROWER = 0.9;

  /** The second look goes so many times as far as the first. */
  private static final double FURTHER = 4;

  private static final double WIDEST = 1 / 16.0;
  private static final double NARROWEST = 1e-9;

  /** What rounding may part folds by that are below {@link #LARGE_FOLD}. */
  private static final double ROUNDING = 1e-12;

  private static final double LARGE_FOLD = 64;

  private final int[] bins = new int[BINS];
  private double[] kept = new double[FEW];
  private double[] folds = {};
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
    reserve(count);
    if (count <= FEW) {
      System.arraycopy(values, 0, kept, 0, count);
      left = count;
      below = 0;
    } else if (!near(centre, values, count)) {
      amongBins(values, count);
    }
    select((count - 1) / 2 - below, count / 2 - below);
  }

  private void reserve(int count) {
    if (kept.length < count) {
      kept = new double[count];
    }
  }

  /**
   * Finds those of the larger of value ÷ centre and centre ÷ value, which is taken only where it
   * may be in the middle; values and centre are above 0.
   */
  void findFolded(double[] values, int count, double centre) {
    double last = mean();
    boolean small = last * (1 + width) < LARGE_FOLD;
    if (!small || count <= FEW || !nearFolds(values, count, centre, last)) {
      if (folds.length < count) {
        folds = new double[count];
      }
      for (int i = 0; i < count; i++) {
        folds[i] = fold(values[i], centre);
      }
      find(folds, count, last);
    }
  }

  private static double fold(double value, double centre) {
    double ratio = value / centre;
    return StrictMath.max(ratio, 1 / ratio);
  }

  /**
   * Takes the folds from the least to the largest that count as near. Of values, centre ÷ least and
   * centre × least are as far from their mean, smaller folds nearer to it; as many as reach the
   * largest above the centre reach it below.
   */
  private boolean nearFolds(double[] values, int count, double centre, double last) {
    reserve(count);
    double least = StrictMath.max(1, last * (1 - width));
    double largest = StrictMath.max(1, last * (1 + width));
    double mean = centre * (least + 1 / least) / 2;
    double distance = centre * (least - 1 / least) / 2;
    long beyond = Double.doubleToRawLongBits(centre * (largest - least)) + Long.MIN_VALUE;
    double[] into = kept;
    int smaller = 0;
    int some = 0;
    for (int i = 0; i < count; i++) {
      double apart = StrictMath.abs(values[i] - mean) - distance;
      smaller += negative(apart);
      // Not negative, and less.
      if (Double.doubleToRawLongBits(apart) + Long.MIN_VALUE < beyond) {
        into[some++] = fold(values[i], centre);
      }
    }
    below = smaller;
    left = some;
    boolean found = found(count);
    follow(found);
    if (found) {
      select((count - 1) / 2 - below, count / 2 - below);
      // At the very ends rounding could part folds otherwise.
      found = lower > (below == 0 ? 0 : least * (1 + ROUNDING)) && upper < largest * (1 - ROUNDING);
    }
    return found;
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

  /** Looks nearby, and further off if the middle is not there. */
  private boolean near(double centre, double[] values, int count) {
    double further = centre * width * FURTHER;
    boolean found = within(centre * width, centre, values, count);
    follow(found);
    return found || within(further, centre, values, count);
  }

  /** Whether both ranks are among what was kept. */
  private boolean found(int count) {
    return below <= (count - 1) / 2 && count / 2 < below + left;
  }

  private void follow(boolean found) {
    double change = !found ? WIDER : left > MANY ? MUCH_NARROWER : NARROWER;
    width = StrictMath.max(NARROWEST, StrictMath.min(WIDEST, width * change));
  }

  private boolean within(double distance, double centre, double[] values, int count) {
    double[] into = kept;
    int smaller = 0;
    int some = 0;
    for (int i = 0; i < count; i++) {
      double apart = values[i] - centre;
      smaller += negative(apart);
      if (StrictMath.abs(apart) < distance) {
        into[some++] = values[i];
      }
    }
    for (int i = 0; i < some; i++) {
      smaller -= negative(into[i] - centre);
    }
    below = smaller;
    left = some;
    return below <= (count - 1) / 2 && count / 2 < below + left;
  }

  /** 1 or 0, without a branch. */
  private static int negative(double value) {
    return (int) (Double.doubleToRawLongBits(value) >>> 63);
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
