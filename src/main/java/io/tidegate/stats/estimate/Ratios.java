package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;

/** Differences of ratios of sums with units, not events, as the sample (delta method). */
public final class Ratios {
  private Ratios() {}

  /**
   * Two ratios and their contrasts.
   *
   * @param a control's ratio and score variance as moments over units
   * @param b the treatment's
   * @param absolute R_B − R_A
   * @param relative (R_B − R_A)/|R_A|; cannot say at R_A = 0
   */
  public record Contrast(Moments a, Moments b, Difference absolute, Stated<Difference> relative) {}

  /**
   * R = Σy/Σd in each variant, compared by Welch's test on the linearised scores (Deng, Knoblich
   * and Lu 2018; statistics.md §1.3), two-sided. Cannot say where Σd ≤ 0 or n &lt; 2 in a variant.
   */
  public static Stated<Contrast> difference(RatioMoments a, RatioMoments b, double alpha) {
    return a.score()
        .flatMap(
            scoreA ->
                b.score()
                    .flatMap(
                        scoreB ->
                            Welch.difference(scoreA, scoreB, Side.TWO, alpha, 0)
                                .map(
                                    d ->
                                        new Contrast(
                                            scoreA,
                                            scoreB,
                                            d,
                                            Welch.relative(scoreA, scoreB, alpha)))));
  }
}
