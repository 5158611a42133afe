package io.tidegate.stats.estimate;

import static io.tidegate.stats.Reasons.assertCannotSay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.Survival.Followed;
import io.tidegate.stats.estimate.Tables.Table;
import io.tidegate.stats.sequence.MeanStratum;
import java.util.List;
import org.junit.jupiter.api.Test;

class CohortsTest {
  private static final MeanStratum FULL = new MeanStratum(100, 1, 2, 50, 3, 4);
  private static final MeanStratum NO_TREATMENT = new MeanStratum(100, 9, 2, 0, 0, 0);
  private static final MeanStratum ONE_CONTROL = new MeanStratum(1, 9, 0, 10, 3, 1);

  @Test
  void strata_withoutTwoUnitsAVariant_dropOut() {
    Strata.MantelHaenszel alone = Strata.mantelHaenszel(List.of(FULL)).orThrow();
    Strata.MantelHaenszel mixed =
        Strata.mantelHaenszel(List.of(NO_TREATMENT, FULL, ONE_CONTROL)).orThrow();
    assertThat(mixed.estimate()).isEqualTo(alone.estimate()).isEqualTo(2);
    assertThat(mixed.se()).isEqualTo(alone.se());
    assertThat(mixed.pooled()).isCloseTo(3 - 1009.0 / 201, within(1e-12));
    assertThat(mixed.simpson()).isTrue();
    assertThat(alone.simpson()).isFalse();
    assertCannotSay(
        Strata.mantelHaenszel(List.of(NO_TREATMENT, ONE_CONTROL)),
        Reason.EMPTY_VARIANT,
        "no stratum of 2 has two units a variant");
  }

  @Test
  void direct_needsEveryStratumWithWeight() {
    List<MeanStratum> strata = List.of(FULL, NO_TREATMENT);
    assertThat(Strata.direct(strata, new double[] {2, 0}).orThrow().estimate()).isEqualTo(2);
    assertCannotSay(
        Strata.direct(strata, new double[] {1, 1}),
        Reason.EMPTY_VARIANT,
        "stratum 1 has fewer than two units in a variant");
    assertCannotSay(
        Strata.direct(strata, new double[] {0, 0}), Reason.NO_DATA, "all weights are 0");
    assertThatThrownBy(() -> Strata.direct(strata, new double[] {1}))
        .hasMessage("1 weights for 2 strata");
    assertThatThrownBy(() -> Strata.direct(strata, new double[] {1, -1}))
        .hasMessage("weight -1.0 must be finite and >= 0");
    assertThat(Strata.post(strata).said()).isFalse();
    MeanStratum empty = new MeanStratum(0, 0, 0, 0, 0, 0);
    assertThat(Strata.post(List.of(FULL, empty)).orThrow().estimate()).isEqualTo(2);
  }

  @Test
  void tables_cannotSayWithoutCounts() {
    Tables.Common none = Tables.cochranMantelHaenszel(List.of(new Table(0, 0, 0, 0)));
    assertCannotSay(
        none.oddsRatio(),
        Reason.ZERO_DENOMINATOR,
        "there are no failures in B beside successes in A");
    assertCannotSay(none.riskRatio(), Reason.ZERO_DENOMINATOR, "there are no successes in A");
    assertCannotSay(
        none.logOddsSe(), Reason.ZERO_DENOMINATOR, "there are no discordant pairs on both sides");
    assertCannotSay(none.test(), Reason.ZERO_VARIANCE, "the margins leave no choice");
    Tables.Common zero = Tables.cochranMantelHaenszel(List.of(new Table(0, 5, 3, 4)));
    assertThat(zero.oddsRatio().orThrow()).isZero();
    assertThat(zero.logOddsSe().said()).isFalse();
    assertThat(Tables.cochranMantelHaenszel(List.of(new Table(1, 0, 0, 0))).test().said())
        .isFalse();
    for (int i = 0; i < 4; i++) {
      long[] c = {0, 0, 0, 0};
      c[i] = -1;
      assertThatThrownBy(() -> new Table(c[0], c[1], c[2], c[3]))
          .hasMessage("counts of a table must be >= 0");
    }
  }

