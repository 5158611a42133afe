package io.tidegate.stats.estimate;

import static io.tidegate.stats.Reasons.assertCannotSay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.GroupSequential.Shape;
import io.tidegate.stats.estimate.GroupSequential.Spending;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.NormalMixture;
import io.tidegate.stats.sums.LogHistogram;
import io.tidegate.stats.sums.RatioMoments;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanningTest {

  @Test
  void groupSequential_oneLook_isTheFixedTest() {
    assertThat(GroupSequential.constant(1, 0.05, Shape.POCOCK, 2))
        .isCloseTo(1.959963984540054, within(1e-12));
    assertThat(GroupSequential.constant(1, 0.05, Shape.OBRIEN_FLEMING, 1))
        .isCloseTo(1.6448536269514722, within(1e-12));
    assertThat(
            GroupSequential.bounds(new double[] {1}, 0.05, new Spending.ObrienFleming(), 2).get(0))
        .isCloseTo(1.959963984540054, within(1e-12));
  }

  /** Jennison and Turnbull 2000, tables 2.1 and 2.3: α = 0.05, two-sided. */
  @Test
  void groupSequential_constants_arePublishedOnes() {
    assertThat(GroupSequential.constant(2, 0.05, Shape.POCOCK, 2)).isCloseTo(2.178, within(6e-4));
    assertThat(GroupSequential.constant(5, 0.05, Shape.OBRIEN_FLEMING, 2))
        .isCloseTo(2.040, within(6e-4));
    assertThat(GroupSequential.constant(20, 0.05, Shape.POCOCK, 2)).isCloseTo(2.672, within(6e-4));
  }

  @Test
  void groupSequential_spending_spendsAlphaInAll() {
    for (Spending spending :
        List.of(new Spending.ObrienFleming(), new Spending.Pocock(), new Spending.Power(3))) {
      assertThat(spending.spent(1, 0.05, 2)).isCloseTo(0.05, within(1e-15));
      assertThat(spending.spent(0.5, 0.05, 2)).isLessThan(0.05);
    }
    assertThat(new Spending.Pocock().spent(0.5, 0.05, 1)).isCloseTo(0.0310057, within(1e-7));
  }

  @Test
  void groupSequential_misuse_isRefused() {
    assertThatThrownBy(() -> GroupSequential.constant(0, 0.05, Shape.POCOCK, 2))
        .hasMessage("looks 0 must be >= 1");
    assertThatThrownBy(() -> GroupSequential.constant(3, 0.05, Shape.POCOCK, 3))
        .hasMessage("sides must be 1 or 2, got 3");
    assertThatThrownBy(() -> GroupSequential.constant(3, 1, Shape.POCOCK, 2))
        .hasMessage("alpha 1.0 must lie in (0, 1)");
    Spending power = new Spending.Power(2);
    assertThatThrownBy(() -> GroupSequential.bounds(new double[] {0.5, 0.5}, 0.05, power, 2))
        .hasMessage("information must rise in (0, 1], got 0.5");
    assertThatThrownBy(() -> GroupSequential.bounds(new double[] {1.5}, 0.05, power, 2))
        .hasMessage("information must rise in (0, 1], got 1.5");
    assertThatThrownBy(() -> GroupSequential.bounds(new double[] {1}, 0, power, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GroupSequential.bounds(new double[] {1}, 0.05, power, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoMeans_misuse_isRefused() {
    assertThatThrownBy(() -> Design.twoMeans(1, 1, 0, 0.05, 0.8, 1, 2))
        .hasMessage("|delta| 0.0 must be > 0");
    assertThatThrownBy(() -> Design.twoMeans(1, 1, 1, 0.05, 0.8, 0, 2))
        .hasMessage("treatmentPerControl 0.0 must be > 0");
    assertThatThrownBy(() -> Design.twoMeans(1, 1, 1, 0, 0.8, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Design.twoMeans(1, 1, 1, 0.05, 1, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Design.twoMeans(1, 1, -0.1, 0.05, 0.8, 1, 2))
        .isEqualTo(Design.twoMeans(1, 1, 0.1, 0.05, 0.8, 1, 2));
  }

  @Test
  void twoMeans_withoutSpread_isRefused() {
    for (double bad : new double[] {Double.NaN, 0, -1}) {
      assertThatThrownBy(() -> Design.twoMeans(bad, 1, 1, 0.05, 0.8, 1, 2))
          .hasMessage("sdControl " + bad + " must be > 0");
      assertThatThrownBy(() -> Design.twoMeans(1, bad, 1, 0.05, 0.8, 1, 2))
          .hasMessage("sdTreatment " + bad + " must be > 0");
    }
  }

  @Test
  void anytime_halfWidthIsThatAskedFor() {
    double kappa = NormalMixture.tunedKappa(0.05);
    for (int sides = 1; sides <= 2; sides++) {
      Design.Anytime size = Design.anytime(2, 0.1, 0.05, kappa, 500, sides).orThrow();
      double n = size.effectiveUnits();
      double critical =
          sides == 1
              ? NormalMixture.criticalOne(kappa * n / 500, 0.05)
              : NormalMixture.criticalTwo(kappa * n / 500, 0.05);
      assertThat(critical * Math.sqrt(2 / n)).isCloseTo(0.1, within(1e-13));
      assertThat(size.unitsPerVariant()).isEqualTo(2 * n);
    }
    assertCannotSay(
        Design.anytime(1, 1e-9, 0.05, kappa, 500, 2),
        Reason.OUT_OF_RANGE,
        "half-width 1.0E-9 needs over 1e15 units");
    assertThatThrownBy(() -> Design.anytime(0, 1, 0.05, kappa, 500, 2))
        .hasMessage("variance 0.0 must be > 0");
    assertThatThrownBy(() -> Design.anytime(1, Double.POSITIVE_INFINITY, 0.05, kappa, 500, 2))
        .hasMessage("delta Infinity must be > 0");
  }

  @Test
  void days_followTheCurveOfNewUnits() {
    double[] perDay = {100, 50, 25};
    assertThat(Design.daysToReach(100, perDay).orThrow()).isEqualTo(1);
    assertThat(Design.daysToReach(101, perDay).orThrow()).isEqualTo(2);
    assertThat(Design.daysToReach(175, perDay).orThrow()).isEqualTo(3);
    assertCannotSay(
        Design.daysToReach(176, perDay), Reason.UNBOUNDED, "176 units needed, 175 come in 3 days");
  }

  @Test
  void orderInterval_atTheEnds() {
    assertCannotSay(Quantiles.orderInterval(0, 0.5, 0.05), Reason.NO_DATA, "quantile of no values");
    Quantiles.OrderInterval few = Quantiles.orderInterval(3, 0.5, 0.05).orThrow();
    assertCannotSay(few.lowerRank(), Reason.UNBOUNDED, "rank 0 is beyond the values");
    assertCannotSay(few.upperRank(), Reason.UNBOUNDED, "rank 4 is beyond the values");
    assertThat(few.coverage()).isEqualTo(1);
    Quantiles.OrderInterval six = Quantiles.orderInterval(6, 0.5, 0.05).orThrow();
    assertThat(six.lowerRank().orThrow()).isEqualTo(1);
    assertThat(six.upperRank().orThrow()).isEqualTo(6);
    assertThat(six.coverage()).isCloseTo(62.0 / 64, within(1e-15));
    for (double q : new double[] {0, 1}) {
      assertThatThrownBy(() -> Quantiles.orderInterval(5, q, 0.05))
          .hasMessage("quantile " + q + " must lie in (0, 1)");
    }
  }

  @Test
  void woodruff_isTheValuesAtTheRanks() {
    LogHistogram values = new LogHistogram(0.001);
    assertCannotSay(Quantiles.woodruff(values, 0.5, 1, 2), Reason.NO_DATA, "quantile of no values");
    for (int i = 1; i <= 10_000; i++) {
      values.add(i, 1);
    }
    Interval plain = Quantiles.woodruff(values, 0.95, 1, 1.96).orThrow();
    assertThat(plain.lower()).isCloseTo(9457, within(11.0));
    assertThat(plain.upper()).isCloseTo(9543, within(11.0));
    Interval clustered = Quantiles.woodruff(values, 0.95, 4, 1.96).orThrow();
    assertThat(clustered.lower()).isCloseTo(9414, within(11.0));
    assertThat(clustered.upper()).isCloseTo(9587, within(11.0));
    assertCannotSay(
        Quantiles.woodruff(values, 0.9999, 1, 3),
        Reason.UNBOUNDED,
        "ranks 9996 to 10002 of 10000 values");
    assertThat(Quantiles.woodruff(values, 0.0001, 1, 3).said()).isFalse();
  }

  @Test
  void designEffect_ofUnitsWithoutEvents_cannotSay() {
    RatioMoments some = new RatioMoments(3, 1, 1, 1, 1, 1, 1);
    assertCannotSay(Quantiles.designEffect(0, 0.9, some), Reason.NO_DATA, "quantile of no events");
    RatioMoments none = new RatioMoments(5, 0, 0, 0, 0, 0, 0);
    assertThat(Quantiles.clusteredVariance(10, 10, 0.9, 1, 2, none).said()).isFalse();
    assertThatThrownBy(() -> Quantiles.clusteredVariance(10, 10, 1, 1, 2, none))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
