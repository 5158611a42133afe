package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultiplicityTest {

  @Test
  void holm_isBetweenRawAndBonferroni() {
    SplittableRandom random = new SplittableRandom(3);
    double[] p = random.doubles(20).toArray();
    double[] holm = Multiplicity.holm(p);
    double[] hochberg = Multiplicity.hochberg(p);
    double[] bonferroni = Multiplicity.bonferroni(p);
    for (int i = 0; i < p.length; i++) {
      assertThat(hochberg[i]).isBetween(p[i], holm[i]);
      assertThat(holm[i]).isLessThanOrEqualTo(bonferroni[i]);
    }
  }

  @Test
  void eHolm_isTheLeastMeanOverAllSubsets() {
    SplittableRandom random = new SplittableRandom(4);
    double[] logs = random.doubles(8, -3, 6).toArray();
    double[] adjusted = Multiplicity.eHolm(logs);
    for (int i = 0; i < logs.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int set = 1; set < 1 << logs.length; set++) {
        if ((set >> i & 1) == 1) {
          double sum = 0;
          for (int j = 0; j < logs.length; j++) {
            sum += (set >> j & 1) * Math.exp(logs[j]);
          }
          least = Math.min(least, sum / Integer.bitCount(set));
        }
      }
      assertThat(Math.exp(adjusted[i])).isCloseTo(least, within(1e-9 * least));
    }
  }

  @Test
  void eBenjaminiHochberg_nothingBelowItsThreshold() {
    assertThat(Multiplicity.eBenjaminiHochberg(0.1, 0, 0, 0)).isEmpty();
    assertThat(Multiplicity.eBenjaminiHochberg(0.1, 9, 0, 9)).containsExactly(0, 2);
  }

  @Test
  void wrongInputs_areRefused() {
    assertThatThrownBy(() -> Multiplicity.holm(0.5, Double.NaN))
        .hasMessage("a p-value must lie in [0, 1], got NaN");
    assertThatThrownBy(() -> Multiplicity.eBenjaminiHochberg(1.5, 0))
        .hasMessage("the false discovery rate must lie in (0, 1), got 1.5");
  }

  @Test
  void runningPValue_neverRises() {
    RunningPValue p = RunningPValue.start().after(-1).after(2).after(1);
    assertThat(p.pValue()).isCloseTo(Math.exp(-2), within(1e-15));
    assertThat(p.rejects(0.2)).isTrue();
    assertThat(p.rejects(0.1)).isFalse();
    assertThat(RunningPValue.start().after(-5).pValue()).isEqualTo(1);
  }

  @Test
  void eBenjaminiHochberg_rejectsAtItsThresholdInOrderOfTheTests() {
    double[] logs = {Math.log(25), 0, Math.log(60), Math.log(24)};
    assertThat(Multiplicity.eBenjaminiHochberg(0.1, logs)).containsExactly(0, 2, 3);
    double exact = StrictMath.log(1 / 0.1);
    assertThat(Multiplicity.eBenjaminiHochberg(0.1, exact)).containsExactly(0);
    assertThat(Multiplicity.eBenjaminiHochberg(0.1, exact - 1e-9)).isEmpty();
    for (double q : new double[] {0, 1, Double.NaN}) {
      assertThatThrownBy(() -> Multiplicity.eBenjaminiHochberg(q, 1))
          .hasMessage("the false discovery rate must lie in (0, 1), got " + q);
    }
  }

  @Test
  void whatIsNoEvidence_isRefusedEverywhere() {
    assertThatThrownBy(() -> Multiplicity.bonferroni(0.1, 1.1))
        .hasMessage("a p-value must lie in [0, 1], got 1.1");
    assertThatThrownBy(() -> Multiplicity.eHolm(1, Double.NaN))
        .hasMessage("a log e-value must be a number, got NaN");
    assertThatThrownBy(() -> Multiplicity.eBenjaminiHochberg(0.1, Double.NaN))
        .hasMessage("a log e-value must be a number, got NaN");
    assertThatThrownBy(() -> LogScale.pValue(Double.NaN))
        .hasMessage("a log e-value must be a number, got NaN");
  }

  @Test
  void runningPValue_rejectsAtItsLevel() {
    RunningPValue p = RunningPValue.start().after(-StrictMath.log(0.05));
    assertThat(p.rejects(0.05)).isTrue();
    assertThat(p.after(Double.NaN)).isEqualTo(p);
    assertThatThrownBy(() -> new RunningPValue(-1))
        .hasMessage("the running maximum of log e starts at 0, got -1.0");
  }

  @Test
  void logScale_keepsZeroAndInfinity() {
    double zero = Double.NEGATIVE_INFINITY;
    assertThat(LogScale.logAdd(zero, zero)).isEqualTo(zero);
    assertThat(LogScale.logAdd(zero, 2)).isEqualTo(2);
    assertThat(LogScale.logAdd(Double.POSITIVE_INFINITY, 2)).isInfinite();
    assertThat(LogScale.logSum(zero, zero)).isEqualTo(zero);
    assertThat(LogScale.logSum(Math.log(3), Math.log(4))).isCloseTo(Math.log(7), within(1e-15));
    assertThat(LogScale.logMean(zero, Math.log(4))).isCloseTo(Math.log(2), within(1e-15));
  }
}
