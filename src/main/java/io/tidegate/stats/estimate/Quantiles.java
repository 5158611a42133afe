package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sums.LogHistogram;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import io.tidegate.stats.tail.Tails;

/** Intervals for quantiles, of independent events and of events clustered by unit. */
public final class Quantiles {
  /** z_{0.975} as GrowthBook writes it. */
  private static final double Z_975 = 1.959963984540054;

  private Quantiles() {}

  /**
   * Order statistics around a quantile.
   *
   * @param lowerRank 1-based; cannot say ({@code UNBOUNDED}) where none is low enough
   * @param upperRank 1-based; cannot say ({@code UNBOUNDED}) where none is high enough
   * @param coverage exact probability that the quantile lies between them
   */
  public record OrderInterval(Stated<Long> lowerRank, Stated<Long> upperRank, double coverage) {}

  /**
   * A quantile's variance with its users' clustering.
   *
   * @param variance of the quantile times n
   * @param se √(variance/n), in the metric's unit
   * @param designEffect how many times independent events would vary less
   */
  public record Clustered(double variance, double se, double designEffect) {}

  /**
   * Distribution-free interval for the q-quantile of n independent values: ranks l = binomial
   * quantile of α/2 and u = that of 1 − α/2, plus 1 (Conover 1999, §3.2). Cannot say for n = 0.
   *
   * @param q in (0, 1)
   */
  public static Stated<OrderInterval> orderInterval(long n, double q, double alpha) {
    requireQuantile(q);
    TTest.requireAlpha(alpha);
    if (n < 1) {
      return Stated.cannotSay(Reason.NO_DATA, "quantile of no values");
    }
    long low = Tails.binomialQuantile(alpha / 2, n, q);
    long high = Tails.binomialQuantile(1 - alpha / 2, n, q) + 1;
    double below = Tails.binomialCdf(low - 1, n, q);
    double above = high > n ? 0 : Tails.binomialCdf(n - high, n, 1 - q);
    return Stated.of(
        new OrderInterval(rank(low, low >= 1), rank(high, high <= n), 1 - below - above));
  }

  private static Stated<Long> rank(long rank, boolean inside) {
    return inside
        ? Stated.of(rank)
        : Stated.cannotSay(Reason.UNBOUNDED, "rank " + rank + " is beyond the values");
  }

  /**
   * GrowthBook's variance of a quantile: (n* / n)(n − 1)((upper − lower)/(2 z))² deff, deff = var(s
   * − R d)/k/d̄² over ν(1 − ν)/n, from the k users' exceedances s and events d (Deng, Knoblich and
   * Lu 2018, §4.3). Cannot say below two users or where they have no events.
   *
   * @param events n
   * @param effectiveEvents n*, the events the order statistics were taken at
   * @param nu the quantile, in (0, 1)
   * @param lower order statistic at the 95 % rank below
   * @param upper order statistic at the 95 % rank above
   * @param exceedance users' events over the quantile (y) and events (d)
   */
  public static Stated<Clustered> clusteredVariance(
      long events,
      double effectiveEvents,
      double nu,
      double lower,
      double upper,
      RatioMoments exceedance) {
    return designEffect(events, nu, exceedance)
        .flatMap(
            effect -> {
              double spread = (upper - lower) / (2 * Z_975);
              double variance = effectiveEvents / events * (events - 1) * spread * spread * effect;
              double se = StrictMath.sqrt(variance / events);
              return Stated.ofFinite(new Clustered(variance, se, effect), variance, se, effect);
            });
  }

  /**
   * Variance of the share above a quantile over that of independent events, ν(1 − ν)/n
   * (statistics.md §2.7). Cannot say below two users or where they have no events.
   */
  public static Stated<Double> designEffect(long events, double nu, RatioMoments exceedance) {
    requireQuantile(nu);
    if (events < 1) {
      return Stated.cannotSay(Reason.NO_DATA, "quantile of no events");
    }
    return exceedance
        .score()
        .flatMap(Moments::meanVariance)
        .map(v -> v / (nu * (1 - nu) / events))
        .flatMap(effect -> Stated.ofFinite(effect, effect));
  }

  /**
   * Woodruff's interval (1952) for the q-quantile of a histogram: values at the ranks n(q ± c
   * √(deff q(1 − q)/n)). Cannot say without values, or ({@code UNBOUNDED}) where a rank is beyond
   * them.
   *
   * @param designEffect at least 0, 1 for independent events
   * @param critical c, greater than 0
   */
  public static Stated<Interval> woodruff(
      LogHistogram values, double q, double designEffect, double critical) {
    requireQuantile(q);
    long n = values.total();
    if (n < 1) {
      return Stated.cannotSay(Reason.NO_DATA, "quantile of no values");
    }
    double width = critical * StrictMath.sqrt(designEffect * q * (1 - q) / n);
    double low = StrictMath.floor(n * (q - width));
    double high = StrictMath.ceil(n * (q + width));
    if (low < 0 || high > n - 1) {
      return Stated.cannotSay(
          Reason.UNBOUNDED, "ranks %.0f to %.0f of %d values".formatted(low, high, n));
    }
    return values
        .atRank((long) low)
        .flatMap(l -> values.atRank((long) high).map(u -> new Interval(l, u)));
  }

  private static void requireQuantile(double q) {
    if (!(q > 0 && q < 1)) {
      throw new IllegalArgumentException("quantile " + q + " must lie in (0, 1)");
    }
  }
}
