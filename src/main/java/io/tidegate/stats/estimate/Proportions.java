package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.BetaTail;
import io.tidegate.stats.tail.Tails;

/** Intervals for one proportion and comparisons of two, for display. */
public final class Proportions {
  private static final long MOST_UNITS = 1_000_000_000_000_000L;

  private Proportions() {}

  /**
   * A normal test.
   *
   * @param z the statistic
   * @param pValue two-sided
   */
  public record ZTest(double z, double pValue) {}

  /**
   * B − A of two proportions.
   *
   * @param difference p_B − p_A
   * @param pooled pooled-variance z test; cannot say where every unit, or none, is a success
   * @param newcombe hybrid score interval (Newcombe 1998, method 10)
   * @param agrestiCaffo Wald interval after one success and one failure more in each variant
   *     (Agresti and Caffo 2000), cut to [−1, 1]
   * @param fisherP two-sided p of Fisher's exact test
   */
  public record Comparison(
      double difference,
      Stated<ZTest> pooled,
      Interval newcombe,
      Interval agrestiCaffo,
      double fisherP) {}

  /** Compares x_B of n_B with x_A of n_A; cannot say where a variant has no units. */
  public static Stated<Comparison> compare(long xA, long nA, long xB, long nB, double alpha) {
    requireCounts(xA, nA);
    requireCounts(xB, nB);
    TTest.requireAlpha(alpha);
    if (nA == 0 || nB == 0) {
      return Stated.cannotSay(Reason.EMPTY_VARIANT, "units are " + nA + " and " + nB);
    }
    double pA = (double) xA / nA;
    double pB = (double) xB / nB;
    double z = Tails.normalUpperQuantile(alpha / 2);
    return Stated.of(
        new Comparison(
            pB - pA,
            pooled(xA, nA, xB, nB),
            newcombe(xA, nA, xB, nB, z),
            agrestiCaffo(xA, nA, xB, nB, z),
            fisher(xA, nA, xB, nB)));
  }

  private static Stated<ZTest> pooled(long xA, long nA, long xB, long nB) {
    double x = (double) xA + xB;
    double n = (double) nA + nB;
    if (x == 0 || x == n) {
      return Stated.cannotSay(
          Reason.ZERO_VARIANCE, (x == 0 ? "no" : "every") + " unit is a success");
    }
    double variance = x / n * ((n - x) / n) * (1.0 / nA + 1.0 / nB);
    double z = ((double) xB / nB - (double) xA / nA) / StrictMath.sqrt(variance);
    return Stated.of(new ZTest(z, Tails.normalTwoSided(z)));
  }

  private static Interval newcombe(long xA, long nA, long xB, long nB, double z) {
    double pA = (double) xA / nA;
    double pB = (double) xB / nB;
    Interval a = score(xA, nA, z);
    Interval b = score(xB, nB, z);
    double down = StrictMath.hypot(pB - b.lower(), a.upper() - pA);
    double up = StrictMath.hypot(b.upper() - pB, pA - a.lower());
    return clipped(pB - pA - down, pB - pA + up);
  }

  private static Interval agrestiCaffo(long xA, long nA, long xB, long nB, double z) {
    double mA = nA + 2.0;
    double mB = nB + 2.0;
    double pA = (xA + 1) / mA;
    double pB = (xB + 1) / mB;
    double width = z * StrictMath.sqrt(pA * (1 - pA) / mA + pB * (1 - pB) / mB);
    return clipped(pB - pA - width, pB - pA + width);
  }

  private static Interval clipped(double low, double high) {
    return new Interval(StrictMath.max(-1, low), StrictMath.min(1, high));
  }

