package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.EndingWorld.Served;
import io.tidegate.model.Assignment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec.Holdout;
import io.tidegate.model.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is left of an effect, and the effect by week, of rollouts that are tried twice, that give
 * the change to ever more of control, whose metrics are capped, and that end after everyone had it.
 */
class AfterAttemptsTest {

  private static final int UNITS = 4_000;
  private static final List<Stage> RAMP =
      List.of(stage("quarter", 25), stage("half", 50), stage("full", 100));

  /** Weeks begin on days −3, 4, 11, 18 and 25. */
  @Test
  void anAttempt_isFollowedToTheNextOne_andTheNextOneHasUnitsOfItsOwn() {
    EndingWorld world =
        new EndingWorld(
            1,
            Assignment.MATCHED,
            null,
            null,
            30,
            RAMP,
            at(0, Kind.STAGE_ENTERED, "half"),
            at(8, Kind.ROLLED_BACK, ""),
            at(16, Kind.STAGE_ENTERED, "half"),
            at(22, Kind.ROLLED_BACK, ""));
    assertThat(world.attempts()).isEqualTo(2);
    world.add(UNITS, day -> 1, new Served(0, "off"), new Served(16, "off"));
    // Halved while it runs, a fifth less after it, and much more once it is served again.
    world.add(
        UNITS,
        day -> day < 8 ? 0.5 : day < 16 ? 0.8 : 3,
        new Served(0, "on"),
        new Served(16, "on"));
    List<List<Integer>> control = world.add(UNITS / 2, day -> 1, new Served(16, "off"));
    List<List<Integer>> treated =
        world.add(UNITS / 2, day -> day < 22 ? 1.5 : 1, new Served(16, "on"));
    ImpactEstimate first = together(world.rows(1, Aspect.AFTER, "revenue"));
    assertThat(first.ageDays()).isEqualTo(8);
    assertThat(first.unitsTreatment()).isEqualTo(UNITS);
    assertThat(first.control()).isCloseTo(EndingWorld.PER_DAY, within(0.15));
    assertThat(first.effectSize()).isCloseTo(-0.2 * EndingWorld.PER_DAY, within(0.15));
    ImpactEstimate second = together(world.rows(2, Aspect.AFTER, "revenue"));
    assertThat(second.ageDays()).isEqualTo(8);
    assertThat(second.unitsControl()).isEqualTo(UNITS / 2);
    assertThat(second.unitsTreatment()).isEqualTo(UNITS / 2);
    assertThat(second.effectSizeLower()).isNegative();
    assertThat(second.effectSizeUpper()).isPositive();
    List<ImpactEstimate> weeks = together(1, world, Aspect.CALENDAR);
    assertThat(weeks).extracting(ImpactEstimate::ageDays).containsExactly(-3, 4);
    assertThat(weeks)
        .allSatisfy(
            week ->
                assertThat(week.effectSize()).isCloseTo(-0.5 * EndingWorld.PER_DAY, within(0.15)));
    List<ImpactEstimate> again = together(2, world, Aspect.CALENDAR);
    assertThat(again).extracting(ImpactEstimate::ageDays).containsExactly(11, 18);
    assertThat(again)
        .allSatisfy(
            week -> {
              int from = Math.max(16, week.ageDays());
              int to = Math.min(22, week.ageDays() + 7);
              assertThat(week.unitsTreatment()).isEqualTo(UNITS / 2);
              assertThat(week.control())
                  .isCloseTo(EndingWorld.PRICE * bought(control, from, to, 99), within(1e-5));
              assertThat(week.treatment())
                  .isCloseTo(EndingWorld.PRICE * bought(treated, from, to, 99), within(1e-5));
            });
  }

  @Test
  void ramped_comparesTheUnitsOfTheLastStage_inTheirStrata() {
    EndingWorld world =
        new EndingWorld(
            2,
            Assignment.RAMPED,
            null,
            null,
            24,
            RAMP,
            at(0, Kind.STAGE_ENTERED, "quarter"),
            at(7, Kind.STAGE_ENTERED, "half"),
            at(14, Kind.ROLLED_BACK, ""));
    // Those seen in the first stage buy half as much again as those first seen in the second.
    world.add(UNITS, day -> 9, new Served(0, "on"), new Served(8, "on"));
    world.add(2 * UNITS, day -> 1.5, new Served(0, "off"), new Served(8, "off"));
    world.add(UNITS, day -> 1.5 * harm(day, 8, 14), new Served(0, "off"), new Served(8, "on"));
    world.add(UNITS, day -> 1, new Served(8, "off"));
    world.add(UNITS, day -> harm(day, 8, 14), new Served(8, "on"));
    List<ImpactEstimate> after = world.rows(1, Aspect.AFTER, "revenue");
    assertThat(after).hasSize(1);
    ImpactEstimate row = after.get(0);
    assertThat(row.stage()).isEqualTo("half");
    assertThat(row.unitsControl()).isEqualTo(3L * UNITS);
    assertThat(row.unitsTreatment()).isEqualTo(2L * UNITS);
    // Strata weigh 2/3 to 1/2 by their units, and each loses a fifth of what it brings.
    double expected = (1.5 * 2 / 3 + 1.0 / 2) / (2.0 / 3 + 1.0 / 2) * -0.2 * EndingWorld.PER_DAY;
    assertThat(row.effectSize()).isCloseTo(expected, within(0.12));
    List<ImpactEstimate> weeks = world.rows(1, Aspect.CALENDAR, "revenue");
    assertThat(weeks)
        .filteredOn(week -> week.stage().equals("half"))
        .extracting(ImpactEstimate::ageDays)
        .containsExactly(4, 11);
    assertThat(weeks)
        .filteredOn(week -> week.stage().equals("half"))
        .allSatisfy(week -> assertThat(week.effectSize()).isCloseTo(2.5 * expected, within(0.25)));
  }

