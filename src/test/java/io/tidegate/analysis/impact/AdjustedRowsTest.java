package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Stage;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Effects adjusted by what units did before the rollout. */
class AdjustedRowsTest {

  private static final double EFFECT = 2;

  /** What units of one world come to. */
  private static final class World {
    private final RolloutContext context;
    private final SliceBook book;
    private final UnitFollower follower;

    World() {
      this(
          Assignment.MATCHED,
          List.of(stage("half", 50), stage("full", 100)),
          at(0, Kind.STAGE_ENTERED, "half"));
    }

    World(Assignment assignment, List<Stage> stages, RolloutEvent... entered) {
      Timeline timeline =
          Rollouts.timeline(
              Rollouts.spec(
                  assignment, stages, null, List.of(), List.of(Rollouts.revenue(null)), 0),
              entered);
      context = new RolloutContext(0, timeline);
      book = new SliceBook(ImpactPlan.of(timeline, timeline.attempts().get(0), 20 * DAY));
      follower = new UnitFollower(book.plan(), book);
    }

    void add(long unit, boolean treated, double spent, @Nullable Double before) {
      add(
          unit,
          List.of(
              Rollouts.exposure(DAY, treated ? "on" : "off"),
              outcome(1, 2 * DAY, "purchase", Math.round(spent * 1e6))),
          before);
    }

    void add(long unit, List<Point> points, @Nullable Double before) {
      points.forEach(point -> point.unitKey = unit);
      UnitHistory history = UnitHistory.of(points, 6);
      follower.follow(
          history.entries(context),
          history.points(),
          before == null
              ? List.of()
              : List.of(
                  Points.covariate(
                      "u" + unit,
                      Points.covariateName(Rollouts.ID, "revenue"),
                      0,
                      Math.round(before * 1e6))));
    }

    ImpactEstimate row(Aspect aspect) {
      SliceBook merged = new SliceBook(book.plan());
      merged.mergeBytes(book.toBytes());
      return ImpactTables.of(merged).effects().stream()
          .filter(e -> e.aspect() == aspect && e.epoch() == ImpactEstimate.TO_DATE_EPOCH)
          .filter(e -> e.ageDays() == ImpactEstimate.TO_DATE_AGE)
          .findFirst()
          .orElseThrow();
    }

    double saved() {
      return 1 - Math.pow(width(row(Aspect.ADJUSTED)) / width(row(Aspect.OBSERVED)), 2);
    }
  }

  private static double width(ImpactEstimate row) {
    return Objects.requireNonNull(row.effectSizeUpper())
        - Objects.requireNonNull(row.effectSizeLower());
  }

  @Test
  void adjusted_isUnbiasedAndHoldsTheTruth() {
    int worlds = Boolean.getBoolean("tidegate.full") ? 1_000 : 40;
    int held = 0;
    double sum = 0;
    for (int seed = 0; seed < worlds; seed++) {
      ImpactEstimate row = planted(seed, 0.3).row(Aspect.ADJUSTED);
      sum += Objects.requireNonNull(row.effectSize());
      held +=
          Objects.requireNonNull(row.effectSizeLower()) <= EFFECT
                  && EFFECT <= Objects.requireNonNull(row.effectSizeUpper())
              ? 1
              : 0;
    }
    assertThat(sum / worlds).isCloseTo(EFFECT, within(5 / Math.sqrt(worlds)));
    assertThat((double) held / worlds).isBetween(0.85, 1.0);
  }

  /** A correlation of 0.8 saves 0.64 of the variance, of 0.8 in 70 % of the units 0.45. */
  @Test
  void adjusted_savesWhatThePastExplains() {
    assertThat(planted(1, 0).saved()).isCloseTo(0.64, within(0.05));
    assertThat(planted(1, 0.3).saved()).isCloseTo(0.45, within(0.06));
  }

  /** A unit of a ramp: variant, spending and in which stage, covariate or NaN. */
  private record Ramped(boolean[] treated, double[] spent, double before) {}

