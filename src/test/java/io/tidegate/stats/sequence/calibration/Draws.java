package io.tidegate.stats.sequence.calibration;

import java.util.SplittableRandom;

/** Seeded draws of the distributions that the scenarios need. */
public final class Draws {

  private final SplittableRandom random;
  private double spare = Double.NaN;

  public Draws(long seed) {
    random = new SplittableRandom(seed);
  }

  public double uniform() {
    return random.nextDouble();
  }

  public double exponential(double mean) {
    return -mean * Math.log1p(-random.nextDouble());
  }

  public double normal() {
    if (!Double.isNaN(spare)) {
      double v = spare;
      spare = Double.NaN;
      return v;
    }
    double u;
    double v;
    double s;
    do {
      u = 2 * random.nextDouble() - 1;
      v = 2 * random.nextDouble() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s == 0);
    double f = Math.sqrt(-2 * Math.log(s) / s);
    spare = v * f;
    return u * f;
  }

  public double logNormal(double mu, double sigma) {
    return Math.exp(mu + sigma * normal());
  }

  /** By inversion, in pieces small enough that nothing underflows. */
  public int binomial(int n, double p) {
    int total = 0;
    int left = n;
    while (left > 0) {
      int piece = Math.min(left, Math.max(1, (int) (200 / p)));
      total += piece * p < 1e-12 ? 0 : inverted(piece, p);
      left -= piece;
    }
    return total;
  }

  private int inverted(int n, double p) {
    if (p > 0.5) {
      return n - inverted(n, 1 - p);
    }
    double ratio = p / (1 - p);
    double mass = Math.exp(n * Math.log1p(-p));
    double u = random.nextDouble();
    int k = 0;
    while (u > mass && k < n) {
      u -= mass;
      k++;
      mass *= ratio * (n - k + 1) / k;
    }
    return k;
  }

  public int poisson(double mean) {
    int total = 0;
    double left = mean;
    while (left > 0) {
      double piece = Math.min(left, 200);
      double mass = Math.exp(-piece);
      double u = random.nextDouble();
      int k = 0;
      while (u > mass && mass > 0) {
        u -= mass;
        k++;
        mass *= piece / k;
      }
      total += k;
      left -= piece;
    }
    return total;
  }

  /** Gamma of shape ½: half a squared normal. */
  double gammaHalf(double scale) {
    double z = normal();
    return 0.5 * z * z * scale;
  }
}
