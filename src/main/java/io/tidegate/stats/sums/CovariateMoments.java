package io.tidegate.stats.sums;

/**
 * Moments of an outcome y over all units of a variant, and of y with a pre-exposure covariate x
 * over the units that have one.
 *
 * @param all moments of y over every unit
 * @param present joint moments of y and x (as the pair's d) over the units with a covariate
 */
public record CovariateMoments(Moments all, RatioMoments present) {

  /** Refuses more units with a covariate than there are. */
  public CovariateMoments {
    if (present.n() > all.n()) {
      throw new IllegalArgumentException(
          "units with a covariate " + present.n() + " exceed all units " + all.n());
    }
  }

  /** Moments where every unit has its covariate. */
  public static CovariateMoments complete(RatioMoments pairs) {
    return new CovariateMoments(pairs.numerator(), pairs);
  }

  /** Σ over units of the covariate. */
  public double covariateSum() {
    return present.n() * present.meanD();
  }

  /**
   * Joint moments of (y, x̃) over all units, x̃ = x − {@code centre} where x is present and 0 where
   * it is not (statistics.md §1.6): with δ = x̄ − c, Sx̃x̃ = Sxx + nₓδ²(1 − nₓ/n) and Sx̃y = Sxy +
   * nₓδ(ȳₓ − ȳ).
   */
  public RatioMoments filled(double centre) {
    long n = all.n();
    if (n == 0) {
      return new RatioMoments(0, 0, 0, 0, 0, 0, 0);
    }
    double nX = present.n();
    double delta = nX == 0 ? 0 : present.meanD() - centre;
    double share = nX / n;
    return new RatioMoments(
        n,
        all.mean(),
        share * delta,
        all.m2(),
        present.m2D() + nX * delta * delta * ((n - present.n()) / (double) n),
        present.cYd() + nX * delta * (present.meanY() - all.mean()),
        0);
  }
}
