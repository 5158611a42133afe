package io.tidegate.stats.sequence;

import java.util.function.DoubleUnaryOperator;

/** Roots of monotone functions. */
final class RootFinding {

  private static final int STEPS = 200;
  private static final double PRECISION = 1e-15;

  private RootFinding() {}

  /**
   * The root between {@code positive}, where f > 0, and {@code negative}, where f <= 0, by the
   * Illinois form of false position with bisection whenever it stalls.
   */
  static double bracketed(DoubleUnaryOperator f, double positive, double negative) {
    double a = positive;
    double b = negative;
    double fa = f.applyAsDouble(a);
    double fb = f.applyAsDouble(b);
    int side = 0;
    for (int i = 0; i < STEPS && fb != 0; i++) {
      double width = StrictMath.abs(a - b);
      double scale = StrictMath.max(1, StrictMath.max(StrictMath.abs(a), StrictMath.abs(b)));
      if (width <= PRECISION * scale) {
        break;
      }
      boolean usable = i % 3 != 2 && Double.isFinite(fa) && Double.isFinite(fb);
      double c = usable ? (a * fb - b * fa) / (fb - fa) : 0.5 * (a + b);
      if (!(c > StrictMath.min(a, b) && c < StrictMath.max(a, b))) {
        c = 0.5 * (a + b);
      }
      double fc = f.applyAsDouble(c);
      if (fc > 0) {
        a = c;
        fa = fc;
        if (side == 1) {
          fb *= 0.5;
        }
        side = 1;
      } else {
        b = c;
        fb = fc;
        if (side == -1) {
          fa *= 0.5;
        }
        side = -1;
      }
    }
    return b;
  }
}
