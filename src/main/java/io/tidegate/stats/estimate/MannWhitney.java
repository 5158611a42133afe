package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.tail.Tails;
import java.util.Arrays;

/**
 * The rank-sum comparison of two samples of independent values, for comparison with other tools
 * only: on requests clustered by user it errs four times as often as it says.
 *
 * @param uB pairs in which B's value is larger, ties counting ½
 * @param pValue two-sided, normal with tie and continuity correction; cannot say where all values
 *     are equal
 */
public record MannWhitney(double uB, Stated<Double> pValue) {

  /**
   * The test (Mann and Whitney 1947; ties: Lehmann 1975, §1.4). Cannot say where a sample is empty.
   */
  public static Stated<MannWhitney> of(double[] a, double[] b) {
    if (a.length == 0 || b.length == 0) {
      return Stated.cannotSay(Reason.EMPTY_VARIANT, "samples of " + a.length + " and " + b.length);
    }
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    for (double value : all) {
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("NaN has no rank");
      }
    }
    Arrays.sort(all);
    double[] sortedB = b.clone();
    Arrays.sort(sortedB);
    double n = all.length;
    double rankSumB = 0;
    double ties = 0;
    int at = 0;
    for (int from = 0; from < all.length; ) {
      int to = from + 1;
      while (to < all.length && all[to] == all[from]) {
        to++;
      }
      double size = to - from;
      ties += size * size * size - size;
      for (; at < sortedB.length && sortedB[at] == all[from]; at++) {
        rankSumB += (from + 1 + to) / 2.0;
      }
      from = to;
    }
    double nA = a.length;
    double nB = b.length;
    double uB = rankSumB - nB * (nB + 1) / 2;
    double sd = StrictMath.sqrt(nA * nB / 12 * (n + 1 - ties / (n * (n - 1))));
    double apart = StrictMath.abs(uB - nA * nB / 2) - 0.5;
    return Stated.of(
        new MannWhitney(
            uB,
            sd > 0
                ? Stated.of(StrictMath.min(1, 2 * Tails.normalUpper(apart / sd)))
                : Stated.cannotSay(Reason.ZERO_VARIANCE, "all values are equal")));
  }
}