  /**
   * Two-sided p of Fisher's exact test: the hypergeometric probability of all tables no more likely
   * than the observed one (with a relative slack of 1e-7, as R and scipy do).
   */
  public static double fisher(long xA, long nA, long xB, long nB) {
    requireCounts(xA, nA);
    requireCounts(xB, nB);
    Table table = new Table(xA + xB, nA, nB);
    long mode = table.mode();
    double observed = 1;
    for (long k = mode; k != xB && observed > 0; k += xB > mode ? 1 : -1) {
      observed *= xB > mode ? table.up(k) : table.down(k);
    }
    double limit = observed * (1 + 1e-7);
    double total = 0;
    double asExtreme = 0;
    double weight = 1;
    for (long k = mode; weight > 0; k++) {
      total += weight;
      asExtreme += weight <= limit ? weight : 0;
      weight *= table.up(k);
    }
    weight = table.down(mode);
    for (long k = mode - 1; weight > 0; k--) {
      total += weight;
      asExtreme += weight <= limit ? weight : 0;
      weight *= table.down(k);
    }
    return StrictMath.min(1, asExtreme / total);
  }

  /** A two-by-two table with fixed margins; k is the successes in B. */
  private record Table(long successes, long nA, long nB) {
    long mode() {
      double n = (double) nA + nB;
      long centre = (long) ((nB + 1.0) * (successes + 1.0) / (n + 2));
      long low = StrictMath.max(0, successes - nA);
      return StrictMath.max(low, StrictMath.min(StrictMath.min(successes, nB), centre));
    }

    /** P(k + 1)/P(k). */
    double up(long k) {
      return (double) (successes - k)
          * (double) (nB - k)
          / ((k + 1.0) * (double) (nA - successes + k + 1));
    }

    /** P(k − 1)/P(k). */
    double down(long k) {
      return (double) k
          * (double) (nA - successes + k)
          / ((double) (successes - k + 1) * (double) (nB - k + 1));
    }
  }

  /** Wilson's score interval (Wilson 1927); cannot say for n = 0. */
  public static Stated<Interval> wilson(long x, long n, double alpha) {
    return checked(x, n, alpha).map(a -> score(x, n, Tails.normalUpperQuantile(a / 2)));
  }

  /**
   * The exact interval from beta quantiles (Clopper and Pearson 1934): 0 below at x = 0, 1 above at
   * x = n. Cannot say for n = 0.
   */
  public static Stated<Interval> clopperPearson(long x, long n, double alpha) {
    return checked(x, n, alpha)
        .map(
            a ->
                new Interval(
                    x == 0 ? 0 : BetaTail.quantile(a / 2, (double) x, n - x + 1.0),
                    x == n ? 1 : BetaTail.quantile(1 - a / 2, x + 1.0, (double) n - x)));
  }

  /** Quantiles of the Beta(x + ½, n − x + ½) posterior (Jeffreys); cannot say for n = 0. */
  public static Stated<Interval> jeffreys(long x, long n, double alpha) {
    return checked(x, n, alpha)
        .map(
            a ->
                new Interval(
                    BetaTail.quantile(a / 2, x + 0.5, n - x + 0.5),
                    BetaTail.quantile(1 - a / 2, x + 0.5, n - x + 0.5)));
  }

  private static Stated<Double> checked(long x, long n, double alpha) {
    requireCounts(x, n);
    TTest.requireAlpha(alpha);
    return n == 0 ? Stated.cannotSay(Reason.NO_DATA, "proportion of no units") : Stated.of(alpha);
  }

  private static Interval score(long x, long n, double z) {
    double p = (double) x / n;
    double square = z * z;
    double root = z * StrictMath.sqrt(p * (1 - p) * n + square / 4);
    double low = x == 0 ? 0 : x * (double) x / n / (x + square / 2 + root);
    double miss = n - x;
    double high = x == n ? 1 : 1 - miss * miss / n / (miss + square / 2 + root);
    return new Interval(low, high);
  }

  private static void requireCounts(long x, long n) {
    if (x < 0 || x > n) {
      throw new IllegalArgumentException("successes " + x + " must lie in [0, " + n + "]");
    }
    if (n > MOST_UNITS) {
      throw new IllegalArgumentException("n must be at most 1e15, got " + n);
    }
  }
}
