package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
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
    assertThat(e.interval().lower() > 0).isEqualTo(e.logETwo() > StrictMath.log(20));
    assertThat(e.lowerBound() > 0).isEqualTo(e.logEGreater() > StrictMath.log(20));
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
}
