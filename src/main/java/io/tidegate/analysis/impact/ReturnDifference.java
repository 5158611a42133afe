package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.analysis.impact.View.Two;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.List;

/**
 * A share of treatment less that of control over strata, with the weights of {@link Contrasts}. The
 * variants' own intervals are added within and over strata as Zou and Donner (2008, Statistics in
 * Medicine 27, 1693–1702) add intervals; of Wilson's that is Newcombe's. Errors of the normal
 * distribution fail where nearly all or none came back.
 */
record ReturnDifference(double effect, Bounds bounds) {

  /**
   * Cannot say where no stratum has two units of each variant that reached the age.
   *
   * @param alpha two-sided level
   */
  static Stated<ReturnDifference> of(
      List<Two<ReturnShares>> strata, Form form, int age, double alpha) {
    double z = Contrast.critical(Double.POSITIVE_INFINITY, alpha);
    double effect = 0;
    double below = 0;
    double above = 0;
    double all = 0;
    for (Two<ReturnShares> stratum : strata) {
      ReturnShares control = stratum.control();
      ReturnShares treatment = stratum.treatment();
      Stated<Double> a = control.rate(form, age);
      Stated<Double> b = treatment.rate(form, age);
      if (a.said() && b.said() && control.of(form, age) > 1 && treatment.of(form, age) > 1) {
        double weight = Contrasts.weight(control.of(form, age), treatment.of(form, age));
        double difference = b.orThrow() - a.orThrow();
        Bounds part =
            Rates.difference(
                a.orThrow(),
                control.bounds(form, age, z).orThrow(),
                b.orThrow(),
                treatment.bounds(form, age, z).orThrow());
        effect += weight * difference;
        below = Math.hypot(below, weight * (difference - part.lower()));
        above = Math.hypot(above, weight * (part.upper() - difference));
        all += weight;
      }
    }
    if (!(all > 0)) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "no control of this age to compare with");
    }
    double found = effect / all;
    return Stated.of(
        new ReturnDifference(found, new Bounds(found - below / all, found + above / all)));
  }
}
