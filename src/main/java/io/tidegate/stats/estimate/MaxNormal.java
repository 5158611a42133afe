package io.tidegate.stats.estimate;

import io.tidegate.stats.sequence.NormalTail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Critical values of the largest of several correlated normal estimates in absolute value (max-t;
 * Hothorn, Bretz and Westfall 2008, Biometrical Journal 50, 346–363, section 3): intervals that
 * hold all at once without the width that Bonferroni's need.
 *
 * <p>The distribution is integrated over the points of Richtmyer's lattice (Genz and Bretz 2009,
 * Computation of Multivariate Normal and t Probabilities, section 4.2.2), always the same ones:
 * equal covariances give equal bits. Over 90 independent estimates, the hardest case, the value is
 * within 0.02. Mutable, for it keeps the points; not thread-safe.
 */
public final class MaxNormal {

  /** A prime, as the lattice wants. */
  private static final int POINTS = 16_381;

  /** Part of a variance below which nothing of it is left to explain. */
  private static final double EXPLAINED = 1e-10;

  /** Normal coordinates of the points, by dimension. */
  private final List<double[]> coordinates = new ArrayList<>();

  private int prime = 1;

  /**
   * The c with P(max |Zᵢ| ≤ c) = 1 − alpha, the Zᵢ having unit variances and the correlations of
   * {@code covariance}; between the two-sided value of one estimate and Bonferroni's of all.
   *
   * @param covariance symmetric and positive semidefinite up to rounding, with a positive diagonal;
   *     the lower triangle is read
   * @param alpha in (0, 1)
   */
  public double critical(double[][] covariance, double alpha) {
    int size = covariance.length;
    double single = -NormalTail.quantile(alpha / 2);
    if (size <= 1) {
      return single;
    }
    double[] largest = new double[POINTS];
    double[] z = new double[POINTS];
    for (double[] loading : loadings(covariance)) {
      Arrays.fill(z, 0);
      for (int k = 0; k < loading.length; k++) {
        double[] points = coordinate(k);
        double by = loading[k];
        for (int i = 0; i < POINTS; i++) {
          z[i] += by * points[i];
        }
      }
      for (int i = 0; i < POINTS; i++) {
        largest[i] = Math.max(largest[i], Math.abs(z[i]));
      }
    }
    int above = POINTS - (int) StrictMath.ceil((1 - alpha) * POINTS);
    return Math.min(-NormalTail.quantile(alpha / 2 / size), ranked(largest, above, single));
  }

  /** The value that so many are above, or {@code least} where it is smaller. */
  private static double ranked(double[] values, int above, double least) {
    double[] high = new double[values.length];
    int count = 0;
    for (double value : values) {
      if (value > least) {
        high[count++] = value;
      }
    }
    Arrays.sort(high, 0, count);
    return count > above ? high[count - 1 - above] : least;
  }

  /**
   * The two-sided level at which each interval has to be taken so that all hold at {@code alpha}.
   */
  public double level(double[][] covariance, double alpha) {
    return 2 * StrictMath.exp(NormalTail.logCdf(-critical(covariance, alpha)));
  }

  /**
   * Rows l with l·l' = correlation: Cholesky's with the largest remaining variance first, so that
   * the first coordinates explain the most; a remainder below 0 is rounding.
   */
  private static double[][] loadings(double[][] covariance) {
    int size = covariance.length;
    double[] scale = new double[size];
    for (int i = 0; i < size; i++) {
      scale[i] = 1 / Math.sqrt(covariance[i][i]);
    }
    double[] left = new double[size];
    Arrays.fill(left, 1);
    double[][] rows = new double[size][size];
    int rank = 0;
    while (rank < size) {
      int pivot = 0;
      for (int i = 1; i < size; i++) {
        pivot = left[i] > left[pivot] ? i : pivot;
      }
      if (left[pivot] < EXPLAINED) {
        break;
      }
      double root = Math.sqrt(left[pivot]);
      for (int i = 0; i < size; i++) {
        double sum = covariance[Math.max(i, pivot)][Math.min(i, pivot)] * scale[i] * scale[pivot];
        for (int k = 0; k < rank; k++) {
          sum -= rows[i][k] * rows[pivot][k];
        }
        rows[i][rank] = left[i] <= 0 ? 0 : sum / root;
      }
      for (int i = 0; i < size; i++) {
        left[i] -= rows[i][rank] * rows[i][rank];
      }
      left[pivot] = 0;
      rank++;
    }
    for (int i = 0; i < size; i++) {
      rows[i] = unit(Arrays.copyOf(rows[i], rank));
    }
    return rows;
  }

  private static double[] unit(double[] row) {
    double squares = 0;
    for (double each : row) {
      squares += each * each;
    }
    double norm = Math.sqrt(squares);
    for (int k = 0; k < row.length; k++) {
      row[k] /= norm;
    }
    return row;
  }

  /** Box and Muller 1958: two coordinates of the lattice make two of a normal one. */
  private double[] coordinate(int dimension) {
    while (coordinates.size() <= dimension) {
      prime = nextPrime(prime);
      double first = Math.sqrt(prime);
      prime = nextPrime(prime);
      double second = Math.sqrt(prime);
      double[] one = new double[POINTS];
      double[] other = new double[POINTS];
      for (int i = 0; i < POINTS; i++) {
        double radius = Math.sqrt(-2 * StrictMath.log(part((i + 0.5) * first)));
        double angle = 2 * Math.PI * part((i + 0.5) * second);
        one[i] = radius * StrictMath.cos(angle);
        other[i] = radius * StrictMath.sin(angle);
      }
      coordinates.add(one);
      coordinates.add(other);
    }
    return coordinates.get(dimension);
  }

  /** Behind the point; never 0, for no multiple of the root of a prime is whole. */
  private static double part(double at) {
    return Math.max(Double.MIN_NORMAL, at - Math.floor(at));
  }

  private static int nextPrime(int after) {
    for (int n = after + 1; ; n++) {
      boolean found = true;
      for (int d = 2; d * d <= n && found; d++) {
        found = n % d != 0;
      }
      if (found) {
        return n;
      }
    }
  }
}
