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
    assertThatThrownBy(() -> new NormalBoundary(0, true)).hasMessage("rho must be > 0, got 0.0");
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
}
