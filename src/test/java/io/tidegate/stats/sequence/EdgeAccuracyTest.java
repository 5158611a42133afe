package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.tail.BetaTail;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values computed with 50 digits (mpmath), where plain doubles lose everything. */
class EdgeAccuracyTest {

  private static Offset<Double> relative(double value, double precision) {
    return within(StrictMath.abs(value) * precision);
  }

  @ParameterizedTest
  @CsvSource({
    "-40, -804.60844201375378817",
    "-38.5, -745.69527029041108133",
    "-12.3, -79.080041796183987178",
    "-5, -15.064998393988725736",
    "-1.0000001, -1.8410217975227951264",
    "-0.3, -0.96210281816885066774",
    "0.7, -0.27702394227713124471",
    "3, -0.0013508099647481937988",
    "8.5, -9.4795348222033183991e-18"
  })
  void logCdf_isAccurateInBothTails(double y, double expected) {
    assertThat(NormalTail.logCdf(y)).isCloseTo(expected, relative(expected, 1e-14));
    double half = 0.5 * y * y + expected;
    assertThat(NormalTail.halfNormalLog(y)).isCloseTo(half, within(4e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "0.025, -1.95996398454005424",
    "1e-12, -7.03448382530113193",
    "0.8, 0.841621233572914205",
    "0.999, 3.09023230616781354"
  })
  void quantile_isAccurate(double p, double expected) {
    assertThat(NormalTail.quantile(p)).isCloseTo(expected, relative(expected, 2e-14));
  }

  @Test
  void mixture_atForty() {
    assertThat(NormalMixture.logEGreater(40, 10))
        .isCloseTo(726.766926816888, Percentage.withPercentage(1e-12));
    assertThat(NormalMixture.logETwo(40, 10))
        .isCloseTo(726.0737796363281, Percentage.withPercentage(1e-12));
    assertThat(MixtureAverage.THREE.logE(Side.GREATER, 40, 10))
        .isCloseTo(795.3952656616531, Percentage.withPercentage(1e-12));
  }

  @Test
  void eValues_beyondTheRangeOfDoubles() {
    double logE = MixtureAverage.THREE.logE(Side.TWO, 200, 10);
    assertThat(logE).isGreaterThan(1e4);
    assertThat(LogScale.pValue(logE)).isZero();
    assertThat(LogScale.logMean(logE, 0, -logE)).isCloseTo(logE - StrictMath.log(3), within(1e-9));
    assertThat(Multiplicity.eHolm(logE, 0)[0]).isCloseTo(logE - StrictMath.log(2), within(1e-9));
  }

  @Test
  void beta_ofAHundredThousandEvents() {
    assertThat(BetaTail.logCdf(0.5, 60000, 50000)).isCloseTo(-459.5040389349898, within(1e-7));
    LabelBeta label = LabelBeta.of(new LabelStratum(0.5, 100_000, 101_000), 1000, 0.05);
    assertThat(label.logETwo()).isCloseTo(-0.17911272197832945, within(1e-8));
    assertThat(label.logEGreater()).isCloseTo(0.5009073815647916, within(1e-8));
    assertThat(label.logELess()).isCloseTo(-3.8256001340544046, within(1e-8));
  }

  @Test
  void sampleRatio_ofMillions() {
    assertThat(SampleRatio.logE(RatioStratum.of(1_000_000, 1_010_000, 0.5), 1000))
        .isCloseTo(21.059923374295632, within(1e-6));
  }

  @Test
  void rate_ofNoEventsInEightThousandUnits() {
    assertThat(RateSequence.upperBound(0, 8000, 0.05))
        .isCloseTo(0.0010072063333280456, Percentage.withPercentage(1e-10));
    Interval some = RateSequence.interval(1000, 100_000, 0.05);
    assertThat(some.upper()).isCloseTo(0.011392512648042986, Percentage.withPercentage(1e-9));
    assertThat(some.lower()).isCloseTo(0.008724771250583189, Percentage.withPercentage(1e-9));
    assertThat(RateSequence.interval(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void critical_ofTheAverageAtExtremes() {
    for (double kappa : new double[] {1e-12, 1e12}) {
      for (double alpha : new double[] {1e-300, 0.9}) {
        double z = MixtureAverage.THREE.critical(Side.GREATER, kappa, alpha);
        assertThat(z).isFinite().isPositive();
        assertThat(MixtureAverage.THREE.logE(Side.GREATER, z, kappa))
            .isCloseTo(-StrictMath.log(alpha), within(1e-9 * StrictMath.max(1, z * z * 1e-3)));
      }
    }
  }

  @Test
  void label_boundsWithOneEvent() {
    LabelTest test = LabelTest.of(List.of(new LabelStratum(1e-4, 0, 1)), 0, 0.05);
    assertThat(test.logEGreater()).isPositive().isFinite();
    assertThat(test.ratio().lower()).isGreaterThan(0);
    assertThat(test.ratioLowerBound()).isZero();
    assertThat(test.ratioUpperBound()).isInfinite();
  }

  @ParameterizedTest
  @CsvSource({
    "-3, 3.28309865493043650693",
    "0, 0.797884560802865355880",
    "0.5, 0.509160433837033485827",
    "1, 0.287599970939178361229",
    "3, 0.00443783904212566379330",
    "8, 5.05227108353689543095e-15"
  })
  void inverseMills_isDensityOverDistribution(double y, double expected) {
    assertThat(NormalTail.inverseMills(y)).isCloseTo(expected, relative(expected, 1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "8.21, 0.05, 2.76891183371219698685",
    "1000, 0.001, 4.39969543363451105329",
    "0.01, 0.5, 7.36663684543109765232"
  })
  void criticalOne_isTheRootOfTheHalfNormalMixture(double kappa, double alpha, double expected) {
    assertThat(NormalMixture.criticalOne(kappa, alpha))
        .isCloseTo(expected, relative(expected, 1e-13));
    assertThat(NormalMixture.criticalOne(0, alpha)).isInfinite();
    assertThat(NormalMixture.criticalTwo(0, alpha)).isInfinite();
    assertThat(NormalMixture.logETwo(3, 0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1e-9, 3, 500, -45.3117430351184982133",
    "0.9, 2, 3, -0.00370686193132647522898",
    "0.3, 0.5, 0.5, -0.996931211020778063796",
    "0.4, 40, 60, -0.682331875161390379561"
  })
  void beta_logOfTheDistribution(double x, double a, double b, double expected) {
    assertThat(BetaTail.logCdf(x, a, b)).isCloseTo(expected, relative(expected, 1e-13));
  }
}