  @Test
  void meta_ofOneEffect_isThatEffect() {
    MetaAnalysis one = MetaAnalysis.derSimonianLaird(new double[] {3}, new double[] {2}).orThrow();
    assertThat(one.fixed()).isEqualTo(3);
    assertThat(one.randomSe()).isEqualTo(2);
    assertThat(one.tau2()).isZero();
    assertCannotSay(one.pValue(), Reason.TOO_FEW_UNITS, "heterogeneity of one effect");
    assertCannotSay(
        MetaAnalysis.derSimonianLaird(new double[0], new double[0]),
        Reason.NO_DATA,
        "no effects to combine");
    assertThatThrownBy(() -> MetaAnalysis.derSimonianLaird(new double[1], new double[2]))
        .hasMessage("1 effects, 2 errors");
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> MetaAnalysis.derSimonianLaird(new double[1], new double[] {bad}))
          .hasMessage("standard error " + bad + " must be > 0");
    }
  }

  @Test
  void strata_withAnUnknownVariance_dropOut() {
    MeanStratum known = new MeanStratum(10, 1, 2, 10, 3, 2);
    MeanStratum unknown = new MeanStratum(10, 1, Double.NaN, 10, 9, 2);
    assertThat(Strata.mantelHaenszel(List.of(known, unknown)).orThrow().estimate()).isEqualTo(2);
    assertCannotSay(
        Strata.post(List.of(known, unknown)),
        Reason.EMPTY_VARIANT,
        "stratum 1 has fewer than two units in a variant");
  }

  @Test
  void whatIsNotFinite_isRefusedAndNeverLeaks() {
    double[] one = {1, 1};
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] with = {1, bad};
      assertThatThrownBy(() -> MetaAnalysis.derSimonianLaird(with, one))
          .hasMessage("effect " + bad + " must be finite");
      assertThatThrownBy(() -> Trend.weighted(with, one, one))
          .hasMessage("point " + bad + ", 1.0 must be finite");
      assertThatThrownBy(() -> Trend.weighted(one, with, one))
          .hasMessage("point 1.0, " + bad + " must be finite");
    }
    assertThatThrownBy(() -> MannWhitney.of(one, new double[] {Double.NaN}))
        .hasMessage("NaN has no rank");
  }

  @Test
  void kaplanMeier_countsRiskAndCensoring() {
    List<Survival.Point> curve =
        Survival.kaplanMeier(
            List.of(
                new Followed(2, true, false),
                new Followed(1, false, false),
                new Followed(2, false, true),
                new Followed(5, true, true)));
    assertThat(curve).hasSize(2);
    assertThat(curve.get(0).atRisk()).isEqualTo(3);
    assertThat(curve.get(0).events()).isEqualTo(1);
    assertThat(curve.get(0).survival()).isCloseTo(2.0 / 3, within(1e-15));
    assertThat(curve.get(0).se().orThrow()).isCloseTo(2.0 / 3 * Math.sqrt(1.0 / 6), within(1e-15));
    assertThat(curve.get(1).survival()).isZero();
    assertCannotSay(curve.get(1).se(), Reason.ZERO_VARIANCE, "no unit is left at 5.0");
    assertThat(Survival.kaplanMeier(List.of())).isEmpty();
    assertThatThrownBy(() -> new Followed(Double.NaN, true, true))
        .hasMessage("time NaN must be finite");
  }

  @Test
  void logRank_withoutEvents_cannotSay() {
    assertCannotSay(
        Survival.logRank(List.of(new Followed(1, true, true))).test(),
        Reason.ZERO_VARIANCE,
        "no event with both variants at risk");
  }

  @Test
  void trend_cannotSayWithoutTwoPoints() {
    double[] one = {1};
    assertCannotSay(
        Trend.weighted(one, one, one), Reason.TOO_FEW_UNITS, "a line needs two different x");
    assertCannotSay(
        Trend.weighted(new double[0], new double[0], new double[0]),
        Reason.NO_DATA,
        "a line through no points");
    assertThatThrownBy(() -> Trend.weighted(one, new double[2], one))
        .hasMessage("x, y and se differ in length: 1, 2, 1");
    assertThatThrownBy(() -> Trend.weighted(one, one, new double[2]))
        .hasMessage("x, y and se differ in length: 1, 1, 2");
    for (double bad : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Trend.weighted(one, one, new double[] {bad}))
          .hasMessage("standard error " + bad + " must be > 0");
    }
  }

  @Test
  void mannWhitney_atTheEnds() {
    double[] one = {1};
    assertCannotSay(MannWhitney.of(new double[0], one), Reason.EMPTY_VARIANT, "samples of 0 and 1");
    assertCannotSay(MannWhitney.of(one, new double[0]), Reason.EMPTY_VARIANT, "samples of 1 and 0");
    MannWhitney equal = MannWhitney.of(one, one).orThrow();
    assertThat(equal.uB()).isEqualTo(0.5);
    assertCannotSay(equal.pValue(), Reason.ZERO_VARIANCE, "all values are equal");
    MannWhitney balanced = MannWhitney.of(new double[] {1, 4}, new double[] {2, 3}).orThrow();
    assertThat(balanced.uB()).isEqualTo(2);
    assertThat(balanced.pValue().orThrow()).isEqualTo(1);
  }
}
