package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;

/** Intervals of shares at one look. */
final class Rates {

  private static final double Z = Contrast.critical(Double.POSITIVE_INFINITY);

  private Rates() {}

  /** Wilson's interval of x/n (Wilson 1927), n ≥ 1, at {@link Contrast#ALPHA}. */
  static Bounds wilson(long x, long n) {
    return wilson(x, n, Z);
  }

  /** The same at another level, of normal quantile z. */
  static Bounds wilson(long x, long n, double z) {
    double p = (double) x / n;
    double z2 = z * z;
    double centre = (p + z2 / (2.0 * n)) / (1 + z2 / n);
    double half = z * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    return new Bounds(
        x == 0 ? 0 : Math.max(0, centre - half), x == n ? 1 : Math.min(1, centre + half));
  }

  /**
   * The interval of b − a from one of each by square and add: of Wilson's intervals Newcombe's
   * (Newcombe 1998, method 10).
   */
  static Bounds difference(double a, Bounds ofA, double b, Bounds ofB) {
    double difference = b - a;
    return new Bounds(
        difference - Math.hypot(b - ofB.lower(), ofA.upper() - a),
        difference + Math.hypot(ofB.upper() - b, a - ofA.lower()));
  }
}
