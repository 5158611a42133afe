package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.EndingWorld.Served;
import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Maturity;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec.Holdout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Shipped against held out, since a launch on day 8. */
class HoldoutRowsTest {

  private static final int LAUNCH = 8;
  private static final int DAYS = 24;

  @Test
  void launched_comparesThoseFirstSeenSince_untilTheDataEnd() {
    EndingWorld world = world(1, new Holdout(10, null), at(20, Kind.COMPLETED, ""));
    world.add(500, day -> 1, new Served(0, "off"), new Served(9, "on"));
    world.add(500, day -> 4, new Served(0, "on"), new Served(9, "on"));
    world.add(1_000, day -> 1, new Served(LAUNCH, "off"));
    world.add(9_000, day -> 1.2, new Served(LAUNCH, "on"));
    List<ImpactEstimate> rows = world.rows(1, Aspect.HOLDOUT);
    assertThat(rows)
        .extracting(ImpactEstimate::metric)
        .containsExactly("revenue", "purchases", "d7");
    ImpactEstimate revenue = rows.get(0);
    assertThat(revenue.stage()).isEqualTo("full");
    assertThat(revenue.ageDays()).isEqualTo(DAYS - LAUNCH);
    assertThat(revenue.maturity()).isEqualTo(Maturity.PROVISIONAL);
    assertThat(revenue.censoring()).isEqualTo(Censoring.DATA_END);
    assertThat(revenue.unitsControl()).isEqualTo(1_000);
    assertThat(revenue.unitsTreatment()).isEqualTo(9_000);
    double truth = 0.2 * EndingWorld.PER_DAY * (DAYS - LAUNCH);
    assertThat(revenue.effectSize()).isCloseTo(truth, within(4.0));
    assertThat(revenue.effectSizeLower()).isPositive();
    assertThat(revenue.method()).isEqualTo("welch_floored");
  }

  @Test
  void ended_isMature_andGoesNoFurther() {
    EndingWorld world = world(2, new Holdout(10, Instant.ofEpochMilli(18 * DAY)));
    List<List<Integer>> heldOut = world.add(200, day -> 1, new Served(LAUNCH, "off"));
    world.add(600, day -> 1, new Served(LAUNCH, "on"));
    ImpactEstimate revenue = world.rows(1, Aspect.HOLDOUT).get(0);
    assertThat(revenue.maturity()).isEqualTo(Maturity.MATURE);
    assertThat(revenue.censoring()).isEqualTo(Censoring.HOLDOUT_END);
    assertThat(revenue.ageDays()).isEqualTo(10);
    long bought = heldOut.stream().flatMap(List::stream).filter(day -> day < 18).count();
    assertThat(revenue.control()).isCloseTo(EndingWorld.PRICE * bought / 200.0, within(1e-9));
  }

  @Test
  void fewHeldOut_cannotSay_andWithoutAHoldoutThereIsNoRow() {
    EndingWorld few = world(3, new Holdout(1, null));
    few.add(99, day -> 1, new Served(LAUNCH, "off"));
    few.add(5_000, day -> 1, new Served(LAUNCH, "on"));
    assertThat(few.rows(1, Aspect.HOLDOUT))
        .hasSize(3)
        .allMatch(row -> row.effectSize() == null)
        .allMatch(
            row ->
                row.reason()
                    .equals("99 units held out that took part since the launch; 100 are needed"));
    EndingWorld none = world(4, null);
    none.add(200, day -> 1, new Served(0, "off"));
    none.add(200, day -> 1, new Served(0, "on"));
    assertThat(none.rows(1, Aspect.HOLDOUT)).isEmpty();
  }

  /** One unit in 45 buys: of 100 held out often none does, and their own variance is 0. */
  @Test
  void rareValues_leaveTheRangeNoOftenerThanItSays() {
    int worlds = Boolean.getBoolean("tidegate.full") ? 150 : 75;
    int left = 0;
    int plain = 0;
    for (int seed = 0; seed < worlds; seed++) {
      EndingWorld world = world(100 + seed, new Holdout(5, null));
      world.add(100, day -> 0.007, new Served(LAUNCH, "off"));
      world.add(1_900, day -> 0.007, new Served(LAUNCH, "on"));
      left += excludesZero(world.rows(1, Aspect.HOLDOUT, "revenue").get(0)) ? 1 : 0;
      plain +=
          world.rows(1, Aspect.OBSERVED, "revenue").stream()
                  .filter(row -> row.stage().equals("full") && row.isToDate())
                  .anyMatch(HoldoutRowsTest::excludesZero)
              ? 1
              : 0;
    }
    assertThat(left).isLessThanOrEqualTo((int) (0.08 * worlds));
    assertThat(plain).isGreaterThan((int) (0.08 * worlds));
  }

  private static boolean excludesZero(ImpactEstimate row) {
    Double lower = row.effectSizeLower();
    Double upper = row.effectSizeUpper();
    return lower != null && upper != null && (lower > 0 || upper < 0);
  }

  private static EndingWorld world(long seed, @Nullable Holdout holdout, RolloutEvent... more) {
    List<RolloutEvent> events =
        new ArrayList<>(
            List.of(at(0, Kind.STAGE_ENTERED, "half"), at(LAUNCH, Kind.STAGE_ENTERED, "full")));
    events.addAll(List.of(more));
    return new EndingWorld(
        seed,
        Assignment.MATCHED,
        holdout,
        null,
        DAYS,
        List.of(stage("half", 50), stage("full", 100)),
        events.toArray(RolloutEvent[]::new));
  }
}
