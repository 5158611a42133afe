package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.EffectPattern;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Effects that change with age, planted into units' lives, are named as what they are. */
class DurabilityTest {

  private static final int UNITS = 6_000;

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

  /** Heavy spenders reach the cap in their last third, sooner if treated. */
  @Test
  void capReached_looksLikeNoChange() {
    View view = new View(LifeWorld.book(UNITS, 6, 100L, day -> 1.25));
    List<ImpactEstimate> rows = new DurabilityRows(view, new EffectRows(view)).rows();
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.STEADY);
    assertThat(pattern(rows, "purchases")).isEqualTo(EffectPattern.STEADY);
  }

  @Test
  void nothing_isUnseen() {
    List<ImpactEstimate> rows = run(8, day -> 1);
    assertThat(pattern(rows, "revenue")).isEqualTo(EffectPattern.UNSEEN);
    assertThat(row(rows, "revenue", Aspect.CHANGE).ageDays()).isEqualTo(24);
  }

  @Test
  void repeatPurchases_areProjectedWithARange() {
    View view = new View(LifeWorld.book(UNITS, 7, day -> 1.3));
    List<ImpactEstimate> rows = new ProjectionRows(view, new EffectRows(view)).rows();
    ImpactEstimate ahead = row(rows, "revenue", Aspect.PROJECTED);
    assertThat(ahead.method()).isEqualTo(ProjectionRows.MODEL);
    assertThat(ahead.ageDays()).isEqualTo(28);
    assertThat(ahead.reason()).isEmpty();
    double expected = 28 * LifeWorld.PER_DAY;
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

  private static List<ImpactEstimate> run(long seed, LifeWorld.Plant plant) {
    View view = new View(LifeWorld.book(UNITS, seed, plant));
    return new DurabilityRows(view, new EffectRows(view)).rows();
  }
}
