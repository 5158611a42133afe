package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CovariateSumsTest {
  private static final long ONE = UnitSums.SCALE;

  private static CovariateSums example() {
    CovariateSums sums = new CovariateSums();
    sums.enter(2 * ONE, 1 * ONE);
    sums.enter(0, 3 * ONE);
    sums.enter(5 * ONE);
    sums.enter(9 * ONE);
    sums.move(0, 4 * ONE, 3 * ONE);
    sums.move(9 * ONE, 7 * ONE);
    return sums;
  }

  @Test
  void moments_coverAllUnitsAndThoseWithACovariate() {
    CovariateMoments moments = example().moments();
    assertThat(moments.all()).isEqualTo(new Moments(4, 4.5, 13));
    assertThat(moments.present().n()).isEqualTo(2);
    assertThat(moments.present().meanD()).isEqualTo(2);
    assertThat(moments.present().cYd()).isEqualTo(2);
    assertThat(moments.covariateSum()).isEqualTo(4);
  }

  @Test
  void filled_equalsSettingTheCovariateByHand() {
    RatioMoments filled = example().moments().filled(1.5);
    CentredSums byHand = new CentredSums();
    byHand.enter(2, -0.5);
    byHand.enter(4, 1.5);
    byHand.enter(5, 0);
    byHand.enter(7, 0);
    RatioMoments expected = byHand.ratio();
    assertThat(filled.n()).isEqualTo(4);
    assertThat(filled.meanD()).isCloseTo(expected.meanD(), within(1e-15));
    assertThat(filled.m2D()).isCloseTo(expected.m2D(), within(1e-15));
    assertThat(filled.cYd()).isCloseTo(expected.cYd(), within(1e-15));
    assertThat(filled.m2Y()).isEqualTo(expected.m2Y());
    RatioMoments none = new RatioMoments(0, 0, 0, 0, 0, 0, 0);
    assertThat(new CovariateMoments(Moments.EMPTY, none).filled(3)).isEqualTo(none);
    assertThat(new CovariateMoments(new Moments(2, 1, 1), none).filled(3))
        .isEqualTo(new RatioMoments(2, 1, 0, 1, 0, 0, 0));
  }

  @Test
  void leaving_addingAndSubtracting_areExact() throws IOException {
    CovariateSums sums = example();
    CovariateSums twice = example();
    twice.add(sums);
    assertThat(twice).isNotEqualTo(sums);
    twice.subtract(sums);
    assertThat(twice).isEqualTo(sums).hasSameHashCodeAs(sums).hasToString(sums.toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sums.writeTo(new DataOutputStream(bytes));
    CovariateSums read = new CovariateSums();
    read.enter(1, 1);
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(read).isEqualTo(sums);
    sums.leave(2 * ONE, ONE);
    sums.leave(4 * ONE, 3 * ONE);
    sums.leave(5 * ONE);
    assertThat(sums.isZero()).isFalse();
    sums.leave(7 * ONE);
    assertThat(sums.isZero()).isTrue();
  }

  @Test
  void textAndHash_nameBothParts() {
    CovariateSums without = new CovariateSums();
    without.enter(ONE);
    CovariateSums with = new CovariateSums();
    with.enter(ONE, ONE);
    assertThat(with.hashCode()).isNotZero().isNotEqualTo(without.hashCode());
    assertThat(without.toString()).startsWith("CovariateSums[all=UnitSums[n=1,");
  }

  @Test
  void moreCovariatesThanUnits_areRefused() {
    RatioMoments pairs = new RatioMoments(3, 1, 1, 1, 1, 1, 0);
    assertThatThrownBy(() -> new CovariateMoments(new Moments(2, 1, 1), pairs))
        .hasMessage("units with a covariate 3 exceed all units 2");
    assertThat(CovariateMoments.complete(pairs).all()).isEqualTo(new Moments(3, 1, 1));
  }
}
