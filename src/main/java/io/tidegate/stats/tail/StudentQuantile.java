package io.tidegate.stats.tail;

import java.util.function.DoubleUnaryOperator;

/**
 * Student's t quantile by the inversion of DCDFLIB (Brown, Lovato and Russell 1994, routines cdft,
 * dinvr and dzror), the one that scipy and the tools built on it answer with. Its relative error is
 * up to 5e-9 for few degrees of freedom; following it step by step makes published intervals
 * comparable to the last digits.
 */
final class StudentQuantile {
  private static final double RELATIVE = 1e-8;
  private static final double ABSOLUTE = 1e-50;
  private static final double FARTHEST = 1e100;
  private static final int STEPS = 1000;

  /**
   * Coefficients of the Cornish–Fisher start (Abramowitz and Stegun 26.7.5), lowest power first.
   */
  private static final double[][] START = {
    {1, 1}, {3, 16, 5}, {-15, 17, 19, 3}, {-945, -1920, 1482, 776, 79}
  };

  private static final double[] START_SCALE = {4, 96, 384, 92160};

  private StudentQuantile() {}

  /** The t with P(T ≤ t) = p for p in (0, ½]. */
  static double lower(double p, double df) {
    DoubleUnaryOperator f = t -> cdf(t, df) - p;
    double low = -start(p, df);
    double step = StrictMath.max(0.5, 0.5 * StrictMath.abs(low));
    double at = f.applyAsDouble(low);
    if (at == 0) {
      return low;
    }
    double high;
    if (at < 0) {
      high = StrictMath.min(low + step, FARTHEST);
      while (f.applyAsDouble(high) < 0 && high < FARTHEST) {
        step *= 5;
        low = high;
        high = StrictMath.min(low + step, FARTHEST);
      }
    } else {
      high = low;
      low = StrictMath.max(high - step, -FARTHEST);
      while (f.applyAsDouble(low) > 0 && low > -FARTHEST) {
        step *= 5;
        high = low;
        low = StrictMath.max(high - step, -FARTHEST);
      }
    }
    return new Search(f, low, high).run();
  }

  private static double cdf(double t, double df) {
    double upper = Tails.studentUpper(StrictMath.abs(t), df);
    return t <= 0 ? upper : 1 - upper;
  }

  private static double start(double p, double df) {
    double x = Tails.normalUpperQuantile(p);
    double square = x * x;
    double sum = x;
    double power = 1;
    for (int i = 0; i < START.length; i++) {
      double term = 0;
      for (int k = START[i].length - 1; k >= 0; k--) {
        term = START[i][k] + term * square;
      }
      power *= df;
      sum += term * x / (power * START_SCALE[i]);
    }
    return sum;
  }

  /** Algorithm R of Bus and Dekker 1975 between two points of opposite sign. */
  private static final class Search {
    private final DoubleUnaryOperator f;
    private double a;
    private double b;
    private double c;
    private double d;
    private double fa;
    private double fb;
    private double fc;
    private double fd;
    private boolean first = true;

    Search(DoubleUnaryOperator f, double low, double high) {
      this.f = f;
      b = low;
      fb = f.applyAsDouble(b);
      a = high;
      fa = f.applyAsDouble(a);
    }

    double run() {
      c = a;
      fc = fa;
      int extrapolations = 0;
      for (int i = 0; i < STEPS; i++) {
        exchange();
        double half = (c + b) * 0.5 - b;
        double tolerance = 0.5 * StrictMath.max(ABSOLUTE, RELATIVE * StrictMath.abs(b));
        if (StrictMath.abs(half) <= tolerance) {
          break;
        }
        double width = extrapolations > 3 ? half : width(half, tolerance, extrapolations);
        d = a;
        fd = fa;
        a = b;
        fa = fb;
        b += width;
        fb = f.applyAsDouble(b);
        if (fc * fb >= 0) {
          c = a;
          fc = fa;
          extrapolations = 0;
        } else {
          extrapolations = width == half ? 0 : extrapolations + 1;
        }
      }
      return b;
    }

    /** Makes b the point with the smaller value. */
    private void exchange() {
      if (StrictMath.abs(fc) >= StrictMath.abs(fb)) {
        return;
      }
      if (c != a) {
        d = a;
        fd = fa;
      }
      a = b;
      fa = fb;
      b = c;
      fb = fc;
      c = a;
      fc = fa;
    }

    private double width(double half, double tolerance, int extrapolations) {
      double signed = StrictMath.copySign(tolerance, half);
      double p = (b - a) * fb;
      double q;
      if (first) {
        q = fa - fb;
        first = false;
      } else {
        double slopeB = (fd - fb) / (d - b);
        double slopeA = (fd - fa) / (d - a);
        p *= slopeA;
        q = slopeB * fa - slopeA * fb;
      }
      if (p < 0) {
        p = -p;
        q = -q;
      }
      if (extrapolations == 3) {
        p *= 2;
      }
      if (p == 0 || p <= q * signed) {
        return signed;
      }
      return p < half * q ? p / q : half;
    }
  }
}
