package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.tail.Tails;
import java.util.function.Function;

/** Differences of means with unequal variances (Welch 1947). */
public final class Welch {
  private Welch() {}

  /**
   * B − A with se² = v_A/n_A + v_B/n_B and Welch–Satterthwaite degrees of freedom, tested against
   * {@code nullValue}. Cannot say below two units in a variant.
   *
   * @param alpha level of the interval, in (0, 1)
   */
  public static Stated<Difference> difference(
      Moments a, Moments b, Side side, double alpha, double nullValue) {
    return bothVary(a, b, v -> test(b.mean() - a.mean(), v, side, alpha, nullValue));
  }

  /**
   * (B − A)/|A| by the delta method, two-sided: se² = v_B/(n_B m_A²) + v_A m_B²/(n_A m_A⁴), degrees
   * of freedom as for the absolute difference (statistics.md §1.4). Poor where m_A is within a few
   * standard errors of 0. Cannot say below two units in a variant or at a control mean of 0, or
   * ({@code OUT_OF_RANGE}) so near to 0 that the lift leaves the range of doubles.
   */
  public static Stated<Difference> relative(Moments a, Moments b, double alpha) {
    if (a.n() > 0 && a.mean() == 0) {
      return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "relative to a control mean of 0");
    }
    return bothVary(a, b, v -> v)
        .flatMap(
            v -> {
              double scale = StrictMath.abs(a.mean());
              double ratio = b.mean() / a.mean();
              double se = StrictMath.sqrt(v.b() + v.a() * ratio * ratio) / scale;
              double df = TTest.welchDf(v.a(), a.n(), v.b(), b.n());
              double lift = (b.mean() - a.mean()) / scale;
              TTest.requireAlpha(alpha);
              return Double.isFinite(lift) && Double.isFinite(se)
                  ? Stated.of(result(lift, se, df, Side.TWO, alpha, 0))
                  : Stated.cannotSay(
                      Reason.OUT_OF_RANGE, "relative to a control mean of only " + a.mean());
            });
  }

  /**
   * The lift m_B/m_A − 1 with the interval exp(log(m_B/m_A) ± t se) − 1, se² = v_A/(n_A m_A²) +
   * v_B/(n_B m_B²), Welch's degrees of freedom on those (tea-tasting's rule). Cannot say below two
   * units in a variant, at a mean that is not positive, or at zero variance.
   */
  public static Stated<Lift> logRatio(Moments a, Moments b, double alpha) {
    TTest.requireAlpha(alpha);
    if ((a.n() > 0 && a.mean() <= 0) || (b.n() > 0 && b.mean() <= 0)) {
      return Stated.cannotSay(
          Reason.NON_POSITIVE_BASELINE, "log ratio of means " + b.mean() + " and " + a.mean());
    }
    return bothVary(a, b, v -> v)
        .flatMap(
            v -> {
              double va = v.a() / (a.mean() * a.mean());
              double vb = v.b() / (b.mean() * b.mean());
              if (va + vb == 0) {
                return Stated.cannotSay(Reason.ZERO_VARIANCE, "both variants have no variance");
              }
              double df = TTest.welchDf(va, a.n(), vb, b.n());
              double width = Tails.studentUpperQuantile(alpha / 2, df) * StrictMath.sqrt(va + vb);
              double log = StrictMath.log(b.mean() / a.mean());
              return Stated.of(
                  new Lift(
                      (b.mean() - a.mean()) / a.mean(),
                      new Interval(StrictMath.expm1(log - width), StrictMath.expm1(log + width))));
            });
  }

  private static Difference test(
      double estimate, SquaredErrors v, Side side, double alpha, double nullValue) {
    double se = StrictMath.sqrt(v.a() + v.b());
    return result(
        estimate, se, TTest.welchDf(v.a(), v.nA(), v.b(), v.nB()), side, alpha, nullValue);
  }

  static Difference result(
      double estimate, double se, double df, Side side, double alpha, double nullValue) {
    TTest.requireAlpha(alpha);
    return new Difference(
        estimate,
        se,
        se > 0
            ? Stated.of(TTest.of(estimate, se, df, side, alpha, nullValue))
            : Stated.cannotSay(Reason.ZERO_VARIANCE, "both variants have no variance"));
  }

  /** The squared standard errors of two means and their counts. */
  record SquaredErrors(double a, long nA, double b, long nB) {}

  static <T> Stated<T> bothVary(Moments a, Moments b, Function<SquaredErrors, T> f) {
    return a.meanVariance()
        .flatMap(
            va -> b.meanVariance().map(vb -> f.apply(new SquaredErrors(va, a.n(), vb, b.n()))));
  }
}
