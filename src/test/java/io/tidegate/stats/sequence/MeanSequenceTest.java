package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.Stated.Reason;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeanSequenceTest {

  private static final Tuning TUNING = Tuning.at(0.05, 5000, 4);

  private static MeanStratum stratum(long nA, double mA, double vA, long nB, double mB, double vB) {
    return new MeanStratum(nA, mA, vA, nB, mB, vB);
  }

  private static Reason reason(Stated<?> stated) {
    assertThat(stated).isInstanceOf(CannotSay.class);
    return ((CannotSay<?>) stated).reason();
  }

  @Test
  void critical_ofTheAverageIsWhereTheAverageReachesItsLevel() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2000; i++) {
      double kappa = StrictMath.exp(random.nextDouble(-14, 14));
      double alpha = StrictMath.exp(random.nextDouble(-20, -0.1));
      for (Side side : Side.values()) {
        double z = MixtureAverage.THREE.critical(side, kappa, alpha);
        double at = MixtureAverage.THREE.logE(side, side == Side.LESS ? -z : z, kappa);
        assertThat(at).isCloseTo(-StrictMath.log(alpha), within(1e-11 * Math.max(1, z * z)));
      }
    }
  }

  @Test
  void logE_isFiniteFarOut() {
    double logE = MixtureAverage.THREE.logE(Side.GREATER, 40, 10);
    assertThat(logE).isBetween(700.0, 800.0);
    assertThat(MixtureAverage.THREE.logE(Side.TWO, 2000, 10)).isGreaterThan(1e6).isFinite();
    assertThat(MixtureAverage.THREE.logE(Side.LESS, 40, 1e6)).isFinite();
  }

  @Test
  void evaluate_boundsAreDualToTheTests() {
    MeanEvidence e =
        MeanSequence.evaluate(
                List.of(stratum(5000, 10, 4, 4000, 10.3, 5), stratum(3000, 8, 3, 3000, 8.1, 3)),
                1,
                TUNING,
                StartUp.unitsOnly())
            .orThrow();
    assertThat(e.interval().lower() > 0).isEqualTo(e.logE(Side.TWO) > StrictMath.log(20));
    assertThat(e.lowerBound() > 0).isEqualTo(e.logE(Side.GREATER) > StrictMath.log(20));
    assertThat(e.lowerBound()).isGreaterThan(e.interval().lower());
    assertThat(e.upperBound()).isLessThan(e.interval().upper());
    assertThat(e.relativeInterval().orThrow().contains(e.relativeEstimate().orThrow())).isTrue();
    assertThat(e.estimate())
        .isCloseTo(e.contrast().treatment() - e.contrast().control(), within(1e-12));
  }

  @Test
  void evaluate_beforeTheStartUpRule() {
    Stated<MeanEvidence> few =
        MeanSequence.evaluate(
            List.of(stratum(99, 1, 1, 900, 1, 1)), 1, TUNING, StartUp.unitsOnly());
    assertThat(reason(few)).isEqualTo(Reason.START_UP);
    Stated<MeanEvidence> rare =
        MeanSequence.evaluate(
            List.of(stratum(900, .01, .01, 900, .01, .01)), 1, TUNING, StartUp.nonZero(18));
    assertThat(reason(rare)).isEqualTo(Reason.START_UP);
    assertThat(((CannotSay<?>) rare).detail())
        .isEqualTo("non-zero units in both variants: 18 of 20");
    Stated<MeanEvidence> thin =
        MeanSequence.evaluate(
            List.of(stratum(900, .5, .25, 900, .5, .25)), 1, TUNING, StartUp.ratio(50, 400, 99));
    assertThat(reason(thin)).isEqualTo(Reason.START_UP);
  }

  @Test
  void contrast_saysWhyItCannot() {
    assertThat(reason(MeanContrast.of(List.of(), 1, true))).isEqualTo(Reason.NO_DATA);
    assertThat(reason(MeanContrast.of(List.of(stratum(5, 1, 1, 0, 0, 0)), 1, true)))
        .isEqualTo(Reason.EMPTY_VARIANT);
    assertThat(reason(MeanContrast.of(List.of(stratum(1, 1, 0, 1, 2, 0)), 1, true)))
        .isEqualTo(Reason.TOO_FEW_UNITS);
    assertThat(reason(MeanContrast.of(List.of(stratum(9, 1, 0, 9, 2, 0)), 1, true)))
        .isEqualTo(Reason.ZERO_VARIANCE);
  }

  @Test
  void contrast_oneUnitTakesTheOthersVariance() {
    MeanStratum one = stratum(100, 1, 4, 1, 3, 0);
    MeanContrast c = MeanContrast.of(List.of(one, one), 1, true).orThrow();
    assertThat(c.squaredErrorTreatment()).isCloseTo(2.0, within(1e-12));
    assertThat(reason(MeanContrast.of(List.of(one), 1, true))).isEqualTo(Reason.TOO_FEW_UNITS);
    assertThat(reason(MeanContrast.of(List.of(stratum(100, 1, 4, 1, 3, 0)), 1, false)))
        .isEqualTo(Reason.TOO_FEW_UNITS);
  }

  @Test
  void relative_ofAZeroBaselineCannotBeSaid() {
    MeanEvidence e =
        MeanSequence.evaluate(
                List.of(stratum(500, 0, 0, 500, .1, .1)), 1, TUNING, StartUp.unitsOnly())
            .orThrow();
    assertThat(reason(e.relativeEstimate())).isEqualTo(Reason.ZERO_DENOMINATOR);
    assertThat(reason(e.relativeInterval())).isEqualTo(Reason.ZERO_DENOMINATOR);
    assertThat(e.lowerBound()).isFinite();
  }

  @Test
  void contrast_keepsATinyDifferenceOfHugeMeans() {
    MeanStratum s = stratum(1000, 1e12, 1e-6, 3000, 1e12 + 0.001, 1e-6);
    MeanContrast c = MeanContrast.of(List.of(s, s, s), 1, true).orThrow();
    assertThat(c.difference()).isCloseTo(s.meanTreatment() - s.meanControl(), within(1e-12));
  }

  @Test
  void evaluate_absoluteMargin() {
    List<MeanStratum> strata = List.of(stratum(5000, 10, 4, 5000, 9.9, 4));
    MeanEvidence plain = MeanSequence.evaluate(strata, 1, TUNING, StartUp.unitsOnly()).orThrow();
    MeanEvidence shifted =
        MeanSequence.evaluate(strata, 1, -0.3, TUNING, StartUp.unitsOnly()).orThrow();
    assertThat(shifted.estimate()).isCloseTo(plain.estimate() + 0.3, within(1e-12));
    assertThat(shifted.lowerBound()).isCloseTo(plain.lowerBound() + 0.3, within(1e-12));
  }

  @Test
  void startUp_isMetAtItsThresholds() {
    MeanStratum enough = stratum(100, .5, .25, 100, .5, .25);
    assertThat(
            MeanSequence.evaluate(List.of(enough), 1, TUNING, StartUp.ratio(20, 100, 100)).said())
        .isTrue();
    assertThat(MeanSequence.evaluate(List.of(enough), 1, TUNING, StartUp.nonZero(20)).said())
        .isTrue();
    assertThat(reason(MeanSequence.evaluate(List.of(enough), 1, TUNING, StartUp.nonZero(19))))
        .isEqualTo(Reason.START_UP);
    assertThatThrownBy(() -> StartUp.ratio(20, 100, Double.NaN))
        .hasMessage("a denominator must be a number, got NaN");
  }

  @Test
  void contrast_countsAndNamesTheStrataThatDropOut() {
    MeanStratum good = stratum(50, 1, 4, 50, 2, 4);
    MeanStratum empty = stratum(50, 1, 4, 0, 0, 0);
    MeanStratum unknown = stratum(50, 9, Double.NaN, 50, 9, 4);
    MeanStratum single = stratum(1, 9, 0, 50, 9, 4);
    ContrastSums plain = new ContrastSums(false);
    assertThat(plain.add(good)).isTrue();
    assertThat(plain.add(empty)).isFalse();
    assertThat(plain.add(unknown)).isFalse();
    assertThat(plain.add(stratum(50, 9, 4, 50, 9, Double.NaN))).isFalse();
    assertThat(plain.add(single)).isFalse();
    assertThat(plain.add(stratum(50, 9, 4, 1, 9, 0))).isFalse();
    MeanContrast c = plain.contrast(1, 0).orThrow();
    assertThat(c.strataSkipped()).isEqualTo(5);
    assertThat(c.estimate()).isEqualTo(1);
    assertThat(c.unitsControl()).isEqualTo(50);
    ContrastSums floor = new ContrastSums(true);
    assertThat(floor.add(single)).isTrue();
    assertThat(floor.add(unknown)).isFalse();
    MeanContrast none = MeanContrast.of(List.of(good), 1, true).orThrow();
    assertThat(none.strataSkipped()).isZero();
    Stated<MeanContrast> nothing = MeanContrast.of(List.of(unknown, unknown, empty), 1, true);
    assertThat(nothing)
        .isEqualTo(
            Stated.cannotSay(
                Reason.TOO_FEW_UNITS, "none of 3 strata has units enough for a variance"));
    assertThat(MeanContrast.of(List.of(empty), 1, true))
        .isEqualTo(Stated.cannotSay(Reason.EMPTY_VARIANT, "the treatment has no units"));
    assertThat(MeanContrast.of(List.of(stratum(0, 0, 0, 9, 1, 1)), 1, true))
        .isEqualTo(Stated.cannotSay(Reason.EMPTY_VARIANT, "control has no units"));
  }

  /** With fewer units the larger of the two variances; equal sizes keep their own. */
  @Test
  void varianceFloor_raisesTheSmallerVariantOnly() {
    MeanContrast small = MeanContrast.of(List.of(stratum(900, 1, 9, 100, 1, 4)), 1, true).orThrow();
    assertThat(small.squaredErrorTreatment()).isCloseTo(9.0 / 100, within(1e-15));
    assertThat(small.squaredErrorControl()).isCloseTo(9.0 / 900, within(1e-15));
    MeanContrast other = MeanContrast.of(List.of(stratum(100, 1, 4, 900, 1, 9)), 1, true).orThrow();
    assertThat(other.squaredErrorControl()).isCloseTo(9.0 / 100, within(1e-15));
    MeanContrast equal = MeanContrast.of(List.of(stratum(500, 1, 4, 500, 1, 9)), 1, true).orThrow();
    assertThat(equal.squaredErrorControl()).isCloseTo(4.0 / 500, within(1e-15));
  }

  @Test
  void evidence_relativeBoundsAreThoseOfTheAbsoluteTestOfTheirMargin() {
    List<MeanStratum> strata = List.of(stratum(5000, 10, 4, 4000, 10.3, 5));
    MeanEvidence e = MeanSequence.evaluate(strata, 1, TUNING, StartUp.unitsOnly()).orThrow();
    for (Side side : Side.values()) {
      assertThat(e.logE(side))
          .isEqualTo(MixtureAverage.THREE.logE(side, e.z(), e.kappa()), within(1e-12));
    }
    double lower = e.relativeLowerBound().orThrow();
    double upper = e.relativeUpperBound().orThrow();
    assertThat(e.relativeInterval().orThrow().lower()).isLessThan(lower);
    assertThat(e.relativeInterval().orThrow().upper()).isGreaterThan(upper);
    for (double bound : new double[] {lower, upper}) {
      MeanContrast at = e.contrast().against(1 + bound, 0);
      assertThat(Math.abs(at.estimate() / at.standardError()))
          .isCloseTo(e.criticalOne(), within(1e-9));
    }
  }

  @Test
  void relative_ofANegativeBaselineCannotBeSaid() {
    MeanEvidence e =
        MeanSequence.evaluate(
                List.of(stratum(500, -1, 1, 500, .1, 1)), 1, TUNING, StartUp.unitsOnly())
            .orThrow();
    assertThat(e.relativeLowerBound())
        .isEqualTo(Stated.cannotSay(Reason.NON_POSITIVE_BASELINE, "control mean is -1.0"));
  }

  @Test
  void numbersBeyondTheRangeOfDoubles_cannotBeSaid() {
    MeanStratum far = stratum(500, -1e308, 1, 500, 1e308, 1);
    assertThat(reason(MeanContrast.of(List.of(far), 1, true))).isEqualTo(Reason.OUT_OF_RANGE);
    MeanStratum wide = stratum(500, 1, 1e308, 500, 1, 1e308);
    assertThat(reason(MeanSequence.evaluate(List.of(wide), 1, TUNING, StartUp.unitsOnly())))
        .isEqualTo(Reason.OUT_OF_RANGE);
  }

  /** The average's critical value lies between those of its parts at any information. */
  @Test
  void critical_ofTheAverageLiesWithinWhatItsPartsAllow() {
    for (double kappa : new double[] {0.01, 1, 8.2, 1000}) {
      double best = Double.POSITIVE_INFINITY;
      for (double multiple : new double[] {1, 16, 256}) {
        best = Math.min(best, NormalMixture.criticalOne(multiple * kappa, 0.05));
      }
      double average = MixtureAverage.THREE.critical(Side.GREATER, kappa, 0.05);
      assertThat(average).isGreaterThan(best);
      double third = Double.POSITIVE_INFINITY;
      for (double multiple : new double[] {1, 16, 256}) {
        third = Math.min(third, NormalMixture.criticalOne(multiple * kappa, 0.05 / 3));
      }
      assertThat(average).isLessThan(third);
    }
  }
}
