package io.tidegate.stats.sequence;

/**
 * Where a mean sequence's boundary is tightest; frozen before the sequence starts (statistics.md
 * §2.2).
 *
 * @param alpha the level at which the sequence is read
 * @param effectiveUnits N*, the effective sample n_A n_B/(n_A + n_B) of the smallest effect worth
 *     finding
 * @param variance σ*², the user-level variance the metric is expected to have
 * @param tunedKappa x, the kappa at which the boundary of level alpha is tightest
 */
public record Tuning(double alpha, double effectiveUnits, double variance, double tunedKappa) {

  public Tuning {
    NormalMixture.requireAlpha(alpha);
    requirePositive("effectiveUnits", effectiveUnits);
    requirePositive("variance", variance);
    requirePositive("tunedKappa", tunedKappa);
  }

  /** A tuning with x = {@link NormalMixture#tunedKappa}. */
  public static Tuning at(double alpha, double effectiveUnits, double variance) {
    return new Tuning(alpha, effectiveUnits, variance, NormalMixture.tunedKappa(alpha));
  }

  /**
   * The fixed-horizon effective sample (z_{1−α} + z_power)² σ²/δ² at which a one-sided test of
   * level alpha finds an effect of {@code effect} with the given power.
   */
  public static double effectiveUnitsFor(
      double variance, double effect, double alpha, double power) {
    requirePositive("variance", variance);
    requirePositive("effect", StrictMath.abs(effect));
    double z = NormalTail.quantile(power) - NormalTail.quantile(alpha);
    double units = z * z * variance / (effect * effect);
    requirePositive("the effective sample", units);
    return units;
  }

  /** kappa = x V/(N* σ*²): information in units of the prior. */
  public double kappa(double information) {
    return tunedKappa * information / (effectiveUnits * variance);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " must be finite and > 0, got " + value);
    }
  }
}
