package io.tidegate.stats.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where ranges end, and closed forms at their ends. */
class TailLimitsTest {

  @Test
  void chiSquared_farOut_is0_andNotBefore() {
    assertThat(Tails.chiSquaredUpper(2e6, 10)).isZero();
    // Wilson and Hilferty 1931: ((x/ν)^⅓ − 1 + 2/(9ν))/√(2/(9ν)) is normal to 1e-6 here.
    double z = 2 / (9 * 2e6) / StrictMath.sqrt(2 / (9 * 2e6));
    assertThat(Tails.chiSquaredUpper(2e6, 2e6)).isCloseTo(Tails.normalUpper(z), within(1e-6));
    // x = 10 ν with ν = 2: exp(−x/2).
    assertThat(Tails.chiSquaredUpper(20, 2)).isCloseTo(StrictMath.exp(-10), within(1e-18));
    assertThat(Tails.chiSquaredUpper(0, 3)).isOne();
    assertThat(Tails.chiSquaredUpper(-1, 3)).isOne();
  }

  @Test
  void chiSquared_degreesOfFreedom_endAt1e12() {
    assertThat(Tails.chiSquaredUpper(0, 1e12)).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tails.chiSquaredUpper(1, Math.nextUp(1e12)));
    assertThatIllegalArgumentException().isThrownBy(() -> Tails.chiSquaredUpper(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Tails.chiSquaredUpper(Double.NaN, 1));
  }

  @Test
  void student_needsALevelAndDegreesOfFreedom() {
    // Cauchy: tan(π(½ − p)).
    assertThat(Tails.studentUpperQuantile(0.1, 1))
        .isCloseTo(StrictMath.tan(StrictMath.PI * 0.4), within(1e-7));
    assertThat(Tails.studentUpperQuantile(0.9, 1))
        .isCloseTo(-StrictMath.tan(StrictMath.PI * 0.4), within(1e-7));
    assertThat(Tails.studentUpperQuantile(0.5, 7)).isCloseTo(0, within(1e-8));
    for (double p : new double[] {0, 1, Double.NaN}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Tails.studentUpperQuantile(p, 3));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Tails.studentUpperQuantile(0.1, 0));
  }

  @Test
  void logBeta_atTheEndsAndBelowWhatADoubleHolds() {
    assertThat(BetaTail.logCdf(0, 2, 3)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(BetaTail.logCdf(1, 2, 3)).isZero();
    assertThat(BetaTail.cdf(0, 1, 2, 3)).isZero();
    assertThat(BetaTail.cdf(1, 0, 2, 3)).isOne();
    // I_x(a, 1) = x^a; I_x(1, b) = 1 − (1 − x)^b.
    assertThat(BetaTail.logCdf(1e-10, 50, 1)).isCloseTo(50 * StrictMath.log(1e-10), within(1e-10));
    assertThat(BetaTail.logCdf(0.9, 1, 2)).isCloseTo(StrictMath.log(0.99), within(1e-15));
  }

  @Test
  void betaQuantile_hasItsClosedForms() {
    for (double p : new double[] {1e-9, 0.3, 0.5, 0.7, 1 - 1e-9}) {
      assertThat(BetaTail.quantile(p, 4, 1)).isCloseTo(StrictMath.pow(p, 0.25), within(1e-13));
      assertThat(BetaTail.quantile(p, 1, 4))
          .isCloseTo(-StrictMath.expm1(StrictMath.log1p(-p) / 4), within(1e-13));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> BetaTail.quantile(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> BetaTail.quantile(1, 1, 1));
  }

  @Test
  void beta_shapesEndAt1e100() {
    assertThat(BetaTail.cdf(0, 1, 1e100, 1e-100)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BetaTail.cdf(0, 1, Math.nextUp(1e100), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BetaTail.cdf(0, 1, 1, Math.nextDown(1e-100)));
  }

  @Test
  void counts_endWhereTheySay() {
    assertThat(new CountDistribution(1e15, 1e6).mean()).isEqualTo(1e15);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CountDistribution(Math.nextUp(1e15), 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CountDistribution(1, Math.nextUp(1e6)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1, Double.NaN})
  void counts_quantilesNeedALevel(double q) {
    CountDistribution counts = new CountDistribution(3, 0.1);
    assertThatIllegalArgumentException().isThrownBy(() -> counts.lowerQuantile(q));
    assertThatIllegalArgumentException().isThrownBy(() -> counts.upperQuantile(q));
  }

  /** σ is 1e7 by dispersion, where it would be 3e4 without. */
  @Test
  void aSmallDispersionOfALargeMean_isNoPoisson() {
    CountDistribution counts = new CountDistribution(1e9, 1e-4);
    assertThat(counts.cdf((long) 1.01e9)).isBetween(0.83, 0.85);
  }

  @Test
  void roots_areFoundOrTheNearestEndIs() {
    assertThat(Roots.increasing(x -> x - 3, 0, 10)).isEqualTo(3);
    assertThat(Roots.increasing(x -> x * x * x - 2, 0, 2))
        .isCloseTo(StrictMath.cbrt(2), within(4e-16));
    assertThat(Roots.increasing(x -> x, 0, 1)).isZero();
    assertThat(Roots.increasing(x -> x + 1, 0, 1)).isZero();
    assertThat(Roots.increasing(x -> x - 1, 0, 1)).isOne();
    assertThat(Roots.increasing(x -> x - 2, 0, 1)).isOne();
  }
}
