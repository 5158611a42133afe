package io.tidegate.stats.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class LabelRangeTest {

  private static LabelRange range(double share, double other, long control, long treated) {
    LabelRange range = new LabelRange();
    range.add(share, other, control, treated);
    return range;
  }

  @Test
  void with_one_share_it_is_the_binomial_and_the_label_test() {
    LabelRange range = range(0.3, 0.3, 9, 11);
    BinomialDistribution null0 = new BinomialDistribution(null, 20, 0.3);
    assertThat(range.midP())
        .isCloseTo(
            2 * (1 - null0.cumulativeProbability(11)) + null0.probability(11), within(1e-12));
    assertThat(range.logE())
        .isEqualTo(LabelTest.logE(List.of(new LabelStratum(0.3, 9, 11)), 0, Side.TWO));
    assertThat(range(0.5, 0.5, 0, 6).midP()).isCloseTo(1 / 64.0, within(1e-15));
    assertThat(range(0.5, 0.5, 6, 0).midP()).isCloseTo(1 / 64.0, within(1e-15));
  }

  @Test
  void what_lies_in_the_range_is_explained_however_many_there_are() {
    for (long n : new long[] {6, 60, 6_000, 600_000}) {
      for (long treated : new long[] {n / 3, 5 * n / 12, n / 2}) {
        LabelRange range = range(0.5, 1 / 3.0, n - treated, treated);
        assertThat(range.midP()).as("%s of %s", treated, n).isGreaterThan(0.9);
        assertThat(range.logE()).as("%s of %s", treated, n).isLessThan(0.1);
      }
    }
  }

  @Test
  void beyond_the_range_the_nearer_share_decides() {
    for (double[] shares : new double[][] {{0.3, 0.5}, {0.5, 0.3}}) {
      assertThat(range(shares[0], shares[1], 20, 60).midP())
          .isEqualTo(range(0.5, 0.5, 20, 60).midP())
          .isGreaterThan(range(0.3, 0.3, 20, 60).midP())
          .isLessThan(1e-4);
      assertThat(range(shares[0], shares[1], 90, 10).midP())
          .isEqualTo(range(0.3, 0.3, 90, 10).midP())
          .isLessThan(1e-4);
      assertThat(range(shares[0], shares[1], 200, 600).logE())
          .isCloseTo(range(0.5, 0.5, 200, 600).logE(), within(1e-9));
    }
  }

  /** Every labelling of 30 events; a mid-p holds its level on average, not at every share. */
  @Test
  void levels_hold_for_every_share_in_the_range() {
    for (double share : new double[] {0.3, 0.35, 0.4, 0.5}) {
      BinomialDistribution events = new BinomialDistribution(null, 30, share);
      double mean = 0;
      double rejected = 0;
      for (int treated = 0; treated <= 30; treated++) {
        LabelRange range = range(0.3, 0.5, 30 - treated, treated);
        mean += events.probability(treated) * Math.exp(range.logE());
        rejected += range.midP() <= 0.05 ? events.probability(treated) : 0;
      }
      assertThat(mean).as("share %s", share).isLessThanOrEqualTo(1 + 1e-9);
      assertThat(rejected).as("share %s", share).isLessThanOrEqualTo(0.06);
    }
  }

  @Test
  void strata_count_as_one_with_their_mean_share() {
    LabelRange range = range(0.2, 0.25, 10, 30);
    range.add(0.6, 0.65, 20, 20);
    assertThat(range.eventsControl()).isEqualTo(30);
    assertThat(range.eventsTreatment()).isEqualTo(50);
    assertThat(range.midP()).isCloseTo(range(0.4, 0.45, 30, 50).midP(), within(1e-12));
  }

  @Test
  void without_events_nothing_is_said() {
    assertThat(new LabelRange().midP()).isEqualTo(1);
    assertThat(new LabelRange().logE()).isZero();
    assertThat(range(0.3, 0.5, 0, 0).midP()).isEqualTo(1);
    assertThat(range(0.3, 0.5, 0, 0).logE()).isZero();
    assertThatThrownBy(() -> range(0, 0.5, 1, 1)).hasMessageContaining("must lie in (0, 1)");
  }
}
