package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RolloutEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of an effect after the rollout, planted into the days from its end on. */
class AfterRowsTest {

  private static final int UNITS = 6_000;

  @Test
  void whatEndsWithTheRollout_isNotSeenAfterIt() {
    List<ImpactEstimate> rows =
        rows(LifeWorld.ended(UNITS, 1, Kind.ROLLED_BACK, day -> day < LifeWorld.END_DAY ? 0.6 : 1));
    for (String metric : List.of("revenue", "purchases", "d7")) {
      ImpactEstimate after = together(rows, metric, Aspect.AFTER);
      assertThat(after.effectSizeLower()).isNegative();
      assertThat(after.effectSizeUpper()).isPositive();
      assertThat(together(rows, metric, Aspect.LATE).effectSizeUpper()).isNegative();
    }
  }

  @Test
  void whatStays_isSeenAtItsSize() {
    List<ImpactEstimate> rows =
        rows(
            LifeWorld.ended(
                UNITS, 2, Kind.ROLLED_BACK, day -> day < LifeWorld.END_DAY ? 0.6 : 0.8));
    ImpactEstimate after = together(rows, "revenue", Aspect.AFTER);
    assertThat(after.effectSize()).isCloseTo(-0.2 * LifeWorld.PER_DAY, within(0.12));
    assertThat(after.control()).isCloseTo(LifeWorld.PER_DAY, within(0.12));
    assertThat(after.effectSizeUpper()).isNegative();
    assertThat(after.ageDays()).isEqualTo(LifeWorld.DAYS - LifeWorld.END_DAY);
    assertThat(after.censoring()).isEqualTo(Censoring.ROLLED_BACK);
    assertThat(after.unitsControl()).isEqualTo(UNITS);
    ImpactEstimate active = together(rows, "d7", Aspect.AFTER);
    assertThat(active.control()).isCloseTo(LifeWorld.BUYS, within(0.01));
    assertThat(active.effectSize()).isCloseTo(-0.2 * LifeWorld.BUYS, within(0.01));
  }

  @Test
  void completed_leavesNoControlAndNoNumber() {
    List<ImpactEstimate> rows = rows(LifeWorld.ended(50, 3, Kind.COMPLETED, day -> 1));
    assertThat(rows)
        .filteredOn(r -> r.aspect() == Aspect.AFTER)
        .hasSize(3)
        .allMatch(r -> r.effectSize() == null && r.control() == null)
        .allMatch(
            r ->
                r.reason()
                    .equals(
                        "no control is left: everyone has the change since the rollout was"
                            + " completed"));
  }

  @Test
  void whileItRuns_nothingIsSaidOfTheTimeAfter() {
    assertThat(rows(LifeWorld.book(50, 4, day -> 1))).noneMatch(r -> r.aspect() == Aspect.AFTER);
  }

  private static ImpactEstimate together(List<ImpactEstimate> rows, String metric, Aspect aspect) {
    return rows.stream()
        .filter(r -> r.metric().equals(metric) && r.aspect() == aspect)
        .filter(r -> r.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .findFirst()
        .orElseThrow();
  }

  private static List<ImpactEstimate> rows(SliceBook book) {
    return ImpactTables.of(book).effects();
  }
}
