package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.tail.Tails;
import java.util.List;

/** Two-by-two tables over strata: a common odds ratio and its test. */
public final class Tables {
  private Tables() {}

  /** Successes and failures of one stratum, at least 0 each. */
  public record Table(long successesB, long failuresB, long successesA, long failuresA) {
    /** Refuses negative counts. */
    public Table {
      if (successesB < 0 || failuresB < 0 || successesA < 0 || failuresA < 0) {
        throw new IllegalArgumentException("counts of a table must be >= 0");
      }
    }

    double total() {
      return (double) successesB + failuresB + successesA + failuresA;
    }
  }

  /**
   * The common ratios and their test.
   *
   * @param oddsRatio Mantel–Haenszel; cannot say where no stratum has a failure in B with a success
   *     in A
   * @param riskRatio Mantel–Haenszel; cannot say where A has no success
   * @param logOddsSe Robins, Breslow and Greenland 1986; cannot say where the odds ratio is 0 or
   *     unsaid
   * @param test Cochran–Mantel–Haenszel without continuity correction; cannot say at zero variance
   */
  public record Common(
      Stated<Double> oddsRatio,
      Stated<Double> riskRatio,
      Stated<Double> logOddsSe,
      Stated<Chi2> test) {}

  /**
   * A chi-squared statistic with its upper tail.
   *
   * @param statistic at least 0
   * @param pValue in [0, 1]
   */
  public record Chi2(double statistic, double pValue) {}

  /** The Cochran–Mantel–Haenszel analysis; empty tables drop out. */
  public static Common cochranMantelHaenszel(List<Table> tables) {
    double r = 0;
    double s = 0;
    double pr = 0;
    double psQr = 0;
    double qs = 0;
    double riskB = 0;
    double riskA = 0;
    double excess = 0;
    double variance = 0;
    for (Table t : tables) {
      double n = t.total();
      if (n < 1) {
        continue;
      }
      double a = t.successesB();
      double b = t.failuresB();
      double c = t.successesA();
      double d = t.failuresA();
      double agree = (a + d) / n;
      double differ = (b + c) / n;
      r += a * d / n;
      s += b * c / n;
      pr += agree * (a * d / n);
      psQr += agree * (b * c / n) + differ * (a * d / n);
      qs += differ * (b * c / n);
      riskB += a * (c + d) / n;
      riskA += c * (a + b) / n;
      excess += (a * d - b * c) / n;
      variance += n > 1 ? (a + b) / n * ((c + d) / n) * ((a + c) / (n - 1)) * (b + d) : 0;
    }
    return new Common(
        s > 0 ? Stated.of(r / s) : noDenominator("failures in B beside successes in A"),
        riskA > 0 ? Stated.of(riskB / riskA) : noDenominator("successes in A"),
        r > 0 && s > 0
            ? Stated.of(StrictMath.sqrt(pr / (2 * r * r) + psQr / (2 * r * s) + qs / (2 * s * s)))
            : noDenominator("discordant pairs on both sides"),
        variance > 0
            ? Stated.of(chi2(excess * excess / variance, 1))
            : Stated.cannotSay(Reason.ZERO_VARIANCE, "the margins leave no choice"));
  }

  static Chi2 chi2(double statistic, double df) {
    return new Chi2(statistic, Tails.chiSquaredUpper(statistic, df));
  }

  private static <T> Stated<T> noDenominator(String what) {
    return Stated.cannotSay(Reason.ZERO_DENOMINATOR, "there are no " + what);
  }
}
