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

  private static Bounds wilson(long x, long n, double z) {
    double p = (double) x / n;
    double z2 = z * z;
    double centre = (p + z2 / (2.0 * n)) / (1 + z2 / n);
    double half = z * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    return new Bounds(
        x == 0 ? 0 : Math.max(0, centre - half), x == n ? 1 : Math.min(1, centre + half));
  }

  /**
   * Newcombe's interval of the difference b − a of two shares (Newcombe 1998, method 10) at a
   * two-sided level.
   */
  static Bounds newcombe(long xA, long nA, long xB, long nB, double alpha) {
    double z = Contrast.critical(Double.POSITIVE_INFINITY, alpha);
    double a = (double) xA / nA;
    double b = (double) xB / nB;
    Bounds wa = wilson(xA, nA, z);
    Bounds wb = wilson(xB, nB, z);
    double difference = b - a;
    return new Bounds(
        difference - Math.hypot(b - wb.lower(), wa.upper() - a),
        difference + Math.hypot(wb.upper() - b, a - wa.lower()));
  }
}
