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
    Parts parts = new Parts(side, multiples, kappa);
    double low = lowest;
    double high = highest;
    double z = low;
    for (int step = 0; step < STEPS; step++) {
      parts.at(z);
      double log = LogScale.logMean(parts.logs);
      double total = 0;
      double slope = 0;
      for (int i = 0; i < parts.logs.length; i++) {
        double weight = StrictMath.exp(parts.logs[i] - log);
        total += weight;
        slope += weight * parts.slopes[i];
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

  /** The averaged sequences' log e-values at one z after another, and their slopes. Mutable. */
  private static final class Parts {
    private final Side side;
    private final double[] kappas;
    private final double[] heights;
    private final double[] roots;
    private final double[] logs;
    private final double[] slopes;

    Parts(Side side, double[] multiples, double kappa) {
      this.side = side;
      int parts = multiples.length;
      kappas = new double[parts];
      heights = new double[parts];
      roots = new double[parts];
      logs = new double[parts];
      slopes = new double[parts];
      for (int i = 0; i < parts; i++) {
        double k = multiples[i] * kappa;
        kappas[i] = k;
        heights[i] = NormalMixture.logHeight(k);
        roots[i] = StrictMath.sqrt(k / (1 + k));
      }
    }

    void at(double z) {
      for (int i = 0; i < logs.length; i++) {
        if (side == Side.TWO) {
          double k = kappas[i];
          logs[i] = NormalMixture.risenTwo(z, k, heights[i]);
          slopes[i] = z * k / (1 + k);
        } else {
          double y = z * roots[i];
          logs[i] = NormalMixture.risenGreater(y, heights[i]);
          slopes[i] = roots[i] * (y + NormalTail.inverseMills(y));
        }
      }
    }
  }
}
