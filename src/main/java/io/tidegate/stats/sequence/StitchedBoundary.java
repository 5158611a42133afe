package io.tidegate.stats.sequence;

import io.tidegate.stats.tail.Roots;

/**
 * Boundaries for unbounded horizons by stitching and the law of the iterated logarithm (Howard et
 * al. 2021; Howard and Ramdas 2022). At rollout sizes the mixtures are tighter; these serve
 * comparison.
 */
public final class StitchedBoundary {

  private static final int GOLDEN_STEPS = 80;
  private static final double GOLDEN = (StrictMath.sqrt(5) - 1) / 2;

  private StitchedBoundary() {}

  /**
   * The polynomial stitched boundary ({@code confseq.poly_stitching}) of a sub-gamma sum at time
   * {@code v}, tight from {@code vMin} on, scale {@code c}, epochs growing by {@code eta}.
   */
  public static double polynomial(
      double v, double alpha, double vMin, double c, double s, double eta) {
    NormalMixture.requireAlpha(alpha);
    requireEpochs(v, vMin, eta);
    if (!(c >= 0 && Double.isFinite(c))) {
      throw new IllegalArgumentException("the scale must be finite and >= 0, got " + c);
    }
    double time = StrictMath.max(v, vMin);
    double ell =
        s * StrictMath.log(StrictMath.log(eta * time / vMin))
            + StrictMath.log(zeta(s) / StrictMath.pow(StrictMath.log(eta), s))
            - StrictMath.log(alpha);
    double linear = secondConstant(eta) * c * ell;
    double k1 = firstConstant(eta);
    return StrictMath.sqrt(k1 * k1 * time * ell + linear * linear) + linear;
  }

  /**
   * Uniform half-width of a band for a distribution function after {@code t} values ({@code
   * confseq.cdf_lil}; Howard and Ramdas 2022, theorem 2), infinite below {@code tMin}; {@code a} >
   * 1/√2 trades early against late width.
   */
  public static double distributionBand(double t, double alpha, double tMin, double a) {
    NormalMixture.requireAlpha(alpha);
    requireEpochs(t, tMin, 2);
    if (!(a > StrictMath.sqrt(0.5) && a <= 100)) {
      throw new IllegalArgumentException("A must exceed 1/sqrt(2), by 100 at most, got " + a);
    }
    if (t < tMin) {
      return Double.POSITIVE_INFINITY;
    }
    double level = StrictMath.log(alpha);
    double low = 5;
    while (logError(low, a) < level) {
      low /= 2;
    }
    double high = low;
    while (logError(high, a) >= level) {
      high *= 2;
    }
    double c = Roots.increasing(x -> level - logError(x, a), low, high);
    return a * StrictMath.sqrt((StrictMath.log1p(StrictMath.log(t / tMin)) + c) / t);
  }

  /**
   * Boundary for the {@code q}-quantile's count uniformly over quantiles and time ({@code
   * confseq.double_stitching}; Howard and Ramdas 2022, theorem 3).
   */
  public static double quantileUniform(
      double q, double t, double alpha, double tOpt, double delta, double s, double eta) {
    NormalMixture.requireAlpha(alpha);
    requireEpochs(t, tOpt, eta);
    if (!(q > 0 && q < 1 && delta > 0 && Double.isFinite(delta))) {
      throw new IllegalArgumentException(
          "a quantile's level must lie in (0, 1), delta be > 0, got " + q + " and " + delta);
    }
    double time = StrictMath.max(t, tOpt);
    double logit = StrictMath.log(q / (1 - q));
    double shifted = LogScale.logistic(logit + 2 * delta * StrictMath.sqrt(tOpt * eta / time));
    double r = q >= 0.5 ? q : StrictMath.min(0.5, shifted);
    double variance = r * (1 - r);
    double j = StrictMath.sqrt(time / tOpt) * StrictMath.abs(logit) / (2 * delta) + 1;
    double z = zeta(s);
    double ell =
        s * StrictMath.log(StrictMath.log(eta * time / tOpt))
            + s * StrictMath.log(j)
            + StrictMath.log(
                2 * z * (2 * z + 1) / (alpha * StrictMath.pow(StrictMath.log(eta), s)));
    double linear = secondConstant(eta) * (1 - 2 * q) / 3 * ell;
    double k1 = firstConstant(eta);
    return delta * StrictMath.sqrt(eta * time * variance / tOpt)
        + StrictMath.sqrt(k1 * k1 * variance * time * ell + linear * linear)
        + linear;
  }

  private static void requireEpochs(double time, double first, double eta) {
    if (!(time >= 0 && Double.isFinite(time) && first > 0 && Double.isFinite(first))) {
      throw new IllegalArgumentException(
          "times must be finite, >= 0 and > 0, got " + time + " from " + first + " on");
    }
    if (!(eta > 1 && Double.isFinite(eta))) {
      throw new IllegalArgumentException("epochs must grow by more than 1, got " + eta);
    }
  }

  private static double firstConstant(double eta) {
    return (StrictMath.pow(eta, 0.25) + StrictMath.pow(eta, -0.25)) / StrictMath.sqrt(2);
  }

  private static double secondConstant(double eta) {
    return (StrictMath.sqrt(eta) + 1) / 2;
  }

  /** Smallest log error over the epoch ratio, by golden section. */
  private static double logError(double c, double a) {
    double low = 1;
    double high =
        Roots.increasing(
            eta -> StrictMath.sqrt(eta / 2) + StrictMath.sqrt(2 * (eta - 1) / c) - a, 1, 2 * a * a);
    double x1 = high - GOLDEN * (high - low);
    double x2 = low + GOLDEN * (high - low);
    double f1 = logError(c, a, x1);
    double f2 = logError(c, a, x2);
    for (int i = 0; i < GOLDEN_STEPS; i++) {
      if (f1 <= f2) {
        high = x2;
        x2 = x1;
        f2 = f1;
        x1 = high - GOLDEN * (high - low);
        f1 = logError(c, a, x1);
      } else {
        low = x1;
        x1 = x2;
        f1 = f2;
        x2 = low + GOLDEN * (high - low);
        f2 = logError(c, a, x2);
      }
    }
    return StrictMath.min(f1, f2);
  }

  private static double logError(double c, double a, double eta) {
    double root = a - StrictMath.sqrt(2 * (eta - 1) / c);
    double square = 2 / eta * root * root;
    if (square <= 1 || root <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return StrictMath.log(4)
        - square * c
        + StrictMath.log1p(1 / ((square - 1) * StrictMath.log(eta)));
  }

  /** Riemann's zeta function for s > 1 by Euler–Maclaurin summation. */
  static double zeta(double s) {
    if (!(s > 1 && s <= 100)) {
      throw new IllegalArgumentException("zeta needs s > 1 and at most 100, got " + s);
    }
    int n = 20;
    double sum = 0;
    for (int k = 1; k < n; k++) {
      sum += StrictMath.pow(k, -s);
    }
    double last = StrictMath.pow(n, -s);
    double term = s * last / n;
    sum += last * n / (s - 1) + last / 2 + term / 12;
    term *= (s + 1) * (s + 2) / n / n;
    sum -= term / 720;
    term *= (s + 3) * (s + 4) / n / n;
    return sum + term / 30240;
  }
}
