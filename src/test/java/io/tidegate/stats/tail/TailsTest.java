package io.tidegate.stats.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against values of mpmath with 25 digits. */
class TailsTest {
  private static final Percentage CLOSE = Percentage.withPercentage(2e-10);

  @ParameterizedTest
  @CsvSource({
    "0.3, 2, 5, 0.579825, 0.420175",
    "0.501, 1e5, 1e5, 0.81445325544244303, 0.18554674455755697",
    "0.49, 1e5, 1e5, 1.8571347290405531e-19, 1",
    "0.5, 1e5, 1e5, 0.5, 0.5",
    "1e-10, 0.5, 3, 1.874999999875e-5, 0.99998125000000125",
    "0.999, 200, 0.5, 0.52724410702523536, 0.47275589297476464",
    "0.2, 50, 1000, 1, 4.7194418176167753e-47"
  })
  void beta_bothTails(double x, double a, double b, double lower, double upper) {
    assertThat(BetaTail.cdf(x, a, b)).isCloseTo(lower, CLOSE);
    assertThat(BetaTail.upper(x, a, b)).isCloseTo(upper, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({
    "1e-12, 0.5, 200",
    "0.025, 1, 100000",
    "0.5, 3, 2",
    "0.975, 100000, 1",
    "0.9, 0.5, 0.5"
  })
  void beta_quantile_invertsTheTail(double p, double a, double b) {
    double x = BetaTail.quantile(p, a, b);
    assertThat(BetaTail.cdf(x, a, b)).isCloseTo(p, Percentage.withPercentage(1e-8));
  }

  @Test
  void beta_atTheEnds() {
    assertThat(BetaTail.cdf(0, 2, 3)).isZero();
    assertThat(BetaTail.cdf(1, 2, 3)).isEqualTo(1);
    assertThatThrownBy(() -> BetaTail.cdf(0.5, 0, 1))
        .hasMessage(
            "incomplete beta needs x in [0, 1], a and b in [1e-100, 1e100], got x 0.5, a 0.0, b 1.0");
    assertThatThrownBy(() -> BetaTail.cdf(-0.1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BetaTail.cdf(1.1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BetaTail.cdf(0.1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BetaTail.quantile(0, 1, 1))
        .hasMessage("probability 0.0 must lie in (0, 1)");
    assertThatThrownBy(() -> BetaTail.quantile(1, 1, 1))
        .hasMessage("probability 1.0 must lie in (0, 1)");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, 0.050969739414929178",
    "50, 10, 1.23715516465134e-13",
    "0.001, 3, 0.49963244748473047",
    "12.7, 1.2, 0.015821567078143282",
    "1.96, 1e8, 0.024997896534664052",
    "7, 300, 8.3999412293792839e-12"
  })
  void student_tail(double t, double df, double upper) {
    assertThat(Tails.studentUpper(t, df)).isCloseTo(upper, Percentage.withPercentage(1e-6));
    assertThat(Tails.studentUpper(-t, df)).isCloseTo(1 - upper, within(1e-10));
  }

  @ParameterizedTest
  @CsvSource({"0.025, 1.2", "0.05, 34", "0.3, 3", "1e-6, 5", "0.7, 8", "0.0005, 1e6", "0.5, 4"})
  void student_quantile_invertsTheTail(double p, double df) {
    double t = Tails.studentUpperQuantile(p, df);
    assertThat(Tails.studentUpper(t, df)).isCloseTo(p, within(1e-8 * p));
  }

  /** scipy 1.10.1's stdtrit, to the last digits but for the rounding of the tail itself. */
  @ParameterizedTest
  @CsvSource({
    "0.025, 1.2, 8.648826523031984",
    "0.05, 34, 1.6909242593357279",
    "0.3, 3, 0.5843897272635452",
    "1e-6, 5, 24.771029720535676",
    "0.0005, 1e6, 3.290536461248691",
    "0.45, 1, 0.15838444032458612",
    "0.4, 0.5, 0.3979754267847501",
    "1e-4, 0.7, 97570.04017877005",
    "0.025, 2, 4.3026527299112765",
    "0.005, 1, 63.65674116287404",
    "1e-8, 2.5, 1389.2275830316382",
    "0.1, 881.38, 1.2825128226908824",
    "0.025, 12.345, 2.1720786542231196",
    "0.2, 1e8, 0.8416212371673236",
    "0.49, 200, 0.02510028361549486"
  })
  void student_quantile_followsDcdflibStepByStep(double p, double df, double expected) {
    Percentage close = Percentage.withPercentage(1e-9);
    assertThat(Tails.studentUpperQuantile(p, df)).isCloseTo(expected, close);
    assertThat(Tails.studentUpperQuantile(1 - p, df))
        .isCloseTo(-expected, Percentage.withPercentage(2e-6));
  }

  @Test
  void student_quantile_isThatOfDcdflib() {
    assertThat(Tails.studentUpperQuantile(0.05, 34)).isCloseTo(1.690924259334, within(2e-9));
    assertThat(Tails.studentUpperQuantile(0.975, 10)).isCloseTo(-2.2281388519649, within(1e-8));
    assertThatThrownBy(() -> Tails.studentUpperQuantile(0.5, 0))
        .hasMessage("t quantile needs p in (0, 1) and df > 0, got 0.5, 0.0");
    assertThatThrownBy(() -> Tails.studentUpperQuantile(0, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tails.studentUpperQuantile(1, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "3.84, 1, 0.050043521248705099",
    "100, 5, 5.2851483609432401e-20",
    "1000, 2, 7.1245764067412855e-218",
    "0.001, 4, 0.99999987504165886",
    "0, 4, 1",
    "-1, 4, 1"
  })
  void chiSquared_tail(double x, double df, double upper) {
    assertThat(Tails.chiSquaredUpper(x, df)).isCloseTo(upper, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 6.2209605742717841e-16",
    "1, 0.15865525393145705",
    "-3, 0.99865010196836991",
    "0, 0.5",
    "40, 0"
  })
  void normal_tail(double z, double upper) {
    assertThat(Tails.normalUpper(z)).isCloseTo(upper, Percentage.withPercentage(1e-11));
    assertThat(Tails.normalTwoSided(z)).isCloseTo(2 * Math.min(upper, 1 - upper), within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({
    "1e-10, 6.3613409024040562",
    "0.025, 1.9599639845400542",
    "0.3, 0.52440051270804078",
    "0.7, -0.52440051270804078"
  })
  void normal_quantile(double p, double z) {
    assertThat(Tails.normalUpperQuantile(p)).isCloseTo(z, within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({"3, 10, 0.2, 0.8791261184", "950, 1000, 0.95, 0.5202589429126794"})
  void binomial_tail(long k, long n, double p, double cdf) {
    assertThat(Tails.binomialCdf(k, n, p)).isCloseTo(cdf, CLOSE);
    assertThat(Tails.binomialCdf(-1, n, p)).isZero();
    assertThat(Tails.binomialCdf(n, n, p)).isEqualTo(1);
    assertThat(Tails.binomialQuantile(cdf * 0.999999, n, p)).isEqualTo(k);
    assertThat(Tails.binomialQuantile(cdf * 1.000001, n, p)).isEqualTo(k + 1);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.15342640972002735", "3, 0.027677925684998339", "20, 0.0041663196919969225"})
  void stirlingError_isExactForSmallAndLarge(double z, double expected) {
    assertThat(Deviance.stirlingError(z)).isCloseTo(expected, within(5e-16));
  }

  @Test
  void deviance_isSmoothWhereItsFormsMeet() {
    for (double m : new double[] {50, 81, 82, 99.999, 100.001, 122, 123, 200}) {
      double plain = 100 * Math.log(100 / m) + m - 100;
      assertThat(Deviance.deviance(100, m)).isCloseTo(plain, within(1e-13));
    }
    assertThat(Deviance.deviance(1e8, 1e8 + 1)).isCloseTo(5e-9, within(1e-16));
  }

  @Test
  void roots_ofMonotoneFunctions() {
    assertThat(Roots.increasing(x -> x * x * x - 2, 0, 5)).isCloseTo(Math.cbrt(2), within(1e-15));
    assertThat(Roots.increasing(x -> Math.expm1(x - 3), -50, 50)).isCloseTo(3, within(1e-15));
    assertThat(Roots.increasing(x -> x + 10, 0, 5)).isZero();
    assertThat(Roots.increasing(x -> x - 10, 0, 5)).isEqualTo(5);
    assertThat(Roots.increasing(x -> x - 1, 0, 2)).isEqualTo(1);
    assertThat(Roots.increasing(x -> x + 10, 2, 5)).isEqualTo(2);
    assertThat(Roots.increasing(x -> x - 2, 2, 5)).isEqualTo(2);
    assertThat(Roots.increasing(x -> x - 5, 2, 5)).isEqualTo(5);
  }

  @Test
  void roots_ofAStep_areOnTheSideNearer0() {
    assertThat(Roots.increasing(x -> x < 1 ? -3 : 1, 0, 4)).isEqualTo(1);
    assertThat(Roots.increasing(x -> x < 1 ? -1 : 3, 0, 4)).isEqualTo(Math.nextDown(1.0));
  }

  @Test
  void roots_ofSmoothFunctions_takeFewEvaluations() {
    assertThat(evaluations(x -> 2 * x - 3, 0, 5)).isLessThanOrEqualTo(4);
    assertThat(evaluations(x -> x * x * x - 2, 0, 5)).isLessThanOrEqualTo(30);
    assertThat(evaluations(x -> Math.expm1(x - 3), 0, 10)).isLessThanOrEqualTo(40);
    assertThat(evaluations(x -> -Math.expm1(3 - x), 0, 10)).isLessThanOrEqualTo(40);
  }

  private static int evaluations(DoubleUnaryOperator f, double low, double high) {
    int[] count = new int[1];
    Roots.increasing(
        x -> {
          count[0]++;
          return f.applyAsDouble(x);
        },
        low,
        high);
    return count[0];
  }
}
