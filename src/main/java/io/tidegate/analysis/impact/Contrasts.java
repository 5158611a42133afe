package io.tidegate.analysis.impact;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Effects over strata with Mantel–Haenszel weights N_k = n_A n_B/(n_A + n_B) (statistics.md §5),
 * with the variance clustered by unit where a unit may be in several strata.
 */
final class Contrasts {

  static final String WELCH = "welch";
  static final String STRATA = "strata_mh";
  static final String CLUSTERED = "strata_mh_clustered";

  private Contrasts() {}

  /** The two variants in one stratum; null where one cannot be said. */
  record Stratum(@Nullable Arm control, @Nullable Arm treatment) {}

  /** Σ over the units in both arms of score × score, each divided by its arm's n. */
  @FunctionalInterface
  interface Cross {
    double of(Arm one, Arm other);
  }

  private record Pair(Arm control, Arm treatment, double weight) {}

  /**
   * The contrast over strata; one that lacks two units of a variant drops out.
   *
   * @param cross null where no unit is in two strata
   */
  static Stated<Contrast> of(List<Stratum> strata, @Nullable Cross cross) {
    List<Pair> pairs = new ArrayList<>();
    for (Stratum stratum : strata) {
      Arm control = stratum.control();
      Arm treatment = stratum.treatment();
      if (control != null && treatment != null) {
        pairs.add(new Pair(control, treatment, weight(control.n(), treatment.n())));
      }
    }
    if (pairs.isEmpty()) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS, "no stratum has two units of each variant with a number");
    }
    return Stated.of(combine(pairs, cross));
  }

  /** Of a stratum; 0 where a variant has no unit. */
  static double weight(long unitsControl, long unitsTreatment) {
    return unitsControl == 0 || unitsTreatment == 0
        ? 0
        : (double) unitsControl * unitsTreatment / (unitsControl + unitsTreatment);
  }

  private static Contrast combine(List<Pair> pairs, @Nullable Cross cross) {
    double all = pairs.stream().mapToDouble(Pair::weight).sum();
    double control = 0;
    double treatment = 0;
    double varControl = 0;
    double varTreatment = 0;
    for (Pair pair : pairs) {
      double w = pair.weight() / all;
      control += w * pair.control().mean();
      treatment += w * pair.treatment().mean();
      varControl += w * w * pair.control().meanVariance();
      varTreatment += w * w * pair.treatment().meanVariance();
    }
    if (pairs.size() == 1 || cross == null) {
      String method = pairs.size() == 1 ? WELCH : STRATA;
      return new Contrast(
          control, treatment, varControl, varTreatment, 0, welchDf(pairs, all), method);
    }
    double[] shared = shared(pairs, all, cross);
    return new Contrast(
        control,
        treatment,
        Math.max(0, varControl + shared[0]),
        Math.max(0, varTreatment + shared[1]),
        shared[2],
        Double.POSITIVE_INFINITY,
        CLUSTERED);
  }

  /** What shared units add to the variance of control, of treatment, and to their covariance. */
  private static double[] shared(List<Pair> pairs, double all, Cross cross) {
    double control = 0;
    double treatment = 0;
    double both = 0;
    for (int k = 0; k < pairs.size(); k++) {
      for (int l = 0; l < pairs.size(); l++) {
        if (k == l) {
          continue;
        }
        double w = pairs.get(k).weight() * pairs.get(l).weight() / (all * all);
        control += w * product(pairs.get(k).control(), pairs.get(l).control(), cross);
        treatment += w * product(pairs.get(k).treatment(), pairs.get(l).treatment(), cross);
        both += w * product(pairs.get(k).control(), pairs.get(l).treatment(), cross);
      }
    }
    return new double[] {control, treatment, both};
  }

  private static double product(Arm one, Arm other, Cross cross) {
    boolean ordered = one.slice().compareTo(other.slice()) <= 0;
    return ordered ? cross.of(one, other) : cross.of(other, one);
  }

  /** Welch 1947, Satterthwaite 1946, over the means of all strata. */
  private static double welchDf(List<Pair> pairs, double all) {
    double variance = 0;
    double below = 0;
    for (Pair pair : pairs) {
      double square = pair.weight() / all * (pair.weight() / all);
      double a = square * pair.control().meanVariance();
      double b = square * pair.treatment().meanVariance();
      variance += a + b;
      below += a * a / (pair.control().n() - 1) + b * b / (pair.treatment().n() - 1);
    }
    return below > 0 ? variance * variance / below : Double.POSITIVE_INFINITY;
  }
}