  /**
   * Every unit comes in both stages of 10 and 50 %; those treated in the first take no part in the
   * second.
   */
  private static List<Ramped> ramp(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Ramped> units = new ArrayList<>();
    for (int unit = 0; unit < 6_000; unit++) {
      double before = 100 + 10 * random.nextGaussian();
      boolean first = random.nextInt(10) == 0;
      boolean second = first || random.nextInt(9) < 4;
      double level = 100 + 0.8 * (before - 100) + 3 * random.nextGaussian();
      double[] spent = {
        level + 3 * random.nextGaussian() + (first ? EFFECT : 0),
        level + 3 * random.nextGaussian() + (second ? EFFECT : 0)
      };
      boolean known = random.nextDouble() >= 0.3;
      units.add(new Ramped(new boolean[] {first, second}, spent, known ? before : Double.NaN));
    }
    return units;
  }

  private static World ramped(List<Ramped> units) {
    World world =
        new World(
            Assignment.RAMPED,
            List.of(stage("early", 10), stage("half", 50)),
            at(0, Kind.STAGE_ENTERED, "early"),
            at(5, Kind.STAGE_ENTERED, "half"));
    for (int u = 0; u < units.size(); u++) {
      Ramped unit = units.get(u);
      List<Point> points =
          List.of(
              Rollouts.exposure(2 * DAY, unit.treated[0] ? "on" : "off"),
              outcome(1, 3 * DAY, "purchase", Math.round(unit.spent[0] * 1e6)),
              Rollouts.exposure(6 * DAY, unit.treated[1] ? "on" : "off"),
              outcome(2, 7 * DAY, "purchase", Math.round(unit.spent[1] * 1e6)));
      world.add(u, points, Double.isNaN(unit.before) ? null : unit.before);
    }
    return world;
  }

  @Test
  void ramped_isUnbiasedAndHoldsTheTruth() {
    int worlds = Boolean.getBoolean("tidegate.full") ? 1_000 : 12;
    int held = 0;
    double sum = 0;
    for (int seed = 0; seed < worlds; seed++) {
      ImpactEstimate row = ramped(ramp(seed)).row(Aspect.ADJUSTED);
      sum += said(row.effectSize());
      held +=
          said(row.effectSizeLower()) <= EFFECT && EFFECT <= said(row.effectSizeUpper()) ? 1 : 0;
    }
    assertThat(sum / worlds).isCloseTo(EFFECT, within(1.5 / Math.sqrt(worlds)));
    assertThat((double) held / worlds).isBetween(0.75, 1.0);
  }

  /** Recomputed unit by unit: scores adjusted by θ, added within each unit over its stages. */
  @Test
  void ramped_varianceIsClusteredByUnit() {
    List<Ramped> units = ramp(77);
    double[] centreSum = new double[2];
    for (Ramped unit : units) {
      for (int k = 0; k < 2; k++) {
        if (in(unit, k) && !Double.isNaN(unit.before)) {
          centreSum[0] += unit.before;
          centreSum[1]++;
        }
      }
    }
    double centre = centreSum[0] / centreSum[1];
    double[][] n = new double[2][2];
    double[][] meanX = new double[2][2];
    double[][] meanY = new double[2][2];
    each(units, centre, (u, k, v, y, x) -> n[k][v]++);
    each(units, centre, (u, k, v, y, x) -> meanX[k][v] += x / n[k][v]);
    each(units, centre, (u, k, v, y, x) -> meanY[k][v] += y / n[k][v]);
    double[] slope = new double[2];
    each(
        units,
        centre,
        (u, k, v, y, x) -> {
          slope[0] += (x - meanX[k][v]) * (y - meanY[k][v]);
          slope[1] += (x - meanX[k][v]) * (x - meanX[k][v]);
        });
    double theta = slope[0] / slope[1];
    double[] weight = new double[2];
    double effect = 0;
    for (int k = 0; k < 2; k++) {
      weight[k] = n[k][0] * n[k][1] / (n[k][0] + n[k][1]);
      effect += weight[k] * (meanY[k][1] - theta * meanX[k][1] - meanY[k][0] + theta * meanX[k][0]);
    }
    double all = weight[0] + weight[1];
    double[][] scores = new double[units.size()][2];
    double[] within = new double[1];
    each(
        units,
        centre,
        (u, k, v, y, x) -> {
          double score = y - theta * x - (meanY[k][v] - theta * meanX[k][v]);
          scores[u][k] = weight[k] * (v == 1 ? 1 : -1) * score / n[k][v];
          within[0] += scores[u][k] * scores[u][k] * n[k][v] / (n[k][v] - 1);
        });
    double across = 0;
    for (double[] score : scores) {
      across += 2 * score[0] * score[1];
    }
    ImpactEstimate row = ramped(units).row(Aspect.ADJUSTED);
    assertThat(said(row.effectSize())).isCloseTo(effect / all, within(1e-6));
    double half = (said(row.effectSizeUpper()) - said(row.effectSizeLower())) / 2;
    double se = Math.sqrt(within[0] + across) / all;
    assertThat(half).isCloseTo(1.959963984540054 * se, within(1e-6));
    assertThat(Math.abs(across)).isGreaterThan(0.001 * within[0]);
    assertThat(ramped(units).saved()).isGreaterThan(0.2);
  }

