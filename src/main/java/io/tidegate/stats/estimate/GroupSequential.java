package io.tidegate.stats.estimate;

import io.tidegate.stats.tail.Roots;
import io.tidegate.stats.tail.Tails;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Bounds on |z| (or z) for a fixed number of looks, for planning comparisons: by recursive
 * integration of the score process (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000,
 * §19.2).
 */
public final class GroupSequential {
  private static final int NODES = 24;
  private static final GaussIntegrator LEGENDRE = new GaussIntegratorFactory().legendre(NODES);

  /**
   * Where a one-sided process is cut below, and how far its steps reach, in standard deviations.
   */
  private static final double REACH = 9;

  private static final double LARGEST_BOUND = 38;

  private GroupSequential() {}

  /** The shape of bounds at equally spaced looks. */
  public enum Shape {
    /** c/√(k/K) at look k of K (O'Brien and Fleming 1979). */
    OBRIEN_FLEMING,
    /** c at every look (Pocock 1977). */
    POCOCK
  }

  /** How much of the error is spent by information time t (Lan and DeMets 1983). */
  public sealed interface Spending {
    /** Each side spends 2(1 − Φ(z_{a/2}/√t)) of its own a. */
    record ObrienFleming() implements Spending {}

    /** α log(1 + (e − 1)t) in all. */
    record Pocock() implements Spending {}

    /** α t^exponent in all. */
    record Power(double exponent) implements Spending {}

    /** The error spent by both sides together at t in (0, 1]. */
    default double spent(double t, double alpha, int sides) {
      if (!(t > 0 && t <= 1)) {
        throw new IllegalArgumentException("information must lie in (0, 1], got " + t);
      }
      TTest.requireAlpha(alpha);
      requireSides(sides);
      if (this instanceof ObrienFleming) {
        double own = alpha / sides;
        double z = Tails.normalUpperQuantile(own / 2) / StrictMath.sqrt(t);
        return sides * 2 * Tails.normalUpper(z);
      }
      return this instanceof Power p
          ? alpha * StrictMath.pow(t, p.exponent())
          : alpha * StrictMath.log1p((StrictMath.E - 1) * t);
    }
  }

  /**
   * The constant c of a shape for K equally spaced looks.
   *
   * @param looks K, at least 1
   * @param sides 1 or 2
   */
  public static double constant(int looks, double alpha, Shape shape, int sides) {
    TTest.requireAlpha(alpha);
    requireSides(sides);
    if (looks < 1) {
      throw new IllegalArgumentException("looks " + looks + " must be >= 1");
    }
    return Roots.increasing(
        c -> {
          ScoreDensity process = new ScoreDensity(sides);
          double crossed = 0;
          for (int k = 1; k <= looks; k++) {
            double t = (double) k / looks;
            double next = k == looks ? t : (k + 1.0) / looks;
            double bound = shape == Shape.POCOCK ? c : c / StrictMath.sqrt(t);
            crossed += process.crossing(bound, t);
            process.advance(bound, t, next);
          }
          return alpha - crossed;
        },
        0.2,
        10);
  }

  /**
   * Bounds that spend the error as told, one a look.
   *
   * @param information increasing, in (0, 1]
   * @param sides 1 (bounds on z) or 2 (bounds on |z|)
   */
  public static List<Double> bounds(
      double[] information, double alpha, Spending spending, int sides) {
    TTest.requireAlpha(alpha);
    requireSides(sides);
    ScoreDensity process = new ScoreDensity(sides);
    List<Double> bounds = new ArrayList<>();
    double spent = 0;
    double last = 0;
    for (int k = 0; k < information.length; k++) {
      double t = information[k];
      if (!(t > last && t <= 1)) {
        throw new IllegalArgumentException("information must rise in (0, 1], got " + t);
      }
      double due = spending.spent(t, alpha, sides);
      double target = due - spent;
      double bound = Roots.increasing(c -> target - process.crossing(c, t), 0.01, LARGEST_BOUND);
      process.advance(bound, t, k + 1 < information.length ? information[k + 1] : t);
      bounds.add(bound);
      spent = due;
      last = t;
    }
    return bounds;
  }

  private static void requireSides(int sides) {
    if (sides != 1 && sides != 2) {
      throw new IllegalArgumentException("sides must be 1 or 2, got " + sides);
    }
  }

  /** The density of the score process among paths that have not crossed, on a grid. */
  private static final class ScoreDensity {
    private final int sides;
    private double information;
    private double[] points = {0};
    private double[] weights = {1};

    ScoreDensity(int sides) {
      this.sides = sides;
    }

    /** P(first crossing at information {@code t} | bound on z). */
    double crossing(double bound, double t) {
      double sd = StrictMath.sqrt(t - information);
      double limit = bound * StrictMath.sqrt(t);
      double crossed = 0;
      for (int i = 0; i < points.length; i++) {
        double beyond = Tails.normalUpper((limit - points[i]) / sd);
        if (sides == 2) {
          beyond += Tails.normalUpper((limit + points[i]) / sd);
        }
        crossed += weights[i] * beyond;
      }
      return crossed;
    }

    /**
     * Carries the density to {@code t} inside the bound, on a grid fine enough for the next step.
     */
    void advance(double bound, double t, double next) {
      double sd = StrictMath.sqrt(t - information);
      double ahead = next > t ? StrictMath.sqrt(next - t) : sd;
      double high = bound * StrictMath.sqrt(t);
      double low = sides == 2 ? -high : -REACH * StrictMath.sqrt(t);
      double reach = REACH * StrictMath.sqrt(t);
      low = StrictMath.max(low, -reach);
      high = StrictMath.min(high, reach);
      int panels = (int) StrictMath.ceil((high - low) / (2 * StrictMath.min(sd, ahead)));
      double half = (high - low) / (2 * panels);
      double[] grid = new double[panels * NODES];
      double[] mass = new double[grid.length];
      for (int p = 0; p < panels; p++) {
        double centre = low + (2 * p + 1) * half;
        for (int j = 0; j < NODES; j++) {
          int i = p * NODES + j;
          grid[i] = centre + half * LEGENDRE.getPoint(j);
          mass[i] = half * LEGENDRE.getWeight(j) * density(grid[i], sd);
        }
      }
      points = grid;
      weights = mass;
      information = t;
    }

    private double density(double y, double sd) {
      double sum = 0;
      for (int i = 0; i < points.length; i++) {
        double step = (y - points[i]) / sd;
        if (StrictMath.abs(step) < REACH) {
          sum += weights[i] * StrictMath.exp(-0.5 * step * step);
        }
      }
      return sum / (sd * StrictMath.sqrt(2 * StrictMath.PI));
    }
  }
}
