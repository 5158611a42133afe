package io.tidegate.stats.lifetime;

/** Gauss' hypergeometric function. */
final class Hypergeometric {

  private static final int MOST_TERMS = 100_000;

  private Hypergeometric() {}

  /** ₂F₁(a, b; c; z) by its series, 0 ≤ z &lt; 1 (Abramowitz and Stegun 15.1.1). */
  static double of(double a, double b, double c, double z) {
    if (!(z >= 0 && z < 1)) {
      throw new IllegalArgumentException("z " + z + " must be in [0, 1)");
    }
    double term = 1;
    double sum = 1;
    for (int n = 0; n < MOST_TERMS; n++) {
      term *= (a + n) / (c + n) * (b + n) / (n + 1) * z;
      sum += term;
      if (StrictMath.abs(term) <= 1e-15 * StrictMath.abs(sum)) {
        break;
      }
    }
    return sum;
  }
}
