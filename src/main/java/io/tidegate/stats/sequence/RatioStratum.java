package io.tidegate.stats.sequence;

import java.util.Arrays;
import java.util.List;

/**
 * Units of one stratum by variant beside the shares that were declared.
 *
 * @param counts units of each variant, at most 1e15 together
 * @param weights declared weight of each variant, positive, in the same order; need not sum to 1;
 *     none below 1e-12 of their sum
 */
public record RatioStratum(List<Long> counts, List<Double> weights) {

  private static final long MOST_UNITS = 1_000_000_000_000_000L;
  private static final double SMALLEST_SHARE = 1e-12;

  public RatioStratum {
    counts = List.copyOf(counts);
    weights = List.copyOf(weights);
    if (counts.size() != weights.size() || counts.size() < 2) {
      throw new IllegalArgumentException(
          "a split needs two or more variants with a count and a weight each, got "
              + counts.size()
              + " counts and "
              + weights.size()
              + " weights");
    }
    long units = 0;
    for (long c : counts) {
      if (c < 0) {
        throw new IllegalArgumentException("a count must be >= 0, got " + c);
      }
      if (c > MOST_UNITS - units) {
        throw new IllegalArgumentException("counts must not exceed 1e15 together, got " + counts);
      }
      units += c;
    }
    double total = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double w : weights) {
      if (!(w > 0 && Double.isFinite(w))) {
        throw new IllegalArgumentException("a weight must be finite and > 0, got " + w);
      }
      total += w;
      least = StrictMath.min(least, w);
    }
    if (!(least >= SMALLEST_SHARE * total)) {
      throw new IllegalArgumentException(
          "a weight must be at least 1e-12 of all weights, got " + weights);
    }
  }

  /** Two variants, the treatment with share {@code treatmentShare}. */
  public static RatioStratum of(long control, long treatment, double treatmentShare) {
    return new RatioStratum(
        List.of(control, treatment), List.of(1 - treatmentShare, treatmentShare));
  }

  /** Units of all variants. */
  public long units() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  double[] shares() {
    double total = weights.stream().mapToDouble(Double::doubleValue).sum();
    return weights.stream().mapToDouble(w -> w / total).toArray();
  }

  @Override
  public String toString() {
    return "RatioStratum" + counts + " of " + Arrays.toString(shares());
  }
}
