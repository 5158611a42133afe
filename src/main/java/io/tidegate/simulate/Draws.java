package io.tidegate.simulate;

/**
 * A stream of random numbers named by what it is for (seed, purpose, unit, counter), so that a draw
 * depends on its name and not on what was drawn before it elsewhere. SplitMix64 (Steele, Lea and
 * Flood 2014) from a hashed start. Not thread-safe.
 */
final class Draws {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private Draws(long state) {
    this.state = state;
  }

  static Draws of(long seed, int purpose, long unit, long counter) {
    return new Draws(mix(mix(mix(seed + GOLDEN * purpose) ^ unit * GOLDEN) ^ counter));
  }

  /** A number in [0, 1) that depends on the seed, a text and a unit only. */
  static double uniform(long seed, String text, long unit) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash ^ text.charAt(i));
    }
    return toUnit(mix(hash ^ unit * GOLDEN));
  }

  static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long bits() {
    state += GOLDEN;
    return mix(state);
  }

  /** In [0, 1). */
  double uniform() {
    return toUnit(bits());
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** A whole number in [from, to). */
  long between(long from, long to) {
    return from + (long) (uniform() * (to - from));
  }

  double exponential(double mean) {
    return -mean * StrictMath.log(1 - uniform());
  }

  /** Box and Muller 1958. */
  double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  double logNormal(double median, double sigma) {
    return median * StrictMath.exp(sigma * normal());
  }

  /** Number of successes before the first failure, at most {@code most}. */
  int geometric(double success, int most) {
    int n = 0;
    while (n < most && chance(success)) {
      n++;
    }
    return n;
  }

  /** Index drawn with these weights. */
  int pick(double[] weights) {
    double all = 0;
    for (double weight : weights) {
      all += weight;
    }
    double left = uniform() * all;
    for (int i = 0; i < weights.length - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  /** Poisson count: Knuth's product up to a mean of 30, above it the rounded normal. */
  int poisson(double mean) {
    if (mean > 30) {
      return (int) Math.max(0, StrictMath.round(mean + StrictMath.sqrt(mean) * normal()));
    }
    double limit = StrictMath.exp(-mean);
    double product = uniform();
    int n = 0;
    while (product > limit) {
      product *= uniform();
      n++;
    }
    return n;
  }

  private static double toUnit(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }
}
