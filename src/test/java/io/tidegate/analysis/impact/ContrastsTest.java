package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.Contrasts.Stratum;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContrastsTest {

  /** Four means of eleven units with the same variance have the ten degrees of each together. */
  @Test
  void strata_haveTheDegreesOfFreedomOfTheirUnits() {
    Contrast two = Contrasts.of(List.of(stratum(0, 11), stratum(1, 11)), null).orThrow();
    assertThat(two.method()).isEqualTo(Contrasts.STRATA);
    assertThat(two.df()).isCloseTo(40, within(1e-9));
    Contrast one = Contrasts.of(List.of(stratum(0, 11)), null).orThrow();
    assertThat(one.method()).isEqualTo(Contrasts.WELCH);
    assertThat(one.df()).isCloseTo(20, within(1e-9));
  }

  @Test
  void aSmallStratum_hardlyCountsBesideALargeOne() {
    Contrast both = Contrasts.of(List.of(stratum(0, 11), stratum(1, 100_000)), null).orThrow();
    assertThat(both.df()).isGreaterThan(90_000);
  }

  private static Stratum stratum(int epoch, long units) {
    return new Stratum(arm(epoch, 0, units), arm(epoch, 1, units));
  }

  private static Arm arm(int epoch, int variant, long units) {
    return new Arm(new Slice(epoch, 0, variant, Slice.ALL, 0), units, 5, 4.0 / units, 0, 5, 1);
  }
}
