package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTestTest {

  @Test
  void bounds_areDualToTheEvidence() {
    List<LabelStratum> strata =
        List.of(new LabelStratum(0.1, 90, 22), new LabelStratum(0.5, 40, 70));
    LabelTest test = LabelTest.of(strata, 0, 0.05);
    double lower = StrictMath.log(test.ratioLowerBound());
    double upper = StrictMath.log(test.ratioUpperBound());
    assertThat(LabelTest.logE(strata, lower, Side.GREATER)).isCloseTo(Math.log(20), within(1e-9));
    assertThat(LabelTest.logE(strata, upper, Side.LESS)).isCloseTo(Math.log(20), within(1e-9));
    assertThat(test.ratio().lower()).isLessThan(test.ratioLowerBound());
    assertThat(test.ratio().upper()).isGreaterThan(test.ratioUpperBound());
  }

  @Test
  void evidence_isExactOverAllLabelings() {
    for (double share : new double[] {0.5, 0.1}) {
      double mean = 0;
      for (int b = 0; b <= 40; b++) {
        double log = LabelTest.logE(List.of(new LabelStratum(share, 40 - b, b)), 0, Side.GREATER);
        double choose =
            org.apache.commons.math3.util.CombinatoricsUtils.binomialCoefficientLog(40, b);
        mean += Math.exp(choose + b * Math.log(share) + (40 - b) * Math.log(1 - share) + log);
      }
      assertThat(mean).isCloseTo(1.0, within(1e-11));
    }
  }

  @Test
  void withoutEvents_nothingIsSaid() {
    LabelTest test = LabelTest.of(List.of(new LabelStratum(0.5, 0, 0)), 0, 0.05);
    assertThat(test.logETwo()).isZero();
    assertThat(test.ratio().lower()).isZero();
    assertThat(test.ratio().upper()).isInfinite();
    assertThat(test.ratioLowerBound()).isZero();
    assertThat(test.ratioUpperBound()).isInfinite();
  }

  @Test
  void hugeCounts_stayFinite() {
    LabelTest test = LabelTest.of(List.of(new LabelStratum(0.5, 1_000_000, 3_000_000)), 0, 0.001);
    assertThat(test.logEGreater()).isGreaterThan(1e5).isFinite();
    assertThat(test.ratio().contains(3)).isTrue();
    assertThat(test.ratioLowerBound()).isCloseTo(3, within(0.1));
  }

  @Test
  void test_saysWhatItWasAskedAndSaw() {
    List<LabelStratum> strata = List.of(new LabelStratum(0.5, 30, 50), new LabelStratum(0.2, 7, 3));
    LabelTest test = LabelTest.of(strata, 0.1, 0.05);
    assertThat(test.theta0()).isEqualTo(0.1);
    assertThat(test.alpha()).isEqualTo(0.05);
    assertThat(test.events()).isEqualTo(90);
    for (Side side : Side.values()) {
      assertThat(test.logE(side)).isEqualTo(LabelTest.logE(strata, 0.1, side));
    }
    assertThat(Math.exp(test.logETwo()))
        .isCloseTo((Math.exp(test.logEGreater()) + Math.exp(test.logELess())) / 2, within(1e-12));
    assertThatThrownBy(() -> LabelTest.of(strata, Double.NaN, 0.05))
        .hasMessage("theta0 must be finite, got NaN");
    assertThatThrownBy(() -> LabelTest.logE(strata, Double.POSITIVE_INFINITY, Side.TWO))
        .hasMessage("theta0 must be finite, got Infinity");
    assertThatThrownBy(() -> new LabelStratum(0, 1, 1))
        .hasMessage("the treatment share must lie in (0, 1), got 0.0");
  }

  /** By the definition of the two-sided mixture about θ = 0, on both sides of the interval. */
  @Test
  void interval_isWhereTheLikelihoodFallsToTheMixturesLevel() {
    for (long[] counts : new long[][] {{300, 150}, {150, 300}, {5, 900}, {40, 40}, {2000, 2}}) {
      LabelTest test = LabelTest.of(List.of(new LabelStratum(0.5, counts[0], counts[1])), 0, 0.05);
      double mixture = test.logETwo() + log(counts, 0);
      Interval theta = test.theta();
      for (double end : new double[] {theta.lower(), theta.upper()}) {
        assertThat(mixture - log(counts, end)).isCloseTo(Math.log(20), within(1e-7));
      }
      assertThat(theta.lower()).isLessThan(Math.log((double) counts[1] / counts[0]));
      assertThat(theta.upper()).isGreaterThan(Math.log((double) counts[1] / counts[0]));
    }
  }

  private static double log(long[] counts, double theta) {
    return -counts[1] * Math.log1p(Math.exp(-theta)) - counts[0] * Math.log1p(Math.exp(theta));
  }

  @Test
  void bounds_areDual_whereOneKindOfEventIsRareOrOverwhelming() {
    for (long[] counts : new long[][] {{0, 40}, {40, 0}, {1, 500}, {500, 1}, {1_000_000, 10}}) {
      for (double alpha : new double[] {0.3, 0.001}) {
        List<LabelStratum> strata = List.of(new LabelStratum(0.3, counts[0], counts[1]));
        LabelTest test = LabelTest.of(strata, 0, alpha);
        double lower = test.ratioLowerBound();
        double upper = test.ratioUpperBound();
        if (lower > 0) {
          assertThat(LabelTest.logE(strata, Math.log(lower), Side.GREATER))
              .isCloseTo(-Math.log(alpha), within(1e-6));
        } else {
          assertThat(counts[1]).isLessThan(40);
        }
        if (upper < Double.POSITIVE_INFINITY) {
          assertThat(LabelTest.logE(strata, Math.log(upper), Side.LESS))
              .isCloseTo(-Math.log(alpha), within(1e-6));
        } else {
          assertThat(counts[0]).isLessThan(40);
        }
      }
    }
  }
}
