package io.tidegate.stats.sequence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adjustments for several tests (statistics.md §2.9). Adjusted p-values come in input order and are
 * at most 1. On always-valid p-values Bonferroni and Holm keep their guarantee at every time.
 */
public final class Multiplicity {

  private Multiplicity() {}

  /** m p. */
  public static double[] bonferroni(double... p) {
    checkP(p);
    double[] adjusted = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      adjusted[i] = StrictMath.min(1, p.length * p[i]);
    }
    return adjusted;
  }

  /** Step-down (Holm 1979): family-wise error under any dependence. */
  public static double[] holm(double... p) {
    int[] order = ascending(p);
    double[] adjusted = new double[p.length];
    double running = 0;
    for (int j = 0; j < p.length; j++) {
      double raised = StrictMath.min(1, (p.length - j) * p[order[j]]);
      running = StrictMath.max(running, raised);
      adjusted[order[j]] = running;
    }
    return adjusted;
  }

  /** Step-up (Hochberg 1988): family-wise error for independent or positively dependent tests. */
  public static double[] hochberg(double... p) {
    return stepUp(p, (m, j) -> m - j + 1);
  }

  /** Benjamini and Hochberg 1995: false discovery rate, independent or positively dependent. */
  public static double[] benjaminiHochberg(double... p) {
    return stepUp(p, (m, j) -> (double) m / j);
  }

  /** Benjamini and Yekutieli 2001: false discovery rate under any dependence. */
  public static double[] benjaminiYekutieli(double... p) {
    double harmonic = 0;
    for (int i = 1; i <= p.length; i++) {
      harmonic += 1.0 / i;
    }
    double sum = harmonic;
    return stepUp(p, (m, j) -> sum * m / j);
  }

  /**
   * Adjusted e-values, as logs: the smallest mean e-value of all sets of hypotheses that contain
   * the one in question (Vovk and Wang 2021, algorithm 1). The e-values must live in one
   * filtration.
   */
  public static double[] eHolm(double... logE) {
    checkLogE(logE);
    int[] order = ascendingOf(logE);
    double[] adjusted = new double[logE.length];
    for (int r = 0; r < order.length; r++) {
      double own = logE[order[r]];
      double best = own;
      double sum = own;
      for (int j = 0; j < r; j++) {
        sum = LogScale.logAdd(sum, logE[order[j]]);
        best = StrictMath.min(best, sum - StrictMath.log(j + 2));
      }
      adjusted[order[r]] = best;
    }
    return adjusted;
  }

  /**
   * Hypotheses rejected by e-BH at false discovery rate {@code q}, ascending indices: the k largest
   * e-values with e_(k) >= m/(q k), k as large as possible; any dependence (Wang and Ramdas 2022).
   */
  public static List<Integer> eBenjaminiHochberg(double q, double... logE) {
    checkLogE(logE);
    if (!(q > 0 && q < 1)) {
      throw new IllegalArgumentException("the false discovery rate must lie in (0, 1), got " + q);
    }
    int[] order = ascendingOf(logE);
    int m = order.length;
    int rejected = 0;
    for (int k = 1; k <= m; k++) {
      if (logE[order[m - k]] >= StrictMath.log(m / (q * k))) {
        rejected = k;
      }
    }
    List<Integer> indices = new ArrayList<>();
    for (int k = 1; k <= rejected; k++) {
      indices.add(order[m - k]);
    }
    indices.sort(Comparator.naturalOrder());
    return List.copyOf(indices);
  }

  private interface Factor {
    double of(int count, int rank);
  }

  private static double[] stepUp(double[] p, Factor factor) {
    int[] order = ascending(p);
    int m = p.length;
    double[] adjusted = new double[m];
    double running = 1;
    for (int j = m; j >= 1; j--) {
      running = StrictMath.min(running, factor.of(m, j) * p[order[j - 1]]);
      adjusted[order[j - 1]] = running;
    }
    return adjusted;
  }

  private static int[] ascending(double[] p) {
    checkP(p);
    return ascendingOf(p);
  }

  /**
   * Indices by value, ties by index from the last, so that the largest e-value of least index
   * leads.
   */
  private static int[] ascendingOf(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> values[i])
                .thenComparing(Comparator.reverseOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static void checkP(double[] p) {
    for (double v : p) {
      if (!(v >= 0 && v <= 1)) {
        throw new IllegalArgumentException("a p-value must lie in [0, 1], got " + v);
      }
    }
  }

  private static void checkLogE(double[] logE) {
    for (double v : logE) {
      if (Double.isNaN(v)) {
        throw new IllegalArgumentException("a log e-value must be a number, got NaN");
      }
    }
  }
}
