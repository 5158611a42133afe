package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;

/** Intervals of shares at one look, level {@link Contrast#ALPHA}. */
final class Rates {

  private static final double Z = Contrast.critical(Double.POSITIVE_INFINITY);

  private Rates() {}

  /** Wilson's interval of x/n (Wilson 1927), n ≥ 1. */
  static Bounds wilson(long x, long n) {
    double p = (double) x / n;
    double z2 = Z * Z;
    double centre = (p + z2 / (2.0 * n)) / (1 + z2 / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
    return new Bounds(
        x == 0 ? 0 : Math.max(0, centre - half), x == n ? 1 : Math.min(1, centre + half));
  }

  /** Newcombe's interval of the difference b − a of two shares (Newcombe 1998, method 10). */
  static Bounds newcombe(long xA, long nA, long xB, long nB) {
    double a = (double) xA / nA;
    double b = (double) xB / nB;
    Bounds wa = wilson(xA, nA);
    Bounds wb = wilson(xB, nB);
    double difference = b - a;
    return new Bounds(
        difference - Math.hypot(b - wb.lower(), wa.upper() - a),
        difference + Math.hypot(wb.upper() - b, a - wa.lower()));
  }
}
