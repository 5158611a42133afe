package io.tidegate.stats.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against values of mpmath with 25 digits. */
class CountDistributionTest {

  @ParameterizedTest
  @CsvSource({
    "0, 12.5, 0.3, 0.0055507879213553266, 0.0055507879213553266, 0.99444921207864467",
    "20, 12.5, 0.3, 0.02310995363000728, 0.85668714874041944, 0.14331285125958056",
    "180, 230, 0.01, 0.0027012591657931386, 0.029700614537595998, 0.970299385462404",
    "1000, 900, 1e-6, 5.9536584047763053e-5, 0.9995066952950643, 0.00049330470493570185",
    "40, 12.5, 2, 0.0036326009077513509, 0.9262090280711825, 0.073790971928817497",
    "0, 0.5, 0, 0.60653065971263342, 0.60653065971263342, 0.39346934028736658",
    "20, 12.5, 0, 0.013286011361537209, 0.98269188243454063, 0.01730811756545937",
    "5200, 5000, 0, 0.00010676612021748405, 0.99759281688680537, 0.0024071831131946315"
  })
  void tails(long k, double mean, double dispersion, double pmf, double cdf, double upper) {
    CountDistribution counts = new CountDistribution(mean, dispersion);
    Percentage close = Percentage.withPercentage(1e-7);
    assertThat(counts.probability(k)).isCloseTo(pmf, close);
    assertThat(counts.cdf(k)).isCloseTo(cdf, close);
    assertThat(counts.upper(k)).isCloseTo(upper, close);
    assertThat(counts.lowerQuantile(cdf * 0.99999)).isEqualTo(k);
    assertThat(counts.upperQuantile(upper * 1.00001)).isEqualTo(k);
    assertThat(counts.upperQuantile(upper * 0.99999)).isEqualTo(k + 1);
  }

  @Test
  void tails_below0_areCertain() {
    CountDistribution counts = new CountDistribution(3, 0.1);
    assertThat(counts.cdf(-1)).isZero();
    assertThat(counts.upper(-1)).isEqualTo(1);
    assertThat(counts.standardDeviation()).isCloseTo(Math.sqrt(3.9), within(1e-15));
  }

  @Test
  void meanOf0_allowsOnlyCount0() {
    CountDistribution none = new CountDistribution(0, 0.2);
    assertThat(none.probability(0)).isEqualTo(1);
    assertThat(none.probability(3)).isZero();
    assertThat(none.cdf(0)).isEqualTo(1);
    assertThat(none.upper(0)).isZero();
    assertThat(none.lowerQuantile(0.025)).isZero();
    assertThat(none.upperQuantile(0.025)).isZero();
  }

  @Test
  void vanishingDispersion_isPoisson() {
    CountDistribution tiny = new CountDistribution(10, 1e-14);
    assertThat(tiny.cdf(8)).isEqualTo(new CountDistribution(10, 0).cdf(8));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "2e15, 0", "Infinity, 0", "1, -0.1", "1, 2e6", "NaN, 0", "1, NaN"})
  void outOfRange_isRefused(double mean, double dispersion) {
    assertThatThrownBy(() -> new CountDistribution(mean, dispersion))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("count needs mean in [0, 1e15] and dispersion in [0, 1e6], got");
  }
}