  /** Half while the unit has the change, a fifth less after it. */
  private static double harm(int day, int from, int to) {
    return day < from ? 1 : day < to ? 0.5 : 0.8;
  }

  @Test
  void caps_holdForTheTimeAfterTheEnd_andForEachWeek() {
    EndingWorld world =
        new EndingWorld(
            3,
            Assignment.MATCHED,
            null,
            40L,
            25,
            RAMP,
            at(0, Kind.STAGE_ENTERED, "half"),
            at(11, Kind.ROLLED_BACK, ""));
    List<List<Integer>> control = world.add(300, day -> 1, new Served(0, "off"));
    List<List<Integer>> treated = world.add(300, day -> 1.4, new Served(0, "on"));
    for (String metric : List.of("revenue", "purchases")) {
      int each = metric.equals("revenue") ? EndingWorld.PRICE : 1;
      ImpactEstimate after = together(world.rows(1, Aspect.AFTER, metric));
      assertThat(after.control()).isCloseTo(each * capped(control, 11, 25), within(1e-9));
      assertThat(after.treatment()).isCloseTo(each * capped(treated, 11, 25), within(1e-9));
      ImpactEstimate week = world.rows(1, Aspect.CALENDAR, metric).get(1);
      assertThat(week.ageDays()).isEqualTo(4);
      assertThat(week.control()).isCloseTo(each * capped(control, 4, 11), within(1e-9));
      assertThat(week.treatment()).isCloseTo(each * capped(treated, 4, 11), within(1e-9));
    }
    assertThat(capped(treated, 11, 25)).isLessThan(0.9 * 1.4 * EndingWorld.BUYS);
  }

  private static double capped(List<List<Integer>> units, int from, int to) {
    return bought(units, from, to, 2);
  }

  /** Purchases a unit and day, at most so many of each unit. */
  private static double bought(List<List<Integer>> units, int from, int to, int most) {
    long all = 0;
    for (List<Integer> days : units) {
      all += Math.min(most, days.stream().filter(day -> day >= from && day < to).count());
    }
    return (double) all / units.size() / (to - from);
  }

  @Test
  void rolledBackOnceEveryoneHadIt_leavesNoControl() {
    EndingWorld world = launched(null, 4);
    world.add(200, day -> 1, new Served(0, "off"), new Served(9, "on"));
    world.add(200, day -> 1, new Served(0, "on"), new Served(9, "on"));
    assertThat(world.rows(1, Aspect.AFTER))
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.epoch()).isEqualTo(ImpactEstimate.TO_DATE_EPOCH);
              assertThat(row.effectSize()).isNull();
              assertThat(row.reason())
                  .isEqualTo(
                      "no control is left: it had been given the change before the rollback");
            });
    assertThat(world.rows(1, Aspect.CALENDAR, "revenue"))
        .filteredOn(week -> week.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .extracting(ImpactEstimate::ageDays)
        .containsExactly(-3, 4);
  }

  @Test
  void rolledBackWithAHoldout_comparesThoseFirstSeenSinceTheLaunch() {
    EndingWorld world = launched(new Holdout(10, null), 5);
    world.add(UNITS, day -> 1, new Served(0, "off"), new Served(9, "on"));
    world.add(UNITS, day -> 5, new Served(0, "on"), new Served(9, "on"));
    world.add(UNITS, day -> 1, new Served(9, "off"));
    world.add(3 * UNITS, day -> day < 14 ? 0.5 : 0.8, new Served(9, "on"));
    List<ImpactEstimate> rows = world.rows(1, Aspect.AFTER, "revenue");
    assertThat(rows).extracting(ImpactEstimate::stage).containsExactly("full", "(all)");
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.unitsControl()).isEqualTo(UNITS);
              assertThat(row.unitsTreatment()).isEqualTo(3L * UNITS);
              assertThat(row.effectSize()).isCloseTo(-0.2 * EndingWorld.PER_DAY, within(0.12));
            });
  }

  private static EndingWorld launched(Holdout holdout, long seed) {
    return new EndingWorld(
        seed,
        Assignment.MATCHED,
        holdout,
        null,
        24,
        RAMP,
        at(0, Kind.STAGE_ENTERED, "half"),
        at(8, Kind.STAGE_ENTERED, "full"),
        at(14, Kind.ROLLED_BACK, ""));
  }

  private static List<ImpactEstimate> together(int attempt, EndingWorld world, Aspect aspect) {
    return world.rows(attempt, aspect, "revenue").stream()
        .filter(row -> row.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .toList();
  }

  private static ImpactEstimate together(List<ImpactEstimate> rows) {
    return rows.stream()
        .filter(row -> row.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .findFirst()
        .orElseThrow();
  }
}
