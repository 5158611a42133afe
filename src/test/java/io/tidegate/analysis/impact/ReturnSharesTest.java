package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.Contrasts.Stratum;
import io.tidegate.analysis.impact.ReturnShares.Form;
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
  private static final Slice CONTROL = new Slice(0, 0, 0, Slice.ALL, 0);
  private static final Slice TREATMENT = new Slice(0, 0, 1, Slice.ALL, 0);

  /** Units active on any day with the same chance, followed for 1 to 40 days. */
  private static ReturnShares world(SplittableRandom random, int units) {
    ReturnCounts counts = new ReturnCounts(ABSENCE);
    for (int u = 0; u < units; u++) {
      int passed = 1 + random.nextInt(OLDEST);
      counts.add(
          passed,
          IntStream.rangeClosed(0, passed).filter(day -> random.nextDouble() < ACTIVE).toArray());
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
      Stratum pair =
          new Stratum(
              one.arm(CONTROL, Form.NOT_LAPSED, AGE), other.arm(TREATMENT, Form.NOT_LAPSED, AGE));
      Contrast contrast = Contrasts.of(List.of(pair), null).orThrow();
      alike += holds(contrast.effectBounds().orThrow(), 0) ? 1 : 0;
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

  private static boolean holds(Bounds bounds, double truth) {
    return bounds.lower() <= truth && truth <= bounds.upper();
  }
}
