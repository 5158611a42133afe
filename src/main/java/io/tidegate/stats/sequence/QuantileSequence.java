package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.Arrays;

/**
 * Anytime-valid inference on quantiles of independent values (Howard and Ramdas 2022): exact for
 * independent events, an approximation where users repeat. The gate compares exceedance shares
 * instead, with a third of the users (statistics.md §2.7).
 */
public final class QuantileSequence {

  private static final int GOLDEN_STEPS = 120;
  private static final double GOLDEN = (StrictMath.sqrt(5) - 1) / 2;

  private QuantileSequence() {}

  /**
   * Ranks that bound a quantile at all times; 1-based.
   *
   * @param lower largest rank certainly at or below the quantile, 0 where there is none
   * @param upper smallest rank certainly at or above it, {@code n + 1} where there is none
   */
  public record Ranks(long lower, long upper) {}

  /**
   * The order statistics that bound the {@code q}-quantile after {@code n} values, tightest near
   * {@code tOpt} values.
   */
  public static Ranks ranks(long n, double q, double alpha, double tOpt) {
    checkQuantile(q);
    NormalMixture.requireAlpha(alpha);
    if (n < 0) {
      throw new IllegalArgumentException("n must be >= 0, got " + n);
    }
    if (n == 0) {
      return new Ranks(0, 1);
    }
    double v = q * (1 - q) * n;
    double half = alpha / 2;
    double vOpt = q * (1 - q) * tOpt;
    double above = BetaBinomialBoundary.tuned(vOpt, half, q, 1 - q, false).bound(v, half);
    double below = BetaBinomialBoundary.tuned(vOpt, half, 1 - q, q, false).bound(v, half);
    long lower = (long) StrictMath.ceil(n * q - below);
    long upper = (long) StrictMath.floor(n * q + above) + 1;
    return new Ranks(StrictMath.max(0, lower), StrictMath.min(n + 1, upper));
  }

  /**
   * Always-valid p-value of the null that both samples have the same {@code q}-quantile ({@code
   * confseq.quantile_ab}): 1/exp of the least sum of the two log mixtures over all candidate
   * values. Cannot say without values in both.
   */
  public static Stated<Double> equalityPValue(
      double[] control, double[] treatment, double q, double tOpt, double alphaOpt) {
    checkQuantile(q);
    if (control.length == 0 || treatment.length == 0) {
      return Stated.cannotSay(Reason.EMPTY_VARIANT, "a variant has no values");
    }
    checkNumbers(control);
    checkNumbers(treatment);
    BetaBinomialBoundary mixture =
        BetaBinomialBoundary.tuned(tOpt * q * (1 - q), alphaOpt, q, 1 - q, false);
    Sample a = new Sample(control, q, mixture);
    Sample b = new Sample(treatment, q, mixture);
    double least = Double.POSITIVE_INFINITY;
    for (Sample sample : new Sample[] {a, b}) {
      for (double x : sample.sorted) {
        least = StrictMath.min(least, a.logMixture(x) + b.logMixture(x));
      }
    }
    return Stated.of(LogScale.pValue(least));
  }

  private static void checkNumbers(double[] values) {
    for (double v : values) {
      if (Double.isNaN(v)) {
        throw new IllegalArgumentException("a value must be a number, got NaN");
      }
    }
  }

  private static void checkQuantile(double q) {
    if (!(q > 0 && q < 1)) {
      throw new IllegalArgumentException("a quantile's level must lie in (0, 1), got " + q);
    }
  }

  private static final class Sample {
    final double[] sorted;
    private final double q;
    private final BetaBinomialBoundary mixture;
    private final double likeliest;

    Sample(double[] values, double q, BetaBinomialBoundary mixture) {
      this.sorted = values.clone();
      Arrays.sort(sorted);
      this.q = q;
      this.mixture = mixture;
      this.likeliest = likeliestShare();
    }

    /**
     * Least log mixture if {@code x} is the quantile: the share below may lie between both counts.
     */
    double logMixture(double x) {
      double n = sorted.length;
      double least = below(x, false) / n;
      double most = below(x, true) / n;
      return atShare(StrictMath.max(least, StrictMath.min(most, likeliest)));
    }

    private double atShare(double share) {
      double n = sorted.length;
      return mixture.logMixture((share - q) * n, q * (1 - q) * n);
    }

    private int below(double x, boolean inclusive) {
      int low = 0;
      int high = sorted.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        boolean before = inclusive ? sorted[middle] <= x : sorted[middle] < x;
        if (before) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /** The share at which the convex mixture is least, by golden section. */
    private double likeliestShare() {
      double low = 0;
      double high = 1;
      for (int i = 0; i < GOLDEN_STEPS; i++) {
        double x1 = high - GOLDEN * (high - low);
        double x2 = low + GOLDEN * (high - low);
        if (atShare(x1) <= atShare(x2)) {
          high = x2;
        } else {
          low = x1;
        }
      }
      return 0.5 * (low + high);
    }
  }
}
