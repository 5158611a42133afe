package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.analysis.impact.View.Two;
import io.tidegate.stats.Stated;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Kaplan–Meier over units that entered at different times, against the exact truth. */
class ReturnSharesTest {

  private static final int ABSENCE = 7;
  private static final int OLDEST = 40;
  private static final int AGE = 15;
  private static final double ACTIVE = 0.3;

  private static ReturnShares world(SplittableRandom random, int units) {
    return world(random, units, ACTIVE);
  }

  /** Units active on any day with the same chance, followed for 1 to 40 days. */
  private static ReturnShares world(SplittableRandom random, int units, double active) {
    ReturnCounts counts = new ReturnCounts(ABSENCE);
    for (int u = 0; u < units; u++) {
      int passed = 1 + random.nextInt(OLDEST);
      counts.add(
          passed,
          IntStream.rangeClosed(0, passed).filter(day -> random.nextDouble() < active).toArray());
    }
    return ReturnShares.of(counts, OLDEST);
  }

  /** Chance that no absence has begun by an age: none is over a stretch later. */
  private static double truth(int age) {
    double[] absentFor = new double[ABSENCE];
    absentFor[0] = 1;
    for (int day = 1; day < age + ABSENCE; day++) {
      double[] next = new double[ABSENCE];
      for (int run = 0; run < ABSENCE; run++) {
        next[0] += absentFor[run] * ACTIVE;
        if (run + 1 < ABSENCE) {
          next[run + 1] += absentFor[run] * (1 - ACTIVE);
        }
      }
      absentFor = next;
    }
    return java.util.Arrays.stream(absentFor).sum();
  }

  @Test
  void notLapsed_isUnbiasedAndItsIntervalHoldsTheTruth() {
    SplittableRandom random = new SplittableRandom(20);
    int worlds = Boolean.getBoolean("tidegate.full") ? 10_000 : 1_000;
    double truth = truth(AGE);
    double sum = 0;
    int held = 0;
    int alike = 0;
    for (int i = 0; i < worlds; i++) {
      ReturnShares one = world(random, 300);
      ReturnShares other = world(random, 300);
      sum += one.rate(Form.NOT_LAPSED, AGE).orThrow();
      held += holds(one.bounds(Form.NOT_LAPSED, AGE).orThrow(), truth) ? 1 : 0;
      Bounds difference =
          difference(Form.NOT_LAPSED, AGE, List.of(pair(one, other))).orThrow().bounds();
      alike += holds(difference, 0) ? 1 : 0;
    }
    assertThat(truth).isBetween(0.2, 0.8);
    assertThat(sum / worlds).isCloseTo(truth, within(0.005));
    assertThat((double) held / worlds).isBetween(0.93, 0.97);
    assertThat((double) alike / worlds).isBetween(0.93, 0.97);
  }

  @Test
  void firstReturn_usesUnitsNotYetOldEnough() {
    ReturnShares shares = world(new SplittableRandom(21), 20_000);
    double truth = 1 - Math.pow(1 - ACTIVE, 4);
    assertThat(shares.rate(Form.FIRST_RETURN, 4).orThrow()).isCloseTo(truth, within(0.01));
    Bounds km = shares.bounds(Form.FIRST_RETURN, 4).orThrow();
    Bounds mature = shares.bounds(Form.BOUNDED, 4).orThrow();
    assertThat(km.upper() - km.lower()).isLessThan(mature.upper() - mature.lower());
  }

  @Test
  void difference_ofAVariantWithoutEventsIsNotCertain() {
    ReturnShares none = returning(40, 0);
    ReturnShares some = returning(40, 8);
    ReturnDifference found = difference(Form.FIRST_RETURN, 5, List.of(pair(none, some))).orThrow();
    Bounds control = none.bounds(Form.FIRST_RETURN, 5).orThrow();
    Bounds treatment = some.bounds(Form.FIRST_RETURN, 5).orThrow();
    assertThat(control).isEqualTo(Rates.wilson(0, 40));
    assertThat(found.effect()).isCloseTo(0.2, within(1e-12));
    assertThat(found.bounds().lower())
        .isCloseTo(0.2 - Math.hypot(0.2 - treatment.lower(), control.upper()), within(1e-12));
    assertThat(found.bounds().upper()).isCloseTo(treatment.upper(), within(1e-12));
  }

