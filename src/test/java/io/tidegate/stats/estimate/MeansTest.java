package io.tidegate.stats.estimate;

import static io.tidegate.stats.Reasons.assertCannotSay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.CentredSums;
import io.tidegate.stats.sums.CovariateMoments;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeansTest {
  private static final Moments A = Moments.of(100, 5, 4);
  private static final Moments B = Moments.of(120, 6, 5);
  private static final Moments ONE = Moments.of(1, 5, 0);
  private static final Moments FLAT = Moments.of(50, 5, 0);

  @Test
  void welch_oneUnit_cannotSay() {
    String detail = "variance needs 2 units, has 1";
    assertCannotSay(Welch.difference(ONE, B, Side.TWO, 0.05, 0), Reason.TOO_FEW_UNITS, detail);
    assertCannotSay(Welch.difference(A, ONE, Side.TWO, 0.05, 0), Reason.TOO_FEW_UNITS, detail);
    assertCannotSay(Welch.relative(A, ONE, 0.05), Reason.TOO_FEW_UNITS, detail);
    assertCannotSay(Welch.logRatio(A, ONE, 0.05), Reason.TOO_FEW_UNITS, detail);
    assertCannotSay(LiftSet.fieller(A, ONE, 2), Reason.TOO_FEW_UNITS, detail);
  }

  @Test
  void welch_withoutVariance_hasAnEstimateButNoTest() {
    Difference difference = Welch.difference(FLAT, FLAT, Side.GREATER, 0.05, 0).orThrow();
    assertThat(difference.estimate()).isZero();
    assertThat(difference.se()).isZero();
    assertCannotSay(difference.test(), Reason.ZERO_VARIANCE, "both variants have no variance");
    assertCannotSay(
        Welch.logRatio(FLAT, FLAT, 0.05), Reason.ZERO_VARIANCE, "both variants have no variance");
  }

  @Test
  void relative_toAControlOfZero_cannotSay() {
    Moments zero = Moments.of(50, 0, 1);
    assertCannotSay(
        Welch.relative(zero, B, 0.05), Reason.ZERO_DENOMINATOR, "relative to a control mean of 0");
    assertCannotSay(
        Welch.logRatio(zero, B, 0.05),
        Reason.NON_POSITIVE_BASELINE,
        "log ratio of means 6.0 and 0.0");
    assertCannotSay(
        Welch.logRatio(A, zero, 0.05),
        Reason.NON_POSITIVE_BASELINE,
        "log ratio of means 0.0 and 5.0");
    assertThat(Welch.relative(Moments.EMPTY, B, 0.05).said()).isFalse();
    assertThat(Welch.logRatio(Moments.EMPTY, Moments.EMPTY, 0.05).said()).isFalse();
  }

  @Test
  void alphaOutOfRange_isRefused() {
    for (double alpha : new double[] {0, 1, Double.NaN}) {
      assertThatThrownBy(() -> Welch.difference(A, B, Side.TWO, alpha, 0))
          .hasMessage("alpha " + alpha + " must lie in (0, 1)");
      assertThatThrownBy(() -> Welch.logRatio(A, B, alpha))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Proportions.compare(1, 2, 1, 2, alpha))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Proportions.wilson(1, 2, alpha))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void welch_p_isExactFarInTheTail() {
    Moments far = Moments.of(120, 16, 5);
    double p = Welch.difference(A, far, Side.TWO, 0.05, 0).orThrow().test().orThrow().pValue();
    assertThat(p).isBetween(1e-110, 1e-90);
    TTest wrong = Welch.difference(A, far, Side.LESS, 0.05, 0).orThrow().test().orThrow();
    assertThat(wrong.pValue()).isEqualTo(1);
  }

  @Test
  void fieller_boundsAreRootsOfItsQuadratic() {
    for (double critical : new double[] {1, 2, 3.035}) {
      LiftSet set = LiftSet.fieller(A, B, critical).orThrow();
      assertThat(set).isInstanceOf(LiftSet.Between.class);
      LiftSet.Between between = (LiftSet.Between) set;
      assertOnBound(between.low(), critical);
      assertOnBound(between.high(), critical);
      assertThat(between.low()).isLessThan(0.2);
      assertThat(between.high()).isGreaterThan(0.2);
    }
  }

  private static void assertOnBound(double lift, double critical) {
    double theta = 1 + lift;
    double z = (6 - theta * 5) / Math.sqrt(5.0 / 120 + theta * theta * 4 / 100);
    assertThat(Math.abs(z)).isCloseTo(critical, within(1e-12));
  }

  @Test
  void fieller_unboundedSets() {
    assertThat(LiftSet.fieller(0, 1, 3, 1, 2)).isInstanceOf(LiftSet.Outside.class);
    assertThat(LiftSet.fieller(0.1, 1, 0.2, 1, 2.5)).isEqualTo(new LiftSet.Everything());
    assertThat(LiftSet.fieller(2, 1, 0, 1, 2)).isEqualTo(new LiftSet.Everything());
    LiftSet.Outside outside = (LiftSet.Outside) LiftSet.fieller(-1, 0.5, 1.4, 0.4, 1.96);
    assertThat(outside.low()).isLessThan(outside.high());
  }

  @Test
  void fieller_withoutVariance_isThePoint() {
    assertThat(LiftSet.fieller(4, 0, 5, 0, 3)).isEqualTo(new LiftSet.Between(0.25, 0.25));
  }

  @Test
  void fieller_nearZeroTreatment_keepsItsDigits() {
    LiftSet.Between between = (LiftSet.Between) LiftSet.fieller(1e6, 1e-6, 1, 1e-13, 2);
    assertThat(between.low() + 1).isCloseTo(1e-6 * (1 - 2 * Math.sqrt(1e-13)), within(1e-15));
  }

  @Test
  void ratio_withoutDenominator_cannotSay() {
    RatioMoments good = CentredSums.ofRaw(3, 6, 9, 14, 35, 22).ratio();
    RatioMoments none = new RatioMoments(3, 2, 0, 1, 0, 0, 0);
    assertThat(Ratios.difference(none, good, 0.05).said()).isFalse();
    assertThat(Ratios.difference(good, none, 0.05).said()).isFalse();
    RatioMoments zero = CentredSums.ofRaw(3, 0, 9, 14, 35, 0).ratio();
    Ratios.Contrast contrast = Ratios.difference(zero, good, 0.05).orThrow();
    assertThat(contrast.relative().said()).isFalse();
    assertThat(contrast.absolute().estimate()).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void cuped_removesWhatTheCovariateExplains() {
    CentredSums a = new CentredSums();
    CentredSums b = new CentredSums();
    for (int i = 0; i < 40; i++) {
      a.enter(2 * i + i % 3, i);
      b.enter(2 * i + i % 3 + 10, i);
    }
    for (Stated<Cuped.Adjusted> stated :
        List.of(Cuped.ancova(a.ratio(), b.ratio()), Cuped.joint(a.ratio(), b.ratio()))) {
      Cuped.Adjusted adjusted = stated.orThrow();
      assertThat(adjusted.theta()).isCloseTo(2, within(0.01));
      assertThat(adjusted.difference()).isCloseTo(10, within(1e-9));
      assertThat(adjusted.varianceRatio().orThrow()).isLessThan(0.01);
      assertThat(adjusted.adjustedB().mean() - adjusted.adjustedA().mean())
          .isCloseTo(10, within(1e-9));
    }
  }

  @Test
  void cuped_withoutSpreadInTheCovariate_isThePlainDifference() {
    CentredSums a = new CentredSums();
    CentredSums b = new CentredSums();
    for (int i = 0; i < 10; i++) {
      a.enter(i, 7);
      b.enter(i + 1, 7);
    }
    Cuped.Adjusted adjusted = Cuped.ancova(a.ratio(), b.ratio()).orThrow();
    assertThat(adjusted.theta()).isZero();
    assertThat(adjusted.varianceRatio().orThrow()).isEqualTo(1);
    assertThat(Cuped.joint(a.ratio(), b.ratio()).orThrow().theta()).isZero();
    Cuped.Relative relative = Cuped.relative(adjusted, a.ratio(), b.ratio()).orThrow();
    assertThat(relative.relative()).isCloseTo(1 / 4.5, within(1e-15));
  }

  @Test
  void cuped_cannotSay() {
    RatioMoments none = new RatioMoments(0, 0, 0, 0, 0, 0, 0);
    RatioMoments flat = new RatioMoments(5, 0, 1, 0, 2, 0, 0);
    assertThat(Cuped.joint(none, none).said()).isFalse();
    Cuped.Adjusted adjusted = Cuped.ancova(flat, flat).orThrow();
    assertCannotSay(adjusted.varianceRatio(), Reason.ZERO_VARIANCE, "the outcome does not vary");
    assertCannotSay(
        Cuped.relative(adjusted, flat, flat),
        Reason.ZERO_DENOMINATOR,
        "relative to a control mean of 0");
    CovariateMoments without = new CovariateMoments(A, none);
    assertCannotSay(Cuped.missing(without, without), Reason.NO_DATA, "no unit has a covariate");
  }

  @Test
  void proportions_atTheEnds() {
    assertCannotSay(
        Proportions.compare(0, 0, 1, 2, 0.05), Reason.EMPTY_VARIANT, "units are 0 and 2");
    assertCannotSay(
        Proportions.compare(0, 1, 0, 0, 0.05), Reason.EMPTY_VARIANT, "units are 1 and 0");
    assertCannotSay(Proportions.wilson(0, 0, 0.05), Reason.NO_DATA, "proportion of no units");
    assertCannotSay(
        Proportions.compare(0, 5, 0, 9, 0.05).orThrow().pooled(),
        Reason.ZERO_VARIANCE,
        "no unit is a success");
    assertCannotSay(
        Proportions.compare(5, 5, 9, 9, 0.05).orThrow().pooled(),
        Reason.ZERO_VARIANCE,
        "every unit is a success");
    Interval none = Proportions.wilson(0, 10, 0.05).orThrow();
    assertThat(none.lower()).isZero();
    Interval all = Proportions.wilson(10, 10, 0.05).orThrow();
    assertThat(all.upper()).isEqualTo(1);
    assertThat(all.lower()).isCloseTo(1 - none.upper(), within(1e-15));
    assertThatThrownBy(() -> Proportions.compare(3, 2, 0, 1, 0.05))
        .hasMessage("successes 3 must lie in [0, 2]");
    assertThatThrownBy(() -> Proportions.compare(0, 2, -1, 1, 0.05))
        .hasMessage("successes -1 must lie in [0, 1]");
    assertThatThrownBy(() -> Proportions.fisher(3, 2, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Proportions.fisher(0, 2, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fisher_ofSmallTables_isTheSumByHand() {
    assertThat(Proportions.fisher(3, 4, 1, 4)).isCloseTo(34.0 / 70, within(1e-15));
    assertThat(Proportions.fisher(4, 4, 0, 4)).isCloseTo(2.0 / 70, within(1e-15));
    assertThat(Proportions.fisher(0, 4, 4, 4)).isCloseTo(2.0 / 70, within(1e-15));
    assertThat(Proportions.fisher(2, 4, 2, 4)).isEqualTo(1);
    assertThat(Proportions.fisher(0, 100_000, 50_000, 100_000)).isZero();
  }
}
