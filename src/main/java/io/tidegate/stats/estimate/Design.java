package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.NormalMixture;
import io.tidegate.stats.tail.Roots;
import io.tidegate.stats.tail.Tails;

/** How many units, and how many days, a question needs. */
public final class Design {
  private static final double LOG_SMALLEST = StrictMath.log(1e-3);
  private static final double LOG_LARGEST = StrictMath.log(1e15);

  private Design() {}

  /**
   * Sample sizes, not rounded.
   *
   * @param control units in control
   * @param treatment units in the treatment
   */
  public record Sizes(double control, double treatment) {}

  /**
   * The size at which an anytime interval is narrow enough, not rounded.
   *
   * @param effectiveUnits n_A n_B/(n_A + n_B)
   * @param unitsPerVariant units in each of two equal variants, twice that
   */
  public record Anytime(double effectiveUnits, double unitsPerVariant) {}

  /**
   * Sizes of one look at a difference of means: n_A = (z_{1−α/sides} + z_power)² (sd_A² +
   * sd_B²/r)/δ², n_B = r n_A.
   *
   * @param sdControl standard deviation of a unit in control, greater than 0
   * @param sdTreatment the same in the treatment
   * @param delta difference to be found, not 0
   * @param power in (0, 1)
   * @param treatmentPerControl r, greater than 0
   * @param sides 1 or 2
   */
  public static Sizes twoMeans(
      double sdControl,
      double sdTreatment,
      double delta,
      double alpha,
      double power,
      double treatmentPerControl,
      int sides) {
    TTest.requireAlpha(alpha);
    TTest.requireAlpha(power);
    requirePositive("treatmentPerControl", treatmentPerControl);
    requirePositive("|delta|", StrictMath.abs(delta));
    requirePositive("sdControl", sdControl);
    requirePositive("sdTreatment", sdTreatment);
    double z = Tails.normalUpperQuantile(alpha / sides) + Tails.normalUpperQuantile(1 - power);
    double variance = sdControl * sdControl + sdTreatment * sdTreatment / treatmentPerControl;
    double control = z * z * variance / (delta * delta);
    if (!Double.isFinite(control) || !Double.isFinite(treatmentPerControl * control)) {
      throw new IllegalArgumentException(
          "sds %s and %s with delta %s need more units than a double can say"
              .formatted(sdControl, sdTreatment, delta));
    }
    return new Sizes(control, treatmentPerControl * control);
  }

  /**
   * The effective size n at which the anytime interval's half-width is δ: zcrit(x n/N*) √(σ²/n) = δ
   * (statistics.md §8). Cannot say beyond 1e15.
   *
   * @param variance σ², greater than 0
   * @param delta half-width, greater than 0
   * @param tunedKappa x of the sequence
   * @param effectiveUnits N* of the sequence
   * @param sides 1 for a one-sided bound, 2 for an interval
   */
  public static Stated<Anytime> anytime(
      double variance,
      double delta,
      double alpha,
      double tunedKappa,
      double effectiveUnits,
      int sides) {
    requirePositive("variance", variance);
    requirePositive("delta", delta);
    requirePositive("tunedKappa", tunedKappa);
    requirePositive("effectiveUnits", effectiveUnits);
    double log =
        Roots.increasing(
            s -> {
              double n = StrictMath.exp(s);
              double kappa = tunedKappa * n / effectiveUnits;
              double critical =
                  sides == 1
                      ? NormalMixture.criticalOne(kappa, alpha)
                      : NormalMixture.criticalTwo(kappa, alpha);
              return delta - critical * StrictMath.sqrt(variance / n);
            },
            LOG_SMALLEST,
            LOG_LARGEST);
    return log >= LOG_LARGEST
        ? Stated.cannotSay(Reason.OUT_OF_RANGE, "half-width " + delta + " needs over 1e15 units")
        : Stated.of(new Anytime(StrictMath.exp(log), 2 * StrictMath.exp(log)));
  }

  /**
   * The first day (1-based) by whose end {@code units} have entered, from the new units expected on
   * each day: first exposures, which fall off, not daily actives. Cannot say ({@code UNBOUNDED})
   * where the curve ends before.
   */
  public static Stated<Integer> daysToReach(double units, double[] newUnitsPerDay) {
    double total = 0;
    for (int day = 0; day < newUnitsPerDay.length; day++) {
      total += newUnitsPerDay[day];
      if (total >= units) {
        return Stated.of(day + 1);
      }
    }
    return Stated.cannotSay(
        Reason.UNBOUNDED,
        "%.0f units needed, %.0f come in %d days".formatted(units, total, newUnitsPerDay.length));
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " " + value + " must be > 0");
    }
  }
}
