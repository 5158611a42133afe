package io.tidegate.stats.sequence;

/**
 * The average of normal-mixture e-values that differ only in the information they are tuned to,
 * with bounds by inverting the average (design.md §6).
 *
 * <p>An average of e-values on one filtration is an e-value. Tuned to the smallest effect alone a
 * sequence is slow for gross harm; the average costs little at the tuned effect.
 */
public final class MixtureAverage {

  /** One sequence, tuned to the target itself. */
  public static final MixtureAverage SINGLE = new MixtureAverage(1);

  /** Targets N*, N*∕16 and N*∕256: the gate's sequence. */
  public static final MixtureAverage THREE = new MixtureAverage(1, 16, 256);

  private static final int STEPS = 100;
  private static final double PRECISION = 4e-15;

  private final double[] multiples;

  private MixtureAverage(double... multiples) {
    this.multiples = multiples;
  }

  /** log of the averaged e-value at standardised estimate {@code z}; kappa belongs to N* itself. */
  public double logE(Side side, double z, double kappa) {
    if (multiples.length == 1) {
      return NormalMixture.logE(side, z, kappa);
    }
    double[] logs = new double[multiples.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = NormalMixture.logE(side, z, multiples[i] * kappa);
    }
    return LogScale.logMean(logs);
  }

  /**
   * The z at which the averaged e-value reaches 1/alpha: of |z| for two sides, else of z towards
   * the side's direction. Newton's method inside a bracket: the average is at most the largest of
   * its parts and at least a part divided by their number, and rises with z.
   */
  public double critical(Side side, double kappa, double alpha) {
    NormalMixture.requireAlpha(alpha);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    for (double m : multiples) {
      low = StrictMath.min(low, partCritical(side, m * kappa, alpha));
    }
    if (multiples.length == 1) {
      return low;
    }
    for (double m : multiples) {
      high = StrictMath.min(high, upperCritical(side, m * kappa, alpha / multiples.length));
    }
    return root(side, kappa, -StrictMath.log(alpha), low, high);
  }

  private static double partCritical(Side side, double kappa, double alpha) {
    return side == Side.TWO
        ? NormalMixture.criticalTwo(kappa, alpha)
        : NormalMixture.criticalOne(kappa, alpha);
  }

  private static double upperCritical(Side side, double kappa, double alpha) {
    return side == Side.TWO
        ? NormalMixture.criticalTwo(kappa, alpha)
        : NormalMixture.criticalOneClosed(kappa, alpha);
  }

  private double root(Side side, double kappa, double level, double lowest, double highest) {
    double low = lowest;
    double high = highest;
    double z = low;
    double[] logs = new double[multiples.length];
    double[] slopes = new double[multiples.length];
    for (int step = 0; step < STEPS; step++) {
      fill(side, kappa, z, logs, slopes);
      double log = LogScale.logMean(logs);
      double total = 0;
      double slope = 0;
      double shift = log;
      for (int i = 0; i < logs.length; i++) {
        double weight = StrictMath.exp(logs[i] - shift);
        total += weight;
        slope += weight * slopes[i];
      }
      if (log < level) {
        low = z;
      } else {
        high = z;
      }
      double next = z - (log - level) * total / slope;
      if (!(next > low && next < high)) {
        next = 0.5 * (low + high);
      }
      if (StrictMath.abs(next - z) <= PRECISION * z) {
        return next;
      }
      z = next;
    }
    return z;
  }

  private void fill(Side side, double kappa, double z, double[] logs, double[] slopes) {
    for (int i = 0; i < logs.length; i++) {
      double k = multiples[i] * kappa;
      if (side == Side.TWO) {
        logs[i] = NormalMixture.logETwo(z, k);
        slopes[i] = z * k / (1 + k);
      } else {
        double root = StrictMath.sqrt(k / (1 + k));
        double y = z * root;
        logs[i] = NormalMixture.logEGreater(z, k);
        slopes[i] = root * (y + NormalTail.inverseMills(y));
      }
    }
  }
}
