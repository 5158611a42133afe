package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantileSequenceTest {

  @Test
  void ranks_coverTheQuantileAtEveryLook() {
    SplittableRandom random = new SplittableRandom(5);
    int missed = 0;
    for (int run = 0; run < 100; run++) {
      double[] values = random.doubles(2000).toArray();
      boolean miss = false;
      for (int n = 100; n <= 2000; n += 100) {
        double[] sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
        QuantileSequence.Ranks ranks = QuantileSequence.ranks(n, 0.9, 0.05, 1000);
        miss |= ranks.lower() >= 1 && sorted[(int) ranks.lower() - 1] > 0.9;
        miss |= ranks.upper() <= n && sorted[(int) ranks.upper() - 1] < 0.9;
      }
      missed += miss ? 1 : 0;
    }
    assertThat(missed).isLessThanOrEqualTo(6);
  }

  @Test
  void ranks_narrowAroundTheQuantileAndMirror() {
    QuantileSequence.Ranks few = QuantileSequence.ranks(20, 0.95, 0.05, 1000);
    assertThat(few.upper()).isEqualTo(21);
    QuantileSequence.Ranks many = QuantileSequence.ranks(100_000, 0.95, 0.05, 1000);
    assertThat(many.lower()).isBetween(94_500L, 94_999L);
    assertThat(many.upper()).isBetween(95_001L, 95_500L);
    QuantileSequence.Ranks mirrored = QuantileSequence.ranks(100_000, 0.05, 0.05, 1000);
    assertThat(mirrored.lower()).isEqualTo(100_001 - many.upper());
    assertThat(mirrored.upper()).isEqualTo(100_001 - many.lower());
  }

  /** Each side spends half the level, on the mixture tuned to tOpt values. */
  @Test
  void ranks_areWhereTheMixtureReachesHalfTheLevel() {
    double q = 0.9;
    long n = 100_000;
    double threshold = StrictMath.log(2 / 0.05);
    for (double optimum : new double[] {100, 100_000}) {
      QuantileSequence.Ranks ranks = QuantileSequence.ranks(n, q, 0.05, optimum);
      BetaBinomialBoundary mixture =
          BetaBinomialBoundary.tuned(0.09 * optimum, 0.025, q, 1 - q, false);
      double inside = ranks.upper() - 1 - n * q;
      assertThat(mixture.logMixture(inside, 0.09 * n)).isLessThanOrEqualTo(threshold);
      assertThat(mixture.logMixture(inside + 1, 0.09 * n)).isGreaterThan(threshold);
    }
  }

  @Test
  void equality_needsValuesInBoth() {
    double[] values = {1, 2};
    assertThat(QuantileSequence.equalityPValue(values, new double[0], .5, 100, .05).said())
        .isFalse();
    assertThatThrownBy(() -> QuantileSequence.equalityPValue(values, values, 1, 100, .05))
        .hasMessage("a quantile's level must lie in (0, 1), got 1.0");
    assertThat(QuantileSequence.equalityPValue(values, values, .5, 100, .05).orThrow())
        .isEqualTo(1);
  }

  @Test
  void equality_findsAShift() {
    SplittableRandom random = new SplittableRandom(6);
    double[] a = random.doubles(3000).toArray();
    double[] b = random.doubles(3000).map(x -> x + 0.2).toArray();
    assertThat(QuantileSequence.equalityPValue(a, b, .5, 1000, .05).orThrow()).isLessThan(1e-6);
  }

  @Test
  void betaBinomial_isCappedAtTheLargestSum() {
    BetaBinomialBoundary boundary = BetaBinomialBoundary.tuned(50, .05, .05, .95, false);
    double v = .05 * .95 * 3;
    assertThat(boundary.isCapped(v, 1e-9)).isTrue();
    assertThat(boundary.bound(v, 1e-9)).isEqualTo(v / .05);
    double wide = .05 * .95 * 3000;
    double bound = boundary.bound(wide, .01);
    assertThat(boundary.logMixture(bound, wide)).isCloseTo(Math.log(100), within(1e-9));
  }

  @Test
  void boundaries_refuseWhatMakesNoSense() {
    assertThatThrownBy(() -> new NormalBoundary(0, true))
        .hasMessage("rho must be finite and > 0, got 0.0");
    assertThatThrownBy(() -> new BetaBinomialBoundary(1, 0, 1, true))
        .hasMessageContaining("r, g and h must be > 0");
    assertThatThrownBy(() -> StitchedBoundary.distributionBand(10, .05, 1, .5))
        .hasMessageContaining("A must exceed");
    assertThatThrownBy(() -> StitchedBoundary.polynomial(10, .05, 1, 0, 1, 2))
        .hasMessageContaining("zeta needs s > 1");
    assertThat(StitchedBoundary.distributionBand(10, .05, 100, .85)).isInfinite();
  }

  @Test
  void polynomial_atTheScaleOfASubGammaSum() {
    double plain = StitchedBoundary.polynomial(1000, .05, 10, 0, 1.4, 2);
    double scaled = StitchedBoundary.polynomial(1000, .05, 10, 1, 1.4, 2);
    assertThat(scaled).isGreaterThan(plain);
    assertThat(StitchedBoundary.polynomial(1000, .01, 10, 0, 1.4, 2)).isGreaterThan(plain);
  }

  /** Increments in other units: sums scale by c, times by c². */
  @Test
  void betaBinomial_doesNotDependOnTheUnit() {
    for (boolean oneSided : new boolean[] {true, false}) {
      BetaBinomialBoundary plain = new BetaBinomialBoundary(2, .4, 1.7, oneSided);
      BetaBinomialBoundary scaled = new BetaBinomialBoundary(2 * 9, .4 * 3, 1.7 * 3, oneSided);
      assertThat(scaled.logMixture(-5 * 3, 30 * 9))
          .isCloseTo(plain.logMixture(-5, 30), within(1e-11));
      assertThat(scaled.bound(30 * 9, .01)).isCloseTo(3 * plain.bound(30, .01), within(1e-9));
    }
    BetaBinomialBoundary tuned = BetaBinomialBoundary.tuned(50, .05, .4, 1.7, false);
    BetaBinomialBoundary other = BetaBinomialBoundary.tuned(50 * 9, .05, .4 * 3, 1.7 * 3, false);
    assertThat(other.r()).isCloseTo(9 * tuned.r(), within(1e-9));
    assertThat(BetaBinomialBoundary.tuned(1, .05, 4, 5, false).r()).isEqualTo(1e-3 * 20);
  }

  /** Integrated numerically with 30 digits (mpmath). */
  @Test
  void betaBinomial_isTheMixtureIntegral() {
    assertThat(new BetaBinomialBoundary(2, .4, 1.7, true).logMixture(9, 30))
        .isCloseTo(0.38103907961986805, within(1e-12));
    assertThat(new BetaBinomialBoundary(2, .4, 1.7, false).logMixture(9, 30))
        .isCloseTo(-0.5178518444269405, within(1e-12));
    assertThat(new BetaBinomialBoundary(2, .4, 1.7, false).logMixture(-5, 30))
        .isCloseTo(-0.9729957354252285, within(1e-12));
  }

  /** From the formulas of Howard et al. with 30 digits (mpmath). */
  @Test
  void stitched_agreesWithItsFormulaAtOtherSettings() {
    assertThat(StitchedBoundary.polynomial(5000, .01, 20, .7, 1.6, 2.5))
        .isCloseTo(307.95548859809696, within(1e-9));
    assertThat(StitchedBoundary.polynomial(300, .05, 10, 2, 1.4, 2))
        .isCloseTo(81.88601477394371, within(1e-10));
    assertThat(StitchedBoundary.quantileUniform(.05, 3000, .02, 400, .7, 1.3, 2.4))
        .isCloseTo(90.28613832124327, within(1e-10));
    assertThat(StitchedBoundary.quantileUniform(.3, 50, .05, 100, .5, 1.4, 2))
        .isCloseTo(21.485049693293742, within(1e-11));
    assertThat(StitchedBoundary.quantileUniform(.99, 20000, .001, 1000, .4, 1.7, 3))
        .isCloseTo(79.81198499166082, within(1e-10));
  }

  @Test
  void zeta_hasItsKnownValues() {
    assertThat(StitchedBoundary.zeta(2)).isCloseTo(Math.PI * Math.PI / 6, within(2e-13));
    assertThat(StitchedBoundary.zeta(4)).isCloseTo(Math.pow(Math.PI, 4) / 90, within(2e-13));
    assertThat(StitchedBoundary.zeta(1.1)).isCloseTo(10.58444846495081, within(2e-12));
    assertThat(StitchedBoundary.zeta(1.4)).isCloseTo(3.1055472779775806, within(2e-13));
  }

  /**
   * At the band's level the bound on the error is alpha: wider for smaller alpha and later starts.
   */
  @Test
  void distributionBand_narrowsAsOneOverRootT() {
    double once = StitchedBoundary.distributionBand(100, .05, 100, .85);
    double later = StitchedBoundary.distributionBand(10_000, .05, 10_000, .85);
    assertThat(once / later).isCloseTo(10, within(1e-9));
    assertThat(StitchedBoundary.distributionBand(100, 1e-9, 100, .85)).isGreaterThan(once);
    assertThat(StitchedBoundary.distributionBand(100, .999, 100, 3)).isFinite().isPositive();
  }

  /** By its definition, over a fine grid of shares, with values that tie. */
  @Test
  void equality_isTheLeastSumOverEveryCandidateAndShare() {
    SplittableRandom random = new SplittableRandom(7);
    double q = .3;
    BetaBinomialBoundary mixture =
        BetaBinomialBoundary.tuned(200 * q * (1 - q), .05, q, 1 - q, false);
    for (int shift = 0; shift < 4; shift++) {
      int by = 2 * shift;
      double[] a = random.ints(120, 0, 10).asDoubleStream().toArray();
      double[] b = random.ints(150, 0, 10).mapToDouble(i -> i + by).toArray();
      double least = Double.POSITIVE_INFINITY;
      for (int x = -1; x <= 20; x++) {
        least = Math.min(least, at(a, x, q, mixture) + at(b, x, q, mixture));
      }
      double p = QuantileSequence.equalityPValue(a, b, q, 200, .05).orThrow();
      assertThat(p).isCloseTo(Math.min(1, Math.exp(-least)), within(1e-4 * p));
    }
  }

  private static double at(double[] values, double x, double q, BetaBinomialBoundary mixture) {
    double n = values.length;
    double below = Arrays.stream(values).filter(v -> v < x).count() / n;
    double upTo = Arrays.stream(values).filter(v -> v <= x).count() / n;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i <= 2000; i++) {
      double share = below + (upTo - below) * i / 2000;
      least = Math.min(least, mixture.logMixture((share - q) * n, q * (1 - q) * n));
    }
    return least;
  }

  @Test
  void ranks_withoutValues_boundNothing() {
    assertThat(QuantileSequence.ranks(0, .5, .05, 100)).isEqualTo(new QuantileSequence.Ranks(0, 1));
    assertThatThrownBy(() -> QuantileSequence.ranks(-1, .5, .05, 100))
        .hasMessage("n must be >= 0, got -1");
    for (double q : new double[] {0, 1}) {
      assertThatThrownBy(() -> QuantileSequence.ranks(10, q, .05, 100))
          .hasMessage("a quantile's level must lie in (0, 1), got " + q);
    }
    assertThatThrownBy(
            () ->
                QuantileSequence.equalityPValue(
                    new double[] {Double.NaN}, new double[1], .5, 9, .05))
        .hasMessage("a value must be a number, got NaN");
    for (double[] r : new double[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
      assertThatThrownBy(() -> new BetaBinomialBoundary(r[0], r[1], r[2], false))
          .hasMessageContaining("r, g and h must be > 0");
    }
  }
}
