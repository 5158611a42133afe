package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.MeanStratum;
import java.util.List;

/** One difference B − A from several strata. */
public final class Strata {
  private Strata() {}

  /**
   * A weighted difference.
   *
   * @param estimate in the metric's unit
   * @param se its standard error
   */
  public record Weighted(double estimate, double se) {}

  /**
   * The Mantel–Haenszel difference.
   *
   * @param estimate Σ w d/Σ w, w = n_A n_B/(n_A + n_B)
   * @param se √(Σ w² se²)/Σ w
   * @param weight Σ w
   * @param information (weight · se)²
   * @param pooled the crude difference of overall means
   * @param simpson whether the crude and the stratified difference have opposite signs
   */
  public record MantelHaenszel(
      double estimate,
      double se,
      double weight,
      double information,
      double pooled,
      boolean simpson) {}

  /**
   * Mantel–Haenszel weights (Mantel and Haenszel 1959; statistics.md §5). Strata with fewer than
   * two units in a variant, or an unknown variance, drop out; cannot say ({@code EMPTY_VARIANT})
   * where none is left, or ({@code OUT_OF_RANGE}) where a sum leaves the range of doubles.
   */
  public static Stated<MantelHaenszel> mantelHaenszel(List<MeanStratum> strata) {
    double weight = 0;
    double sum = 0;
    double information = 0;
    for (MeanStratum s : strata) {
      if (varies(s)) {
        double w = s.effectiveUnits();
        weight += w;
        sum += w * difference(s);
        information += w * w * squaredError(s);
      }
    }
    if (weight == 0) {
      return Stated.cannotSay(
          Reason.EMPTY_VARIANT, "no stratum of " + strata.size() + " has two units a variant");
    }
    double estimate = sum / weight;
    double pooled = crude(strata);
    return Stated.ofFinite(
        new MantelHaenszel(
            estimate,
            StrictMath.sqrt(information) / weight,
            weight,
            information,
            pooled,
            StrictMath.signum(estimate) * StrictMath.signum(pooled) < 0),
        estimate,
        information,
        pooled);
  }

  /**
   * Direct standardisation: Σ w d/Σ w with fixed weights, se² = Σ (w/Σ w)² se². Cannot say where a
   * stratum with weight has fewer than two units in a variant.
   *
   * @param weights at least 0, not all 0, one a stratum
   */
  public static Stated<Weighted> direct(List<MeanStratum> strata, double[] weights) {
    if (weights.length != strata.size()) {
      throw new IllegalArgumentException(
          weights.length + " weights for " + strata.size() + " strata");
    }
    double total = 0;
    for (double w : weights) {
      if (!(w >= 0 && Double.isFinite(w))) {
        throw new IllegalArgumentException("weight " + w + " must be finite and >= 0");
      }
      total += w;
    }
    if (!(total > 0)) {
      return Stated.cannotSay(Reason.NO_DATA, "all weights are 0");
    }
    double estimate = 0;
    double variance = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        MeanStratum s = strata.get(i);
        if (!varies(s)) {
          return Stated.cannotSay(
              Reason.EMPTY_VARIANT, "stratum " + i + " has fewer than two units in a variant");
        }
        double share = weights[i] / total;
        estimate += share * difference(s);
        variance += share * share * squaredError(s);
      }
    }
    return Stated.ofFinite(new Weighted(estimate, StrictMath.sqrt(variance)), estimate, variance);
  }

  /**
   * Post-stratification: weights are the strata's shares of all N units, whose own variance is
   * added: se² = Σ w² se² + Σ w (d − estimate)²/N. Cannot say as {@link #direct}.
   */
  public static Stated<Weighted> post(List<MeanStratum> strata) {
    double[] sizes = new double[strata.size()];
    double total = 0;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (double) strata.get(i).unitsControl() + strata.get(i).unitsTreatment();
      total += sizes[i];
    }
    double units = total;
    return direct(strata, sizes)
        .flatMap(
            d -> {
              double between = 0;
              for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] > 0) {
                  double apart = difference(strata.get(i)) - d.estimate();
                  between += sizes[i] / units * apart * apart;
                }
              }
              double variance = d.se() * d.se() + between / units;
              return Stated.ofFinite(
                  new Weighted(d.estimate(), StrictMath.sqrt(variance)), variance);
            });
  }

  private static double crude(List<MeanStratum> strata) {
    double unitsA = 0;
    double unitsB = 0;
    double sumA = 0;
    double sumB = 0;
    for (MeanStratum s : strata) {
      unitsA += s.unitsControl();
      unitsB += s.unitsTreatment();
      sumA += s.unitsControl() > 0 ? s.unitsControl() * s.meanControl() : 0;
      sumB += s.unitsTreatment() > 0 ? s.unitsTreatment() * s.meanTreatment() : 0;
    }
    return sumB / unitsB - sumA / unitsA;
  }

  private static boolean varies(MeanStratum s) {
    return s.unitsControl() > 1
        && s.unitsTreatment() > 1
        && !Double.isNaN(s.varianceControl() + s.varianceTreatment());
  }

  private static double difference(MeanStratum s) {
    return s.meanTreatment() - s.meanControl();
  }

  private static double squaredError(MeanStratum s) {
    return s.varianceControl() / s.unitsControl() + s.varianceTreatment() / s.unitsTreatment();
  }
}
