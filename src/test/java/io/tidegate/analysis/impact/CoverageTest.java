package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often the 95 % intervals of long-run effects hold the truth that was planted. */
class CoverageTest {

  private static final int UNITS = 400;
  private static final double LIFT = 0.2;

  private final Map<String, Integer> held = new TreeMap<>();
  private int rounds;

  @Test
  void intervals_holdTheTruthAsOftenAsTheySay() {
    boolean full = Boolean.getBoolean("tidegate.full");
    rounds = full ? 2_000 : 60;
    for (int seed = 0; seed < rounds; seed++) {
      count(new View(LifeWorld.book(UNITS, 1_000L + seed, day -> 1 + LIFT)));
    }
    if (full) {
      held.forEach(
          (what, times) -> System.out.printf("%s: %.1f %%%n", what, 100.0 * times / rounds));
    }
    assertThat(held).hasSize(11);
    held.forEach(
        (what, times) ->
            assertThat((double) times / rounds)
                .as(what)
                .isBetween(full ? 0.94 : 0.86, full ? 0.96 : 1.0));
  }

  private void count(View view) {
    for (RevenuePoint row : new RevenueRows(view).rows()) {
      if (row.variant().equals("on") && row.ageDays() % 6 == 0) {
        tally(
            "revenue by day " + row.ageDays(),
            LIFT * LifeWorld.PER_DAY * row.ageDays(),
            row.effectSizeLower(),
            row.effectSizeUpper());
      }
    }
    for (RetentionPoint row : new RetentionRows(view).rows()) {
      if (row.variant().equals("on")
          && row.period().equals(RetentionPoint.DAY)
          && row.definition().equals(RetentionPoint.EXACT)
          && row.age() % 6 == 0
          && row.eligible() > 0) {
        tally(
            "retention on day " + row.age(),
            LIFT * LifeWorld.BUYS,
            row.effectSizeLower(),
            row.effectSizeUpper());
      }
    }
    for (ImpactEstimate row : new DurabilityRows(view, new EffectRows(view)).rows()) {
      if (row.metric().equals("revenue") && row.epoch() == ImpactEstimate.TO_DATE_EPOCH) {
        tally(
            "effect a day, " + row.aspect().label(),
            row.aspect() == Aspect.CHANGE ? 0 : LIFT * LifeWorld.PER_DAY,
            row.effectSizeLower(),
            row.effectSizeUpper());
      }
    }
  }

  private void tally(String what, double truth, @Nullable Double lower, @Nullable Double upper) {
    boolean holds = lower != null && upper != null && lower <= truth && truth <= upper;
    held.merge(what, holds ? 1 : 0, Integer::sum);
  }
}
