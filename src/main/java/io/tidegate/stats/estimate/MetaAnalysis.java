package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.tail.Tails;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Several independent effects together: common effect, heterogeneity, and each effect shrunk
 * towards the rest (DerSimonian and Laird 1986).
 *
 * @param fixed precision-weighted mean
 * @param fixedSe its standard error
 * @param q Cochran's heterogeneity statistic
 * @param df effects − 1
 * @param pValue upper tail of q; cannot say for one effect
 * @param i2 max(0, (q − df)/q), the share of variation between effects
 * @param tau2 variance between effects, cut at 0
 * @param random mean under that variance
 * @param randomSe its standard error
 * @param shrunk posterior mean of each effect under N(random, tau2); all {@code random} where tau2
 *     = 0
 * @param shrunkSe posterior standard deviations; 0 where tau2 = 0
 */
public record MetaAnalysis(
    double fixed,
    double fixedSe,
    double q,
    int df,
    Stated<Double> pValue,
    double i2,
    double tau2,
    double random,
    double randomSe,
    List<Double> shrunk,
    List<Double> shrunkSe) {

  /** Copies the lists. */
  public MetaAnalysis {
    shrunk = List.copyOf(shrunk);
    shrunkSe = List.copyOf(shrunkSe);
  }

  /**
   * The analysis of effects with known standard errors; cannot say without effects, or ({@code
   * OUT_OF_RANGE}) where the weights 1/se² leave the range of doubles.
   *
   * @param effect finite, in the metric's unit
   * @param se greater than 0, one an effect
   */
  public static Stated<MetaAnalysis> derSimonianLaird(double[] effect, double[] se) {
    if (effect.length != se.length) {
      throw new IllegalArgumentException(effect.length + " effects, " + se.length + " errors");
    }
    if (effect.length == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "no effects to combine");
    }
    for (double e : se) {
      if (!(e > 0 && Double.isFinite(e))) {
        throw new IllegalArgumentException("standard error " + e + " must be > 0");
      }
    }
    for (double e : effect) {
      if (!Double.isFinite(e)) {
        throw new IllegalArgumentException("effect " + e + " must be finite");
      }
    }
    Mean fixed = Mean.of(effect, se, 0);
    double squares = 0;
    double q = 0;
    for (int i = 0; i < se.length; i++) {
      double w = 1 / (se[i] * se[i]);
      squares += w * w;
      q += w * (effect[i] - fixed.mean) * (effect[i] - fixed.mean);
    }
    int df = effect.length - 1;
    double scale = fixed.weight - squares / fixed.weight;
    double tau2 = df > 0 && scale > 0 ? StrictMath.max(0, (q - df) / scale) : 0;
    Mean random = Mean.of(effect, se, tau2);
    if (!(Double.isFinite(q + squares + random.mean) && random.weight > 0)) {
      return Stated.cannotSay(
          Reason.OUT_OF_RANGE, "weights 1/se² are beyond the range of a double");
    }
    return Stated.of(
        new MetaAnalysis(
            fixed.mean,
            fixed.se(),
            q,
            df,
            df > 0
                ? Stated.of(Tails.chiSquaredUpper(q, df))
                : Stated.cannotSay(Reason.TOO_FEW_UNITS, "heterogeneity of one effect"),
            q > 0 ? StrictMath.max(0, (q - df) / q) : 0,
            tau2,
            random.mean,
            random.se(),
            shrunkMeans(effect, se, tau2, random.mean),
            shrunkErrors(se, tau2)));
  }

  private static List<Double> shrunkMeans(double[] effect, double[] se, double tau2, double mean) {
    if (tau2 == 0) {
      return Collections.nCopies(effect.length, mean);
    }
    List<Double> means = new ArrayList<>(effect.length);
    for (int i = 0; i < effect.length; i++) {
      double own = tau2 / (tau2 + se[i] * se[i]);
      means.add(own * effect[i] + (1 - own) * mean);
    }
    return means;
  }

  private static List<Double> shrunkErrors(double[] se, double tau2) {
    List<Double> errors = new ArrayList<>(se.length);
    for (double e : se) {
      errors.add(StrictMath.sqrt(tau2 / (tau2 + e * e)) * e);
    }
    return errors;
  }

  private record Mean(double mean, double weight) {
    static Mean of(double[] effect, double[] se, double tau2) {
      double weight = 0;
      double sum = 0;
      for (int i = 0; i < se.length; i++) {
        double w = 1 / (se[i] * se[i] + tau2);
        weight += w;
        sum += w * effect[i];
      }
      return new Mean(sum / weight, weight);
    }

    double se() {
      return StrictMath.sqrt(1 / weight);
    }
  }
}