  private interface Each {
    void of(int unit, int stage, int variant, double y, double x);
  }

  private static void each(List<Ramped> units, double centre, Each each) {
    for (int u = 0; u < units.size(); u++) {
      for (int k = 0; k < 2; k++) {
        Ramped unit = units.get(u);
        if (in(unit, k)) {
          double x = Double.isNaN(unit.before) ? centre : unit.before;
          each.of(u, k, unit.treated[k] ? 1 : 0, unit.spent[k], x);
        }
      }
    }
  }

  private static boolean in(Ramped unit, int stage) {
    return stage == 0 || !unit.treated[0];
  }

  private static double said(@Nullable Double number) {
    return Objects.requireNonNull(number);
  }

  @Test
  void fewCovariates_areNotUsed() {
    World world = planted(2, 0.9);
    assertThat(ImpactTables.of(world.book).effects())
        .isNotEmpty()
        .noneMatch(row -> row.aspect() == Aspect.ADJUSTED);
  }

  @Test
  void cdnow_pastSpendingExplainsPartOfLaterSpending() throws IOException {
    Map<Integer, double[]> customers = new HashMap<>();
    for (String line : Files.readAllLines(RealData.file("cdnow/CDNOW_sample.txt"))) {
      String[] f = line.trim().split("\\s+");
      boolean before = Integer.parseInt(f[2]) < 19_971_001;
      customers.computeIfAbsent(Integer.parseInt(f[1]), id -> new double[2])[before ? 0 : 1] +=
          Double.parseDouble(f[4]);
    }
    World world = new World();
    customers.forEach((id, spent) -> world.add(id, id % 2 == 0, spent[1], spent[0]));
    ImpactEstimate adjusted = world.row(Aspect.ADJUSTED);
    assertThat(adjusted.unitsControl() + adjusted.unitsTreatment()).isEqualTo(2_357);
    assertThat(adjusted.method()).isEqualTo(AdjustedRows.CUPED);
    assertThat(adjusted.effectSizeLower()).isNegative();
    assertThat(adjusted.effectSizeUpper()).isPositive();
    assertThat(world.saved()).isCloseTo(0.104, within(0.0005));
  }

  /** 400 units a variant; spending after and before has correlation 0.8 and a deviation of 10. */
  private static World planted(int seed, double missing) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    for (int unit = 0; unit < 800; unit++) {
      boolean treated = unit % 2 == 0;
      double before = 100 + 10 * random.nextGaussian();
      double spent = 100 + 0.8 * (before - 100) + 6 * random.nextGaussian();
      boolean known = random.nextDouble() >= missing;
      world.add(unit, treated, spent + (treated ? EFFECT : 0), known ? before : null);
    }
    return world;
  }
}
