package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The result is a function of the events, whatever their order, partitions, copies and the failures
 * on the way (design: "Time and determinism"), and it is the one that the definitions give: {@link
 * NaiveSums} counts it anew, without the job's own fold. A failing seed is described in one line;
 * {@code new SimulatedWorld(seed, late)} makes it again.
 */
class DeterminismTest {

  private static final int SEEDS = Boolean.getBoolean("tidegate.full") ? 10_000 : 150;
  private static final int LATE_SEEDS = Boolean.getBoolean("tidegate.full") ? 10_000 : 75;

  @Test
  void whatever_happens_on_the_way_the_estimates_are_those_of_the_sorted_replay() {
    long boundaries = 0;
    long numbers = 0;
    long duplicates = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedWorld world = new SimulatedWorld(seed, false);
      SimulatedResult replayed = SortedReplay.run(world, p -> true);
      SimulatedResult streamed = SimulatedJob.run(world, Planted.NOTHING);
      assertThat(replayed.differs(streamed)).as(world::describe).isEmpty();
      assertThat(NaiveSums.differs(NaiveSums.of(world, p -> p.timeMs < world.endMs), streamed))
          .as(world::describe)
          .isEmpty();
      assertThat(streamed.repeated).as(world::describe).isEmpty();
      assertThat(streamed.fate(Ledger.Fate.LATE) + streamed.fate(Ledger.Fate.BEYOND_HORIZON))
          .as(world::describe)
          .isZero();
      boundaries += streamed.evaluations.size();
      numbers += streamed.numbers;
      duplicates += streamed.fate(Ledger.Fate.DUPLICATE);
    }
    // The worlds are such that there is something to get wrong.
    assertThat(boundaries).isGreaterThan(20L * SEEDS);
    assertThat(numbers).isGreaterThan(5L * SEEDS);
    assertThat(duplicates).isGreaterThan(20L * SEEDS);
  }

  @Test
  void outcomes_that_come_late_leave_the_final_totals_of_the_additive_kinds_exact() {
    long late = 0;
    long beyond = 0;
    for (int seed = 0; seed < LATE_SEEDS; seed++) {
      SimulatedWorld world = new SimulatedWorld(seed, true);
      SimulatedResult streamed = SimulatedJob.run(world, Planted.NOTHING);
      Predicate<Point> known =
          p ->
              p.timeMs < world.endMs
                  && (streamed.used.contains(p.idHash) || !streamed.beyond.contains(p.idHash));
      SimulatedResult replayed = SortedReplay.run(world, known);
      assertThat(NaiveSums.differs(NaiveSums.of(world, known), replayed))
          .as(world::describe)
          .isEmpty();
      assertThat(SimulatedResult.differs(replayed.additive(world), streamed.additive(world)))
          .as(world::describe)
          .isEmpty();
      late += streamed.fate(Ledger.Fate.LATE);
      beyond += streamed.fate(Ledger.Fate.BEYOND_HORIZON);
    }
    assertThat(late).isGreaterThan(LATE_SEEDS / 2);
    assertThat(beyond).isGreaterThan(LATE_SEEDS / 10);
  }
}
