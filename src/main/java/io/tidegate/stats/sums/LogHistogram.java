package io.tidegate.stats.sums;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts of values in log-spaced bins with the DDSketch mapping (Masson, Rim and Lee 2019, §2.1):
 * bin ⌈log(v)/log γ⌉, γ = (1+a)/(1−a), stands for 2γ^i/(γ+1), which is within the relative accuracy
 * a of every value in it. One bin holds all values below 1e-9, and stands for 0.
 *
 * <p>Counts are integers: merging is exactly associative and commutative, and a value can be
 * retracted. Mutable, not thread-safe; updates allocate only when a new bin appears.
 */
public final class LogHistogram {
  /** Values below this, zero and negative ones among them, share one bin. */
  public static final double SMALLEST = 1e-9;

  /** The default relative accuracy. */
  public static final double ACCURACY = 0.01;

  private static final int FORMAT = 1;
  private static final int LOWEST = Integer.MIN_VALUE;

  private final double accuracy;
  private final double gamma;
  private final double logGamma;
  private int size;
  private int[] bins = new int[8];
  private long[] counts = new long[8];

  /** A histogram with relative accuracy 1 %. */
  public LogHistogram() {
    this(ACCURACY);
  }

  /**
   * An empty histogram.
   *
   * @param accuracy largest relative error of a value, in (0, 1)
   */
  public LogHistogram(double accuracy) {
    if (!(accuracy > 0 && accuracy < 1)) {
      throw new IllegalArgumentException("accuracy " + accuracy + " must lie in (0, 1)");
    }
    this.accuracy = accuracy;
    gamma = (1 + accuracy) / (1 - accuracy);
    logGamma = StrictMath.log1p(2 * accuracy / (1 - accuracy));
  }

  /**
   * Adds {@code count} values, or retracts them where {@code count} is negative.
   *
   * @param value finite
   */
  public void add(double value, long count) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value " + value + " must be finite");
    }
    addToBin(binOf(value), count);
  }

  /** Adds another histogram's counts; the accuracies must be equal. */
  public void add(LogHistogram other) {
    requireSameAccuracy(other);
    for (int i = 0; i < other.size; i++) {
      addToBin(other.bins[i], other.counts[i]);
    }
  }

  /** Takes another histogram's counts out; the accuracies must be equal. */
  public void subtract(LogHistogram other) {
    requireSameAccuracy(other);
    for (int i = 0; i < other.size; i++) {
      addToBin(other.bins[i], -other.counts[i]);
    }
  }

  /** The number of values. */
  public long total() {
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += counts[i];
    }
    return total;
  }

  /** The number of values in bins above the one of {@code threshold}: exact at bin edges. */
  public long countAbove(double threshold) {
    int bin = binOf(threshold);
    long above = 0;
    for (int i = size - 1; i >= 0 && bins[i] > bin; i--) {
      above += counts[i];
    }
    return above;
  }

  /**
   * The value at 0-based rank ⌊q(n − 1)⌋ of the sorted values, within the relative accuracy. Cannot
   * say where there are no values.
   *
   * @param q in [0, 1]
   */
  public Stated<Double> quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile " + q + " must lie in [0, 1]");
    }
    long total = total();
    return total < 1
        ? Stated.cannotSay(Reason.NO_DATA, "quantile of no values")
        : atRank((long) StrictMath.floor(q * (total - 1)));
  }

  /** The value at a 0-based rank, within the relative accuracy; cannot say beyond the values. */
  public Stated<Double> atRank(long rank) {
    long seen = 0;
    for (int i = 0; i < size; i++) {
      seen += counts[i];
      if (rank >= 0 && seen > rank) {
        return Stated.of(valueOf(bins[i]));
      }
    }
    return Stated.cannotSay(Reason.NO_DATA, "rank " + rank + " of " + seen + " values");
  }

  private int binOf(double value) {
    return value < SMALLEST ? LOWEST : (int) StrictMath.ceil(StrictMath.log(value) / logGamma);
  }

  private double valueOf(int bin) {
    return bin == LOWEST ? 0 : 2 * StrictMath.exp(bin * logGamma) / (gamma + 1);
  }

  private void addToBin(int bin, long count) {
    int at = Arrays.binarySearch(bins, 0, size, bin);
    if (at >= 0) {
      counts[at] = StrictMath.addExact(counts[at], count);
      if (counts[at] == 0) {
        remove(at);
      }
    } else if (count != 0) {
      insert(-at - 1, bin, count);
    }
  }

  private void insert(int at, int bin, long count) {
    if (size == bins.length) {
      bins = Arrays.copyOf(bins, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    System.arraycopy(bins, at, bins, at + 1, size - at);
    System.arraycopy(counts, at, counts, at + 1, size - at);
    bins[at] = bin;
    counts[at] = count;
    size++;
  }

  private void remove(int at) {
    System.arraycopy(bins, at + 1, bins, at, size - at - 1);
    System.arraycopy(counts, at + 1, counts, at, size - at - 1);
    size--;
  }

  private void requireSameAccuracy(LogHistogram other) {
    if (accuracy != other.accuracy) {
      throw new IllegalArgumentException(
          "histograms of accuracy " + accuracy + " and " + other.accuracy + " do not merge");
    }
  }

  /** Writes a version byte, the accuracy and the bins as differences, in ascending order. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    out.writeDouble(accuracy);
    VarLong.write(out, size);
    long last = 0;
    for (int i = 0; i < size; i++) {
      VarLong.write(out, bins[i] - last);
      VarLong.write(out, counts[i]);
      last = bins[i];
    }
  }

  /** The histogram that {@link #writeTo} wrote; an {@link IOException} on an unknown version. */
  public static LogHistogram read(DataInput in) throws IOException {
    int format = in.readUnsignedByte();
    if (format != FORMAT) {
      throw new IOException("histogram of format " + format + ", known is " + FORMAT);
    }
    LogHistogram histogram = new LogHistogram(in.readDouble());
    long size = VarLong.read(in);
    long bin = 0;
    for (long i = 0; i < size; i++) {
      bin += VarLong.read(in);
      histogram.addToBin(StrictMath.toIntExact(bin), VarLong.read(in));
    }
    return histogram;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogHistogram that
        && accuracy == that.accuracy
        && Arrays.equals(bins, 0, size, that.bins, 0, that.size)
        && Arrays.equals(counts, 0, size, that.counts, 0, that.size);
  }

  @Override
  public int hashCode() {
    int hash = Double.hashCode(accuracy);
    for (int i = 0; i < size; i++) {
      hash = 31 * (31 * hash + bins[i]) + Long.hashCode(counts[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "LogHistogram[accuracy=" + accuracy + ", bins=" + size + ", values=" + total() + "]";
  }
}
