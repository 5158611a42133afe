package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.EffectPattern;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Effects that change with age, planted into units' lives, are named as what they are. */
class DurabilityTest {

  private static final int DAYS = 25;
  private static final int UNITS = 6_000;
  private static final double BUYS = 0.2;

  /** Factor of the treatment on the chance to buy on a day of life. */
  private interface Plant {
    double factor(int day);
  }

  @Test
  void fadingInTenDays_isNovelty() {
    List<ImpactEstimate> rows = run(1, day -> 1 + 0.5 * Math.max(0, 1 - day / 10.0));
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.NOVELTY);
    assertThat(pattern(rows, "d7")).isEqualTo(EffectPattern.NOVELTY);
  }

  @Test
  void harmFromTheSecondWeekOn_isDelayed() {
    List<ImpactEstimate> rows = run(2, day -> day < 12 ? 1 : 0.8);
    assertThat(pattern(rows, "d7")).isEqualTo(EffectPattern.DELAYED);
    assertThat(row(rows, "d7", Aspect.LATE).effectSizeUpper()).isNegative();
  }

  @Test
  void revenuePulledForward_isNamedSo() {
    List<ImpactEstimate> rows = run(3, day -> day < 8 ? 1.25 : day < 16 ? 1 : 0.75);
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.PULLED_FORWARD);
  }

  @Test
  void growing_isLearning() {
    List<ImpactEstimate> rows = run(4, day -> 1.15 + 0.02 * day);
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.LEARNING);
  }

  @Test
  void theSameEveryDay_isSteady() {
    assertThat(pattern(run(5, day -> 1.2), "revenue")).isEqualTo(EffectPattern.STEADY);
  }

  @Test
  void nothing_isUnseen() {
    List<ImpactEstimate> rows = run(8, day -> 1);
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.UNSEEN);
    assertThat(row(rows, "revenue", Aspect.CHANGE).ageDays()).isEqualTo(24);
  }

  @Test
  void repeatPurchases_areProjectedWithARange() {
    View view = new View(book(7, day -> 1.3));
    List<ImpactEstimate> rows = new ProjectionRows(view, new EffectRows(view)).rows();
    ImpactEstimate ahead = row(rows, "revenue", Aspect.PROJECTED);
    assertThat(ahead.method()).isEqualTo(ProjectionRows.MODEL);
    assertThat(ahead.ageDays()).isEqualTo(28);
    assertThat(ahead.reason()).isEmpty();
    double expected = 28 * BUYS * 20;
    assertThat(ahead.control()).isBetween(0.9 * expected, 1.1 * expected);
    assertThat(ahead.effectSizeLower()).isPositive().isLessThan(ahead.effectSize());
    assertThat(ahead.effectSizeUpper()).isGreaterThan(0.3 * expected);
  }

  private static EffectPattern pattern(List<ImpactEstimate> rows, String metric) {
    return EffectPattern.of(
        row(rows, metric, Aspect.EARLY),
        row(rows, metric, Aspect.LATE),
        row(rows, metric, Aspect.CHANGE));
  }

  private static ImpactEstimate row(List<ImpactEstimate> rows, String metric, Aspect aspect) {
    return rows.stream()
        .filter(r -> r.metric().equals(metric) && r.aspect() == aspect)
        .filter(r -> r.epoch() == ImpactEstimate.TO_DATE_EPOCH)
        .findFirst()
        .orElseThrow();
  }

  private static List<ImpactEstimate> run(long seed, Plant plant) {
    View view = new View(book(seed, plant));
    return new DurabilityRows(view, new EffectRows(view)).rows();
  }

  private static SliceBook book(long seed, Plant plant) {
    RolloutSpec spec =
        Rollouts.spec(
            Assignment.MATCHED,
            List.of(stage("half", 50), stage("full", 100)),
            null,
            List.of(),
            List.of(Rollouts.revenue(null), Rollouts.retention(7)),
            0);
    Timeline timeline = Rollouts.timeline(spec, at(0, Kind.STAGE_ENTERED, "half"));
    RolloutContext context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(Rollouts.ID, timeline.attempts().get(0), DAYS * DAY);
    SliceBook book = new SliceBook(plan);
    UnitFollower follower = new UnitFollower(plan, book);
    SplittableRandom random = new SplittableRandom(seed);
    for (int unit = 0; unit < 2 * UNITS; unit++) {
      UnitHistory history = UnitHistory.of(life(unit, plant, random), 6);
      follower.follow(history.entries(context), history.points());
    }
    return book;
  }

  private static List<Point> life(int unit, Plant plant, SplittableRandom random) {
    boolean treated = unit % 2 == 1;
    List<Point> points = new ArrayList<>();
    points.add(Rollouts.exposure(1, treated ? "on" : "off"));
    double keen = random.nextBoolean() ? 0.5 : 1.5;
    for (int day = 0; day < DAYS; day++) {
      if (random.nextDouble() < BUYS * keen * (treated ? plant.factor(day) : 1)) {
        long micros = (10 + random.nextInt(21)) * 1_000_000L;
        points.add(outcome(unit * 1_000L + day, 2 + day * DAY, "purchase", micros));
      }
    }
    points.forEach(point -> point.unitKey = unit * 0x9e3779b97f4a7c15L);
    return points;
  }
}
