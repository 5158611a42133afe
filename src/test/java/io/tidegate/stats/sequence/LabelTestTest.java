package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
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
}