  @Test
  void difference_ofTwoVariantsWithoutEventsIsSaid() {
    ReturnDifference found =
        difference(Form.FIRST_RETURN, 5, List.of(pair(returning(40, 0), returning(60, 0))))
            .orThrow();
    assertThat(found.effect()).isZero();
    assertThat(found.bounds().lower()).isCloseTo(-Rates.wilson(0, 40).upper(), within(1e-12));
    assertThat(found.bounds().upper()).isCloseTo(Rates.wilson(0, 60).upper(), within(1e-12));
  }

  @Test
  void difference_keepsAStratumInWhichEverybodyCameBack() {
    Two<ReturnShares> all = pair(returning(40, 40), returning(40, 20));
    Two<ReturnShares> half = pair(returning(40, 20), returning(40, 20));
    assertThat(difference(Form.FIRST_RETURN, 5, List.of(all)).orThrow().effect())
        .isCloseTo(-0.5, within(1e-12));
    ReturnDifference both = difference(Form.FIRST_RETURN, 5, List.of(all, half)).orThrow();
    assertThat(both.effect()).isCloseTo(-0.25, within(1e-12));
    assertThat(both.bounds().upper()).isNegative();
  }

  @Test
  void bounds_whereEverybodyCameBackAreOfTheUnitsThatCould() {
    ReturnShares all = returning(40, 40);
    for (int age = 3; age < 10; age++) {
      assertThat(all.bounds(Form.FIRST_RETURN, age).orThrow()).isEqualTo(Rates.wilson(40, 40));
    }
  }

  @Test
  void difference_holdsTheTruthWhereOftenNoUnitHadTheEvent() {
    SplittableRandom random = new SplittableRandom(22);
    int worlds = Boolean.getBoolean("tidegate.full") ? 20_000 : 4_000;
    double truth = Math.pow(1 - 0.004, 4) - Math.pow(1 - 0.006, 4);
    int held = 0;
    int edges = 0;
    for (int i = 0; i < worlds; i++) {
      ReturnShares control = world(random, 40, 0.004);
      ReturnShares treatment = world(random, 40, 0.006);
      Stated<ReturnDifference> found =
          difference(Form.FIRST_RETURN, 4, List.of(pair(control, treatment)));
      held += found.said() && holds(found.orThrow().bounds(), truth) ? 1 : 0;
      edges += control.rate(Form.FIRST_RETURN, 4).orThrow() == 0 ? 1 : 0;
    }
    assertThat((double) edges / worlds).isGreaterThan(0.4);
    assertThat((double) held / worlds).isGreaterThan(0.94);
  }

  /** Units followed for ten days, of which so many came back on one of the first three. */
  private static ReturnShares returning(int units, int returned) {
    ReturnCounts counts = new ReturnCounts(ABSENCE);
    for (int u = 0; u < units; u++) {
      counts.add(10, u < returned ? new int[] {0, 1 + u % 3} : new int[] {0});
    }
    return ReturnShares.of(counts, 10);
  }

  private static Two<ReturnShares> pair(ReturnShares control, ReturnShares treatment) {
    return new Two<>(control, treatment);
  }

  private static Stated<ReturnDifference> difference(
      Form form, int age, List<Two<ReturnShares>> strata) {
    return ReturnDifference.of(strata, form, age, Contrast.ALPHA);
  }

  private static boolean holds(Bounds bounds, double truth) {
    return bounds.lower() <= truth && truth <= bounds.upper();
  }
}
