package io.tidegate.stats.tail;

import java.util.function.DoubleUnaryOperator;

/** Roots of monotone functions of one variable. */
public final class Roots {
  private static final int STEPS = 300;

  private Roots() {}

  /**
   * The root of an increasing function in [low, high] by the Illinois method, bisecting where that
   * is slow; the end nearest to the root where there is none inside.
   */
  public static double increasing(DoubleUnaryOperator f, double low, double high) {
    double a = low;
    double b = high;
    double fa = f.applyAsDouble(a);
    double fb = f.applyAsDouble(b);
    if (fa >= 0) {
      return a;
    }
    if (fb <= 0) {
      return b;
    }
    for (int i = 0; i < STEPS; i++) {
      double secant = b - fb * (b - a) / (fb - fa);
      boolean inside = secant > a && secant < b && i % 4 != 3;
      double x = inside ? secant : a + (b - a) / 2;
      if (x <= a || x >= b) {
        break;
      }
      double fx = f.applyAsDouble(x);
      if (fx == 0) {
        return x;
      }
      if (fx < 0) {
        a = x;
        fa = fx;
        fb /= inside ? 2 : 1;
      } else {
        b = x;
        fb = fx;
        fa /= inside ? 2 : 1;
      }
    }
    return StrictMath.abs(f.applyAsDouble(a)) < StrictMath.abs(f.applyAsDouble(b)) ? a : b;
  }
}
