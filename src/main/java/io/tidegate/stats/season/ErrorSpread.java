package io.tidegate.stats.season;

import io.tidegate.stats.tail.Tails;
import java.util.Arrays;

/**
 * How far forecasts miss, learned miss by miss: a mean absolute error with a factor per kind of
 * hour; the two 2.5 % quantiles of the scaled errors, followed so that 95 % stay inside in the long
 * run whatever the distribution (Gibbs and Candès 2021, eq. 2); beyond them a generalised Pareto
 * tail by the method of moments (Hosking and Wallis 1987, §2). Not thread-safe.
 */
public final class ErrorSpread {
  private static final double OUTSIDE = 0.025;
  private static final double NORMAL = 1.959963984540054;

  /** E|Z|: the quantiles start where a normal distribution has them. */
  private static final double MEAN_ABSOLUTE = 0.7978845608028654;

  private static final double SLOWEST = 0.003;
  private static final double SLOWEST_KIND = 0.04;
  private static final double SLOWEST_QUANTILE = 0.02;
  private static final double SLOWEST_TAIL = 0.01;
  private static final double LARGEST_MISS = 4;
  private static final double LARGEST_EXCESS = 10;
  private static final double SMALLEST_SCALE = 1e-3;
  private static final int PRIOR = 10;
  private static final int SETTLED = 24;
  private static final int QUICK = 300;

  private final double[] kinds;
  private final int[] seen;
  private double scale;
  private double below = NORMAL / MEAN_ABSOLUTE;
  private double above = below;
  private double excess = 0.25;
  private double squaredExcess = 2 * excess * excess;
  private long errors;
  private long exceedances;

  /**
   * Nothing seen yet.
   *
   * @param kinds of hour, each with its own factor
   * @param scale mean absolute error to start from
   */
  public ErrorSpread(int kinds, double scale) {
    if (!(kinds > 0 && scale > 0 && Double.isFinite(scale))) {
      throw new IllegalArgumentException(
          "kinds and the scale must be finite and > 0, got " + kinds + " and " + scale);
    }
    this.kinds = new double[kinds];
    Arrays.fill(this.kinds, 1);
    seen = new int[kinds];
    this.scale = scale;
  }

  /** Errors seen. */
  public long errors() {
    return errors;
  }

  /**
   * Mean absolute error to expect.
   *
   * @param counting variance that counting adds, 1/μ on a log scale; 0 for measurements
   */
  public double expected(int kind, double counting) {
    if (!(counting >= 0 && Double.isFinite(counting))) {
      throw new IllegalArgumentException(
          "the variance of counting must be finite and >= 0, got " + counting);
    }
    double own = scale * kinds[kind];
    return StrictMath.sqrt(own * own + MEAN_ABSOLUTE * MEAN_ABSOLUTE * counting);
  }

  /** The upper 2.5 % quantile of error ÷ {@link #expected}. */
  public double above() {
    return above;
  }

  /** The lower one, positive. */
  public double below() {
    return below;
  }

  /** P of an error as far out or further, two-sided: 0.05 at either quantile. */
  public double pValue(double scaledError) {
    double apart = ratio(scaledError);
    if (apart <= 1) {
      return Tails.normalTwoSided(NORMAL * apart);
    }
    double variance = StrictMath.max(squaredExcess - excess * excess, 1e-12);
    double moment = excess * excess / variance;
    double shape = StrictMath.max(0, StrictMath.min(0.5, 0.5 * (1 - moment)));
    double size = excess * (1 - shape);
    double over = apart - 1;
    return 2
        * OUTSIDE
        * (shape < 1e-6
            ? StrictMath.exp(-over / size)
            : StrictMath.pow(1 + shape * over / size, -1 / shape));
  }

  /** The normal score of the same probability, with the error's sign, at most {@code cap} large. */
  public double score(double scaledError, double pValue, double cap) {
    if (!(cap > 0)) {
      throw new IllegalArgumentException("the cap must be > 0, got " + cap);
    }
    double apart = ratio(scaledError);
    double size = cap;
    if (apart <= 1) {
      size = NORMAL * apart;
    } else if (pValue > 0) {
      size = Tails.normalUpperQuantile(pValue / 2);
    }
    return StrictMath.copySign(StrictMath.min(cap, size), scaledError);
  }

  private double ratio(double scaledError) {
    if (Double.isNaN(scaledError)) {
      throw new IllegalArgumentException("an error must be a number, got NaN");
    }
    return scaledError >= 0 ? scaledError / above : -scaledError / below;
  }

  /**
   * Learns from a miss.
   *
   * @param error observed less expected
   * @param expected {@link #expected} as it was when the forecast was made
   * @param counting as given then
   */
  public void learn(double error, double expected, int kind, double counting) {
    if (!Double.isFinite(error) || !(expected > 0)) {
      throw new IllegalArgumentException(
          "an error must be finite, what is expected > 0, got " + error + " and " + expected);
    }
    learnQuantiles(error / expected);
    errors++;
    double own = scale * kinds[kind];
    double now = expected(kind, counting);
    double miss = StrictMath.min(LARGEST_MISS * now, StrictMath.abs(error)) * own / now;
    scale += StrictMath.max(SLOWEST, 1.0 / (errors + PRIOR)) * (miss / kinds[kind] - scale);
    scale = StrictMath.max(SMALLEST_SCALE, scale);
    seen[kind]++;
    double rate = StrictMath.max(SLOWEST_KIND, 1.0 / (seen[kind] + PRIOR));
    double factor = StrictMath.min(LARGEST_MISS, miss / scale);
    kinds[kind] = StrictMath.max(1e-2, kinds[kind] + rate * (factor - kinds[kind]));
  }

  private void learnQuantiles(double scaled) {
    if (errors < SETTLED) {
      return;
    }
    double over = ratio(scaled) - 1;
    if (over > 0) {
      exceedances++;
      double cut = StrictMath.min(LARGEST_EXCESS, over);
      double rate = StrictMath.max(SLOWEST_TAIL, 1.0 / (exceedances + 2 * PRIOR));
      excess += rate * (cut - excess);
      squaredExcess += rate * (cut * cut - squaredExcess);
    }
    double rate =
        errors < QUICK
            ? StrictMath.max(SLOWEST_QUANTILE, StrictMath.pow(errors, -0.7))
            : SLOWEST_QUANTILE;
    above *= 1 + rate * ((scaled > above ? 1 : 0) - OUTSIDE);
    below *= 1 + rate * ((scaled < -below ? 1 : 0) - OUTSIDE);
  }
}
