package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.Stated.Reason;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static Reason reason(Stated<?> stated) {
    assertThat(stated).isInstanceOf(CannotSay.class);
    return ((CannotSay<?>) stated).reason();
  }

  @Test
  void strata_addTheirLogEvidence() {
    RatioStratum a = RatioStratum.of(900, 120, 0.1);
    RatioStratum b = RatioStratum.of(400, 450, 0.5);
    SampleRatio both = SampleRatio.of(List.of(a, b));
    double sum = SampleRatio.of(List.of(a)).logE() + SampleRatio.of(List.of(b)).logE();
    assertThat(both.logE()).isCloseTo(sum, within(1e-12));
    assertThat(both.units()).isEqualTo(1870);
    assertThat(SampleRatio.of(List.of()).pValue()).isEqualTo(1);
  }

  @Test
  void weights_needNotSumToOne() {
    RatioStratum shares = new RatioStratum(List.of(100L, 60L, 50L), List.of(.5, .25, .25));
    RatioStratum weights = new RatioStratum(List.of(100L, 60L, 50L), List.of(2.0, 1.0, 1.0));
    assertThat(SampleRatio.of(List.of(shares)).logE())
        .isEqualTo(SampleRatio.of(List.of(weights)).logE());
    assertThat(shares.toString()).contains("[100, 60, 50]").contains("0.5");
  }

  @Test
  void evidence_isExactOverAllSplits() {
    double mean = 0;
    for (int b = 0; b <= 30; b++) {
      double log = SampleRatio.of(List.of(RatioStratum.of(30 - b, b, 0.2))).logE();
      double choose =
          org.apache.commons.math3.util.CombinatoricsUtils.binomialCoefficientLog(30, b);
      mean += Math.exp(choose + b * Math.log(.2) + (30 - b) * Math.log(.8) + log);
    }
    assertThat(mean).isCloseTo(1, within(1e-9));
  }

  @Test
  void chiSquare_withoutUnitsCannotBeSaid() {
    assertThat(reason(ChiSquareSplit.of(RatioStratum.of(0, 0, .5)))).isEqualTo(Reason.NO_DATA);
  }

  @Test
  void wrongStrata_areRefused() {
    assertThatThrownBy(() -> new RatioStratum(List.of(1L), List.of(1.0)))
        .hasMessageContaining("two or more variants");
    assertThatThrownBy(() -> new RatioStratum(List.of(1L, -1L), List.of(1.0, 1.0)))
        .hasMessage("a count must be >= 0, got -1");
    assertThatThrownBy(() -> new RatioStratum(List.of(1L, 1L), List.of(1.0, 0.0)))
        .hasMessage("a weight must be finite and > 0, got 0.0");
    assertThatThrownBy(() -> new LabelStratum(1, 0, 0))
        .hasMessage("the treatment share must lie in (0, 1), got 1.0");
    assertThatThrownBy(() -> new LabelStratum(.5, -1, 0)).hasMessageContaining("events must be");
    assertThatThrownBy(() -> RateSequence.interval(5, 4, .05))
        .hasMessage("events must lie in [0, units], got 5 of 4");
    assertThatThrownBy(() -> LabelBeta.of(new LabelStratum(.5, 1, 1), 0, .05))
        .hasMessageContaining("prior concentration");
  }

  @Test
  void growthBook_saysWhyItCannot() {
    MeanStratum none = new MeanStratum(50, 0, 0, 50, 0, 0);
    assertThat(reason(GrowthBook.twoSided(none, .05, 5000, true)))
        .isEqualTo(Reason.ZERO_DENOMINATOR);
    assertThat(reason(GrowthBook.twoSided(none, .05, 5000, false))).isEqualTo(Reason.ZERO_VARIANCE);
    MeanStratum one = new MeanStratum(50, 1, 1, 1, 2, 0);
    assertThat(reason(GrowthBook.oneSided(one, .05, 5000, Side.LESS)))
        .isEqualTo(Reason.TOO_FEW_UNITS);
    assertThatThrownBy(() -> GrowthBook.oneSided(one, .05, 5000, Side.TWO))
        .hasMessageContaining("GREATER or LESS");
  }

  @Test
  void tuning_effectiveUnitsOfAFixedSample() {
    double units = Tuning.effectiveUnitsFor(.05 * .95, .005, .05, .8);
    assertThat(2 * units).isCloseTo(2 * 6.1825572 * .0475 / .000025, within(1.0));
    assertThatThrownBy(() -> Tuning.at(.05, 0, 1))
        .hasMessage("effectiveUnits must be finite and > 0, got 0.0");
    assertThatThrownBy(() -> Tuning.at(1, 1, 1)).hasMessage("alpha must lie in (0, 1), got 1.0");
  }

  @Test
  void interval_isOrdered() {
    assertThat(Interval.unlimited().contains(1e300)).isTrue();
    assertThat(new Interval(1, 2).contains(2.1)).isFalse();
    assertThatThrownBy(() -> new Interval(2, 1)).hasMessageContaining("lower <= upper");
  }

  @Test
  void meanStratum_refusesWhatIsNoMoment() {
    assertThatThrownBy(() -> new MeanStratum(-1, 0, 0, 1, 0, 0)).hasMessageContaining("units");
    assertThatThrownBy(() -> new MeanStratum(1, Double.NaN, 0, 1, 0, 0))
        .hasMessageContaining("mean must be finite");
    assertThatThrownBy(() -> new MeanStratum(2, 0, -1, 1, 0, 0))
        .hasMessageContaining("variance must be");
  }

  @Test
  void pooledVariance_weighsByDegreesOfFreedom() {
    MeanStratum s = new MeanStratum(11, 1, 4, 21, 2, 1);
    assertThat(MeanContrast.pooledVariance(List.of(s)).orThrow()).isCloseTo(2.0, within(1e-12));
    MeanStratum flat = new MeanStratum(5, 1, 0, 5, 1, 0);
    assertThat(reason(MeanContrast.pooledVariance(List.of(flat)))).isEqualTo(Reason.ZERO_VARIANCE);
    assertThat(reason(MeanContrast.pooledVariance(List.of()))).isEqualTo(Reason.TOO_FEW_UNITS);
  }

  /** Every function that takes a level refuses one outside (0, 1). */
  @Test
  void levels_outsideTheUnitInterval_areRefused() {
    MeanStratum arms = new MeanStratum(50, 1, 1, 50, 2, 1);
    LabelStratum label = new LabelStratum(.5, 3, 4);
    List<DoubleConsumer> functions =
        List.of(
            NormalMixture::requireAlpha,
            a -> NormalMixture.criticalTwo(1, a),
            a -> NormalMixture.criticalOne(1, a),
            a -> NormalMixture.criticalOneClosed(1, a),
            NormalMixture::tunedKappa,
            NormalMixture::approximateTunedKappa,
            a -> MixtureAverage.THREE.critical(Side.TWO, 1, a),
            a -> LabelTest.of(List.of(label), 0, a),
            a -> LabelBeta.of(label, 10, a),
            a -> RateSequence.interval(1, 2, a),
            a -> QuantileSequence.ranks(9, .5, a, 100),
            a -> StitchedBoundary.polynomial(10, a, 1, 0, 1.4, 2),
            a -> StitchedBoundary.distributionBand(10, a, 1, .85),
            a -> StitchedBoundary.quantileUniform(.5, 10, a, 1, .5, 1.4, 2),
            a -> SumBoundary.tunedRho(10, a),
            a -> new NormalBoundary(1, false).bound(1, a),
            a -> new BetaBinomialBoundary(1, 1, 1, false).bound(1, a),
            a -> RunningPValue.start().rejects(a),
            a -> Tuning.at(a, 1, 1),
            a -> new Tuning(a, 1, 1, 1));
    for (double alpha : new double[] {0, 1, -1, 2, Double.NaN}) {
      for (int i = 0; i < functions.size(); i++) {
        DoubleConsumer f = functions.get(i);
        assertThatThrownBy(() -> f.accept(alpha))
            .as("function %d at %s", i, alpha)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("alpha must lie in (0, 1), got " + alpha);
      }
    }
    assertThat(GrowthBook.twoSided(arms, .05, 5000, false).said()).isTrue();
  }

  @Test
  void tuning_refusesWhatIsNotPositive() {
    assertThat(Tuning.at(.05, 7, 3))
        .isEqualTo(new Tuning(.05, 7, 3, NormalMixture.tunedKappa(.05)));
    assertThatThrownBy(() -> new Tuning(.05, 1, Double.NaN, 1))
        .hasMessage("variance must be finite and > 0, got NaN");
    assertThatThrownBy(() -> new Tuning(.05, 1, 1, Double.POSITIVE_INFINITY))
        .hasMessage("tunedKappa must be finite and > 0, got Infinity");
    assertThatThrownBy(() -> Tuning.effectiveUnitsFor(0, 1, .05, .8))
        .hasMessage("variance must be finite and > 0, got 0.0");
    assertThatThrownBy(() -> Tuning.effectiveUnitsFor(1, 0, .05, .8))
        .hasMessage("effect must be finite and > 0, got 0.0");
    assertThat(Tuning.effectiveUnitsFor(1, -1, .05, .8))
        .isEqualTo(Tuning.effectiveUnitsFor(1, 1, .05, .8));
  }

  @Test
  void stratum_atItsEdges() {
    assertThat(new MeanStratum(1, 2, Double.NaN, 1, 2, -5).bothPresent()).isTrue();
    assertThat(new MeanStratum(0, Double.NaN, 0, 5, 1, 1).bothPresent()).isFalse();
    assertThat(new MeanStratum(5, 1, 1, 0, Double.NaN, 0).bothPresent()).isFalse();
    assertThat(new MeanStratum(0, 0, 0, 0, 0, 0).effectiveUnits()).isZero();
    assertThat(new MeanStratum(30, 0, 0, 60, 0, 0).effectiveUnits()).isEqualTo(20);
    assertThatThrownBy(() -> new MeanStratum(2, 0, 1, 2, 0, -1))
        .hasMessage("treatment variance must be finite and >= 0, got -1.0");
    assertThatThrownBy(() -> new MeanStratum(2, 0, 1, -2, 0, 1))
        .hasMessage("treatment units must be >= 0, got -2");
    assertThat(new Interval(1, 1).contains(1)).isTrue();
    assertThat(new Interval(1, 2).contains(0.9)).isFalse();
  }

  @Test
  void split_beyondWhatDoublesCanCount_isRefused() {
    assertThatThrownBy(() -> RatioStratum.of(Long.MAX_VALUE, 1, .5))
        .hasMessageStartingWith("counts must not exceed 1e15 together");
    assertThatThrownBy(() -> new RatioStratum(List.of(1L, 1L), List.of(1e300, 1e-300)))
        .hasMessageStartingWith("a weight must be at least 1e-12 of all weights");
    assertThatThrownBy(() -> SampleRatio.logE(RatioStratum.of(1, 1, .5), 0))
        .hasMessage("the prior concentration must lie in [1e-6, 1e15], got 0.0");
    assertThatThrownBy(() -> new LabelStratum(.5, 1, Long.MAX_VALUE))
        .hasMessageStartingWith("events must be >= 0 and at most 1e15");
  }
}
